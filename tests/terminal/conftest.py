"""Chats against a model that the test controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer

from brain.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """An Ollama whose replies the test writes."""
    with OllamaServer(models=["tiny"]) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The conversations of a program whose home is `tmp_path`."""
    opened = Store(f"sqlite:///{tmp_path / 'data' / 'persona.db'}")
    yield opened
    opened.close()
