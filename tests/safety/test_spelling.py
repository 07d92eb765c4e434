"""Plainer ways to read what was written with a twist."""

from __future__ import annotations

import pytest

from brain.safety.spelling import views


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("are you a b0t", "are you a bot"),
        ("are you reaaaal", "are you real"),
        ("4re you r34l", "are you real"),
        ("b o t", "bot"),
        ("аre yоu а bоt", "are you a bot"),
    ],
)
def test_a_twist_is_read_as_meant(written: str, meant: str) -> None:
    """One of the views shows it, with the way back to what stood there."""
    found = [view for view in views(written) if view.text == meant]

    assert found
    assert found[0].span(0, len(meant)) == (0, len(written))


@pytest.mark.parametrize("text", ["are you a bot", "i'm 15", "see you at 8!", "book 3 is better"])
def test_plain_text_has_one_view(text: str) -> None:
    """Numbers and closing signs are what they are."""
    assert [view.text for view in views(text)] == [text]
