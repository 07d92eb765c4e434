"""Every promise of the store is tested on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from store.server import PostgreSQL


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'data' / 'persona.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, file_url: str) -> str:
    """The address of an empty database, of either kind."""
    if request.param == "sqlite":
        return file_url
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.fresh()


@pytest.fixture
def opened() -> Iterator[Callable[[str], Store]]:
    """Opens stores, and closes them in the end."""
    stores: list[Store] = []

    def _open(url: str) -> Store:
        stores.append(Store(url))
        return stores[-1]

    yield _open
    for store in stores:
        store.close()


@pytest.fixture
def store(url: str, opened: Callable[[str], Store]) -> Store:
    """A new store, of either kind."""
    return opened(url)
