"""What the screen shows of a reply, whole or in parts."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from brain.terminal.render import Screen


def screen_of(width: int) -> tuple[Screen, io.StringIO]:
    file = io.StringIO()
    return Screen(Console(file=file, width=width, highlight=False)), file


@pytest.mark.parametrize(
    ("width", "lines"), [(80, ["Ada  hi there.", "     how are you?", "     fine?", "", ""]), (20, None)]
)
def test_a_reply_shown_in_parts_is_shown_once(width: int, lines: list[str] | None) -> None:
    """Its sentences on lines of their own, then the rest, under one name."""
    screen, file = screen_of(width)
    screen.sentence("Ada", "hi there. ", first=True)
    screen.sentence("Ada", "how are you? ", first=False)
    screen.reply("Ada", "hi there. how are you? fine?", shown="hi there. how are you? ")

    assert file.getvalue().split("\n") == (lines or ["Ada", "hi there.", "how are you?", "fine?", "", ""])


def test_a_reply_shown_to_its_end_leaves_nothing_to_show() -> None:
    """Only the line that sets it apart."""
    screen, file = screen_of(80)
    screen.reply("Ada", "hi there.", shown="hi there. ")

    assert file.getvalue() == "\n"


def test_a_whole_reply_stands_beside_the_name() -> None:
    """And keeps no escape code."""
    screen, file = screen_of(80)
    screen.reply("Ada", "hi \x1b[31mthere.\nhow are you?")

    assert file.getvalue() == "Ada  hi there.\n     how are you?\n\n"
