"""Chats against a model that the test controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """An Ollama whose replies the test writes."""
    with OllamaServer(models=["tiny"]) as running:
        yield running
