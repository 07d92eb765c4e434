"""What is read from the environment about the terminal."""

from __future__ import annotations

import pytest

from brain.terminal.abilities import accessible, dumb


@pytest.mark.parametrize(("value", "wanted"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_a_screen_reader_is_told_of_by_accessible(monkeypatch: pytest.MonkeyPatch, value: str, wanted: bool) -> None:
    """`ACCESSIBLE=0` turns it off."""
    monkeypatch.setenv("ACCESSIBLE", value)

    assert accessible() is wanted


@pytest.mark.parametrize(("value", "is_dumb"), [("dumb", True), ("", True), ("xterm-256color", False)])
def test_a_terminal_that_names_nothing_better_is_dumb(
    monkeypatch: pytest.MonkeyPatch, value: str, is_dumb: bool
) -> None:
    """As is one without a name."""
    monkeypatch.setenv("TERM", value)

    assert dumb() is is_dumb
