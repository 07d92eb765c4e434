"""What the screen shows of a reply, whole or in parts."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from terminal.emulator import Emulator

from brain.errors import DataError
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


@pytest.mark.parametrize(("length", "rows"), [(20, 1), (68, 1), (69, 2)])
def test_a_mark_stands_behind_the_reply_or_under_it(length: int, rows: int) -> None:
    """Where the window has room for it."""
    screen, file = screen_of(80)
    screen.reply("Ada", "x" * length, mark="‹2/3›")
    lines = file.getvalue().rstrip("\n").split("\n")

    assert len(lines) == rows
    assert lines[-1].split()[-1] == "‹2/3›"
    assert max(map(len, lines)) <= 80


def test_a_mark_is_shown_for_a_reply_that_was_shown_to_its_end() -> None:
    """On a line of its own."""
    screen, file = screen_of(80)
    screen.reply("Ada", "hi there.", shown="hi there. ", mark="stopped")

    assert file.getvalue() == "     stopped\n\n"


def test_what_comes_from_others_is_cleaned_everywhere() -> None:
    """Names, notes, errors and tables."""
    screen, file = screen_of(80)
    bad = "a\x1b[2Jb\x07"
    screen.reply(bad, bad, mark=bad)
    screen.said(bad)
    screen.note(bad)
    screen.error(DataError(bad, hint=bad))
    screen.table([(bad, f"[red]{bad}")])

    assert "\x1b" not in file.getvalue()
    assert "\x07" not in file.getvalue()
    assert file.getvalue().count("ab") == 9
    assert "[red]" in file.getvalue()


def test_a_note_wipes_the_mark_of_a_reply_that_is_being_written() -> None:
    """It stands on a line of its own."""
    emulator = Emulator()
    screen = Screen(Console(file=emulator, width=80, force_terminal=True, color_system="standard"))
    with screen.typing() as wipe:
        assert emulator.lines == ["…"]
        screen.note("Rate limited.")
        assert emulator.lines == ["Rate limited."]
        wipe()
    assert emulator.getvalue().count("\r \r") == 1


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_no_escape_code_where_none_is_wanted(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], coloured: bool
) -> None:
    """Not even bold or dim."""
    emulator = Emulator()
    for name, value in {"TERM": "xterm-256color", **variables}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", emulator)
    screen = Screen()
    screen.reply("Ada", "**hi**\n\n- a\n- b", mark="‹2/3›")
    screen.note("a note")
    screen.error(DataError("what", hint="next"))
    screen.table([("/help", "this list")])
    with screen.typing():
        pass

    assert ("\x1b" in emulator.getvalue()) is coloured
    assert ("**hi**" in emulator.getvalue()) is not coloured


def test_no_escape_code_when_piped(capsys: pytest.CaptureFixture[str]) -> None:
    """What another program reads is text."""
    screen = Screen()
    screen.reply("Ada", "**hi**", mark="‹2/3›")
    screen.note("a note")

    assert capsys.readouterr().out == "Ada  **hi**  ‹2/3›\n\na note\n"
