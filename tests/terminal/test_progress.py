"""How far a long piece of work is."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import click
import pytest

from brain.flags import QUIET
from brain.terminal.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """One that can move its cursor."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("ACCESSIBLE", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return Screen()


def shown(stream: io.StringIO, wanted: Callable[[str], bool]) -> str:
    """What is on the stream once it is as wanted."""
    end = time.monotonic() + 30
    while not wanted(stream.getvalue()) and time.monotonic() < end:
        time.sleep(0.01)
    return stream.getvalue()


def test_a_line_each_tenth_where_nothing_can_move() -> None:
    """Plain words, each on its own line."""
    stream = io.StringIO()

    with Progress("replies", stream=stream, after=0.0) as progress:
        progress.say("5 prompts")
        progress.begin(2_000)
        progress.tick(200)
        shown(stream, lambda text: "10 %" in text)
        for _ in range(1_800):
            progress.tick()

    lines = stream.getvalue().splitlines()
    assert lines[0] == "5 prompts"
    assert lines[1] == "10 %: 200 of 2,000 replies"
    assert len(lines) == 11
    assert lines[-1] == "100 %: 2,000 of 2,000 replies"


def test_work_that_stands_still_is_told_of_all_the_same() -> None:
    """A second after it began, how far it is: the next step may take an hour."""
    stream = io.StringIO()

    with Progress("replies", stream=stream, after=0.05) as progress:
        progress.begin(12)
        for _ in range(3):
            progress.tick()

        assert shown(stream, bool) == "20 %: 3 of 12 replies\n"


@pytest.mark.parametrize(("quiet", "said"), [(False, "done\n"), (True, "")])
def test_what_is_soon_over_shows_nothing(quiet: bool, said: str) -> None:
    """Words are said all the same, but not with --quiet."""
    stream = io.StringIO()

    with Progress("replies", stream=stream, quiet=quiet, after=60.0) as progress:
        progress.begin(2)
        progress.tick()
        progress.tick()
        progress.say("done")

    assert stream.getvalue() == said


def test_quiet_shows_nothing_however_long_it_takes() -> None:
    """As `persona --quiet` asks."""
    stream = io.StringIO()
    command = click.Command("work", callback=lambda: None)

    with click.Context(command) as context:
        context.meta[QUIET] = True
        with Progress("replies", stream=stream, after=0.0) as progress:
            progress.begin(1)
            time.sleep(0.05)
            progress.tick()

    assert stream.getvalue() == ""


def test_a_bar_in_a_terminal_that_goes_away(screen: Screen) -> None:
    """It tells how many, gives way to words, and leaves its line and the cursor as they were."""
    with Progress("replies", stream=screen, after=0.0) as progress:
        progress.begin(8)
        for _ in range(3):
            progress.tick()
        assert "3 of 8" in shown(screen, lambda text: "3 of 8" in text.replace("\x1b[0m", ""))
        progress.say("best so far: [k=3]")

    text = screen.getvalue()
    assert "replies" in text
    assert "best so far: [k=3]\n" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is back"
    assert text.rindex("\x1b[2K") > text.rindex("3 of 8"), "the bar is wiped"


@pytest.mark.parametrize(("name", "value"), [("ACCESSIBLE", "1"), ("TERM", "dumb")])
def test_nothing_moves_where_it_must_not(
    name: str, value: str, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines, as for a file."""
    monkeypatch.setenv(name, value)

    with Progress("drafts", stream=screen, after=0.0) as progress:
        progress.begin(4)
        progress.tick()
        shown(screen, bool)

    assert screen.getvalue() == "20 %: 1 of 4 drafts\n"


def test_one_after_another_begins_anew() -> None:
    """Stages of one piece of work, each with what it counts."""
    stream = io.StringIO()

    with Progress(stream=stream, after=0.0) as progress:
        for what in ("messages", "sentences"):
            progress.begin(2, what)
            progress.tick(2)
            shown(stream, lambda text, what=what: what in text)

    assert stream.getvalue() == "100 %: 2 of 2 messages\n100 %: 2 of 2 sentences\n"
