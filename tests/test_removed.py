"""Voices that were put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.errors import DataError, NotFoundError
from brain.removed import purge, remove, removed, removed_versions, restore

if TYPE_CHECKING:
    from pathlib import Path


def voice(voices: Path, label: str, content: str = "x") -> None:
    name, _, version = label.partition("@")
    (voices / name / version).mkdir(parents=True, exist_ok=True)
    (voices / name / version / "manifest.json").write_text(content)


def test_the_latest_of_a_name_comes_back(tmp_path: Path) -> None:
    """Those before it stay put away."""
    for content in ("first", "second"):
        voice(tmp_path, "ada@1", content)
        remove(tmp_path, "ada")

    assert [(one.label, one.turn) for one in removed(tmp_path)] == [("ada", 1), ("ada", 2)]
    restore(tmp_path, "ada")

    assert (tmp_path / "ada" / "1" / "manifest.json").read_text() == "second"
    assert [one.turn for one in removed(tmp_path)] == [1]


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    """Nor does a version come back to a voice that is away."""
    voice(tmp_path, "ada@1")
    remove(tmp_path, "ada@1")
    voice(tmp_path, "ada@1")
    with pytest.raises(DataError, match="already"):
        restore(tmp_path, "ada@1")

    remove(tmp_path, "ada")
    with pytest.raises(DataError, match="is removed itself"):
        restore(tmp_path, "ada@1")
    with pytest.raises(NotFoundError):
        restore(tmp_path, "bob")


def test_versions_that_are_away_keep_their_numbers(tmp_path: Path) -> None:
    """Of this voice alone."""
    for label in ("ada@3", "ada@12", "ad@4"):
        voice(tmp_path, label)
        remove(tmp_path, label)

    assert sorted(removed_versions(tmp_path, "ada")) == [3, 12]
    assert removed_versions(tmp_path, "nobody") == ()


def test_for_good_means_every_copy(tmp_path: Path) -> None:
    """Of a version its own, of a voice all its versions too; others stay."""
    for label in ("ada@1", "ada@2", "ada-lo@1"):
        voice(tmp_path, label)
    remove(tmp_path, "ada@1")
    remove(tmp_path, "ada-lo@1")

    purge(tmp_path, "ada@2")
    assert [entry.name for entry in (tmp_path / "ada").iterdir()] == []
    assert [one.label for one in removed(tmp_path)] == ["ada-lo@1", "ada@1"]

    purge(tmp_path, "ada")
    assert not (tmp_path / "ada").exists()
    assert [one.label for one in removed(tmp_path)] == ["ada-lo@1"]
