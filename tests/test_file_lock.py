"""Taking turns at a file: writers wait for everybody, readers for writers alone, and nobody for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.file_lock import locked

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_that_stays_taken_is_given_up(tmp_path: Path) -> None:
    """And is free again once it is let go."""
    with open(tmp_path / "file", "ab") as one, open(tmp_path / "file", "ab") as other:
        with (
            locked(one.fileno()),
            pytest.raises(TimeoutError, match="another process"),
            locked(other.fileno(), seconds=0.01),
        ):
            pytest.fail("it was taken")
        with locked(other.fileno(), seconds=0.01):
            assert other.writable()


def test_readers_share(tmp_path: Path) -> None:
    """A writer waits until the last of them is done."""
    with open(tmp_path / "file", "ab") as one, open(tmp_path / "file", "ab") as other:
        with locked(one.fileno(), shared=True), locked(other.fileno(), shared=True, seconds=0.01):
            assert other.writable()
        with (
            locked(one.fileno(), shared=True),
            pytest.raises(TimeoutError),
            locked(other.fileno(), seconds=0.01),
        ):
            pytest.fail("somebody was reading")
