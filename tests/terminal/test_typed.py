"""A reply that is typed out: the same on screen as one that is printed, and never kept back."""

from __future__ import annotations

import asyncio
import os
import time
import tty
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from terminal.emulator import Emulator

from brain.sanitise import display
from brain.terminal.render import Screen
from brain.terminal.typed import MOST_SECONDS, SHORTEST_WAIT, speed_for

if TYPE_CHECKING:
    from collections.abc import Callable

FAST = 3000.0
SLOW = 1.0
REPLIES = {
    "words": "oh that is lovely. i was thinking of you this morning, when biscuit found the old tennis ball! " * 4,
    "emoji": "so good 😂 the family 👩‍👩‍👧‍👦 came 🏳️‍🌈 and 👍🏽 from 🇩🇪 too ❤️ " * 5,
    "cjk": "你好世界，今天天气很好，我们去公园走走吧。" * 6,
    "combining": "cafe\u0301 e\u0323\u0302 नमस्ते ภาษาไทย tiếng Việt " * 6,
    "right to left": "שלום עולם, מה שלומך היום? مرحبا كيف حالك اليوم؟ " * 4,
    "one long word": "https://example.org/" + "a" * 200,
    "markdown": "here:\n\n- one **bold** thing\n- two\n\n```\ncode here\n```\n\nsee [it](https://example.org/x)",
    "blank lines": "one\n\n\ntwo\n  indented\tand tabbed",
}


def screen_on(emulator: Emulator, **options: object) -> Screen:
    console = Console(file=emulator, width=emulator.columns, force_terminal=True, color_system="256", highlight=False)
    return Screen(console, **options)


class Watched(Emulator):
    """Does something once, when the terminal shows its first text."""

    def __init__(self, then: Callable[[], object], columns: int = 80) -> None:
        super().__init__(columns)
        self._then: Callable[[], object] | None = then
        self.writes = 0

    def write(self, text: str) -> int:
        written = super().write(text)
        self.writes += bool(text)
        if self._then is not None:
            then, self._then = self._then, None
            then()
        return written


@pytest.mark.parametrize("text", REPLIES.values(), ids=REPLIES.keys())
@pytest.mark.parametrize("columns", [80, 40])
def test_a_typed_reply_leaves_what_a_printed_one_leaves(text: str, columns: int) -> None:
    """Byte for byte, so scrollback and screen are the same in any terminal."""
    typed, printed = Emulator(columns), Emulator(columns)
    asyncio.run(screen_on(typed, speed=FAST).typed("Nela", text, mark="‹2/3›"))
    screen_on(printed).reply("Nela", text, mark="‹2/3›")

    assert typed.getvalue() == printed.getvalue()
    assert typed.lines == printed.lines


def test_replies_after_a_resize_fit_the_new_width() -> None:
    """What is on screen stays as it was."""
    typed, printed = Emulator(80), Emulator(80)
    for emulator in (typed, printed):
        screen = screen_on(emulator, speed=FAST)
        for columns in (80, 60, 100):
            emulator.resize(columns)
            screen.console.width = columns
            if emulator is typed:
                asyncio.run(screen.typed("Nela", REPLIES["words"]))
            else:
                screen.reply("Nela", REPLIES["words"])

    assert typed.lines == printed.lines


@pytest.mark.parametrize("columns", [60, 100])
def test_a_resize_while_it_is_typed_loses_no_word_and_breaks_none(columns: int) -> None:
    """Rows that come after it fit the new width; each word of the text is there once, in order."""

    def resize() -> None:
        emulator.resize(columns)
        screen.console.width = columns

    emulator = Watched(resize)
    screen = screen_on(emulator, speed=FAST)
    asyncio.run(screen.typed("Nela", REPLIES["words"]))

    assert " ".join(emulator.getvalue().split("Nela  \x1b[0m")[1].split()) == REPLIES["words"].strip()
    rows = emulator.getvalue().split("\n")
    assert max(map(len, rows[2:])) <= columns
    assert max(map(len, rows[2:])) > columns - 15


def test_a_key_press_ends_the_waiting_and_stays_unread() -> None:
    """It belongs to the next prompt."""
    master, slave = os.openpty()
    tty.setcbreak(slave)
    emulator = Watched(lambda: os.write(master, b"x"))
    with os.fdopen(slave) as keys:
        begun = time.monotonic()
        asyncio.run(screen_on(emulator, speed=SLOW, keys=keys).typed("Nela", "a reply of many words"))

        assert time.monotonic() - begun < MOST_SECONDS / 2
        assert "a reply of many words" in emulator.getvalue()
        assert os.read(slave, 9) == b"x"
    os.close(master)


def test_a_key_pressed_before_ends_it_too() -> None:
    """Who types on already waits for nothing."""
    master, slave = os.openpty()
    tty.setcbreak(slave)
    os.write(master, b"next words")
    emulator = Watched(lambda: None)
    with os.fdopen(slave) as keys:
        asyncio.run(screen_on(emulator, speed=SLOW, keys=keys).typed("Nela", "a reply of many words"))

    assert "a reply of many words" in emulator.getvalue()
    assert emulator.writes <= 2
    os.close(master)


def test_ctrl_c_completes_the_reply_and_the_chat_goes_on() -> None:
    """The cancellation has done its work: nothing that follows is cancelled by it."""

    async def talk() -> str:
        await screen.typed("Nela", "a reply of many words")
        await asyncio.sleep(0)
        return "went on"

    async def interrupted() -> str:
        nonlocal task
        task = asyncio.ensure_future(talk())
        return await task

    def interrupt() -> None:
        task.cancel()

    task: asyncio.Future[str]
    emulator = Watched(interrupt)
    screen = screen_on(emulator, speed=SLOW)

    assert asyncio.run(interrupted()) == "went on"
    assert emulator.lines == ["Nela  a reply of many words"]


def test_graphemes_are_typed_whole() -> None:
    """No write ends within a family, a flag or an accented letter."""
    letters = ["👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "e\u0323\u0302", "नि"]
    parts: list[str] = []

    class Parts(Emulator):
        def write(self, text: str) -> int:
            parts.append(text)
            return super().write(text)

    asyncio.run(screen_on(Parts(), speed=40.0).typed("Nela", "".join(letters)))
    typed = [part for part in parts if part.strip()]

    assert "".join(typed).split("\x1b[0m")[1].strip() == display("".join(letters))
    assert len(typed) == len(letters)


@pytest.mark.parametrize("text", ["word " * 2000, "short. " * 500, "line\n" * 500, "x"])
def test_no_reply_takes_longer_than_six_seconds(text: str) -> None:
    """With its pauses; a short one is typed at the pace asked for."""
    strokes = len(text) + 8 * text.count(". ") + 6 * text.count("\n")

    assert strokes / speed_for(text, 40.0) <= MOST_SECONDS + 0.01
    assert speed_for("a short one", 40.0) == 40.0


def test_it_is_written_in_chunks() -> None:
    """However fast: the loop is not kept busy."""
    emulator = Watched(lambda: None)
    begun = time.monotonic()
    asyncio.run(screen_on(emulator, speed=2000.0).typed("Nela", "word " * 100))

    assert emulator.writes <= (time.monotonic() - begun) / SHORTEST_WAIT + 2


def test_sentences_and_lines_end_with_a_pause() -> None:
    """The same letters take longer with a stop between them."""

    def seconds(text: str) -> float:
        begun = time.monotonic()
        asyncio.run(screen_on(Emulator(), speed=100.0).typed("Nela", text))
        return time.monotonic() - begun

    flat = seconds("aaaa aaaa aaaa aaaa aaaa")
    assert seconds("aaa. aaa. aaa. aaa. aaaa") > flat + 0.2
    assert seconds("aaaa\naaaa\naaaa\naaaa\naaaa") > flat + 0.15


@pytest.mark.parametrize(
    ("variables", "terminal", "speed"),
    [({"ACCESSIBLE": "1"}, True, SLOW), ({"TERM": "dumb"}, True, SLOW), ({}, False, SLOW), ({}, True, 0.0)],
    ids=["screen reader", "dumb", "piped", "speed 0"],
)
def test_where_nothing_should_move_it_is_printed_at_once(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], terminal: bool, speed: float
) -> None:
    """One write, and no mark while waiting either, but at speed 0."""
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    emulator = Watched(lambda: None)
    screen = Screen(Console(file=emulator, width=80, force_terminal=terminal), speed=speed)
    asyncio.run(screen.typed("Nela", "a reply of many words"))

    assert emulator.writes == 1
    with screen.typing():
        pass
    assert ("…" in emulator.getvalue()) == (speed == 0)
