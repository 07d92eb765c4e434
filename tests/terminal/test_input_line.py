"""The line one types on, key by key, and what it leaves on the screen."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session, run_in_terminal
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.output.vt100 import Vt100_Output
from terminal.emulator import Emulator

from brain.errors import UnavailableError
from brain.terminal.input_line import input_line
from brain.terminal.paint import EMPTY_HINT
from brain.terminal.toolbar import Status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable
    from pathlib import Path

    from prompt_toolkit import PromptSession
    from prompt_toolkit.input import PipeInput

PATIENCE = 20.0  # seconds; a busy machine is slow
ENTER, ALT_ENTER, UP, RIGHT, LEFT, TAB, ESCAPE = "\r", "\x1b\r", "\x1b[A", "\x1b[C", "\x1b[D", "\t", "\x1b"
ALT_LEFT, ALT_RIGHT = "\x1b[1;3D", "\x1b[1;3C"
STATUS = Status("nela@1", "ollama/tiny", 812, 8_000, 0.4)


def voices(_typed: str) -> Iterable[str]:
    return ("nela", "nela@2", "Ada Love\x1b[31mlace")


def no_voices(_typed: str) -> Iterable[str]:
    raise UnavailableError("The store is locked.")


COMMANDS = {"/help": None, "/prev": None, "/next": None, "/voice": voices, "/open": no_voices}


class Typist:
    """Somebody at a terminal in memory."""

    def __init__(self, keyboard: PipeInput, screen: Emulator, line: PromptSession[str]) -> None:
        self.keyboard, self.screen, self.line = keyboard, screen, line

    def type(self, keys: str) -> None:
        self.keyboard.send_text(keys)

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits for it; fails with the screen when it never comes."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            pytest.fail("\n".join(self.screen.lines))

    async def recall(self) -> None:
        """The arrow up, until there is something to recall: what was said is read in a thread."""
        async with asyncio.timeout(PATIENCE):
            while not self.line.default_buffer.text:
                self.type(UP)
                await asyncio.sleep(0.01)

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in "\n".join(self.screen.lines))


@contextlib.asynccontextmanager
async def typist(columns: int = 80, **options: object) -> AsyncIterator[Typist]:
    """A line on a screen that answers where its cursor is."""
    with create_pipe_input() as keyboard:
        screen = Emulator(columns, answer=keyboard.send_text)
        output = Vt100_Output(screen, lambda: Size(24, screen.columns), term="xterm")
        with create_app_session(input=keyboard, output=output):
            said = options.pop("said", ())
            yield Typist(keyboard, screen, input_line(lambda: said, COMMANDS, **options))


def read(*keys: str, **options: object) -> str:
    """What the line gives for some keys that are there at once."""

    async def ask() -> str:
        with create_pipe_input() as keyboard:
            line = input_line(lambda: (), COMMANDS, input=keyboard, output=DummyOutput(), **options)
            keyboard.send_text("".join(keys))
            async with asyncio.timeout(PATIENCE):
                return await line.prompt_async()

    return asyncio.run(ask())


@pytest.mark.parametrize("newline", [ALT_ENTER, "\n", "\x1b[13;2u", "\x1b[27;2;13~"])
@pytest.mark.parametrize("editing_mode", ["emacs", "vi"])
def test_enter_sends_and_its_variants_make_a_new_line(newline: str, editing_mode: str) -> None:
    """Alt-Enter, Ctrl-J, and Shift-Enter as two kinds of terminal report it."""
    if editing_mode == "vi" and newline.startswith(ESCAPE) and newline != "\x1b[27;2;13~":
        newline = "\n"  # there Escape leaves the typing first

    assert read("one", newline, "two", ENTER, editing_mode=editing_mode) == "one\ntwo"


@pytest.mark.parametrize(("key", "command"), [(ALT_LEFT, "/prev"), (ALT_RIGHT, "/next"), ("\x1b\x1b[D", "/prev")])
def test_alt_and_an_arrow_walk_the_replies_on_an_empty_line(key: str, command: str) -> None:
    """The line is sent as if it had been typed."""
    assert read(key) == command


def test_alt_and_an_arrow_move_by_words_on_any_other_line() -> None:
    """Nothing that was typed is lost."""
    assert read("two words", ALT_LEFT, "more ", ENTER) == "two more words"


def test_control_d_leaves_an_empty_line_only() -> None:
    """On any other it does no harm."""
    with pytest.raises(EOFError):
        read("\x04")
    assert read("words", "\x04", ENTER) == "words"


def test_control_c_clears_and_the_arrow_up_brings_back() -> None:
    """Nothing typed is lost by it."""

    async def talk() -> str:
        async with typist() as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            one.type("half a thought")
            await one.shows("half a thought")
            one.type("\x03")
            await one.until(lambda: not one.line.default_buffer.text)
            await one.recall()
            one.type(ENTER)
            return await task

    assert read("half a thought", "\x03", "instead", ENTER) == "instead"
    assert asyncio.run(talk()) == "half a thought"


def test_control_c_on_an_empty_line_gives_a_hint() -> None:
    """And never leaves."""

    async def talk() -> str:
        async with typist() as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            one.type("\x03")
            await one.shows(EMPTY_HINT)
            one.type(f"hi{ENTER}")
            return await task

    assert asyncio.run(talk()) == "hi"


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("/he", "/help"), ("/voice ne", "/voice nela"), ("/voice ada", "/voice Ada Lovelace"), ("/open x", "/open x")],
)
def test_tab_completes_names_and_arguments(typed: str, completed: str) -> None:
    """Cleaned, as they come from files; a list that cannot be had completes nothing and breaks nothing."""

    async def talk() -> str:
        async with typist() as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            one.type(typed)
            await one.shows(typed)
            one.type(TAB)
            await one.until(lambda: one.line.default_buffer.text == completed)
            one.type(ENTER)
            return await task

    assert asyncio.run(talk()) == completed


def test_an_ordinary_message_is_not_completed() -> None:
    """Not even one with a slash in it, or two before it."""
    assert read("and/or", TAB, ENTER) == "and/or"
    assert read("//he", TAB, ENTER) == "//he"


def test_the_arrow_right_takes_what_was_said_before() -> None:
    """Suggested from the store."""

    async def talk() -> str:
        async with typist(said=("remember the heron",)) as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            await one.until(lambda: bool(one.line.history.get_strings()))
            one.type("remem")
            await one.until(lambda: one.line.default_buffer.suggestion is not None)
            one.type(RIGHT)
            await one.until(lambda: one.line.default_buffer.text == "remember the heron")
            one.type(ENTER)
            return await task

    assert asyncio.run(talk()) == "remember the heron"


def test_control_r_searches_what_was_said() -> None:
    """Ctrl-C gives the search up, Enter takes what was found to the line, another Enter sends it."""

    async def talk() -> str:
        async with typist(said=("the kettle", "the heron")) as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            await one.recall()
            one.type("\x12her")
            await one.shows("› the heron")
            one.type("\x03")
            await one.shows("› the kettle")
            one.type("\x12her")
            await one.shows("› the heron")
            one.type(ENTER)
            await one.until(lambda: one.line.default_buffer.text == "the heron")
            one.type(f"\x05?{ENTER}")
            return await task

    assert asyncio.run(talk()) == "the heron?"


def test_the_editor_comes_back_to_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it wrote is seen before it is sent."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf " and more" >> "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))

    async def talk() -> str:
        async with typist() as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            one.type("words\x18\x05")
            await one.shows("words and more")
            one.type(f"!{ENTER}")
            return await task

    assert asyncio.run(talk()) == "words and more!"


def test_vi_keys_where_they_are_wanted() -> None:
    """Escape, a motion and a change; the toolbar tells the mode."""

    async def talk() -> str:
        async with typist(editing_mode="vi", toolbar=lambda: STATUS) as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            await one.shows("insert · nela@1")
            one.type("one two")
            one.type(ESCAPE)
            await one.shows("normal · nela@1")
            one.type(f"bdwi{ENTER}")
            return await task

    assert asyncio.run(talk()) == "one "


def test_a_paste_of_ten_thousand_lines_is_one_message_and_keeps_the_line_quick() -> None:
    """Only what fits the window is drawn."""
    paste = "\n".join(f"line {number} of a long paste" for number in range(10_000))

    async def talk() -> tuple[str, int]:
        async with typist(toolbar=lambda: STATUS) as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            await one.shows("nela@1")
            await asyncio.to_thread(one.type, f"\x1b[200~{paste}\x1b[201~")  # more than the pipe holds at once
            await one.shows("line 9999 of a long paste")
            one.type(f" and a word{ENTER}")
            return await task, len(one.screen.getvalue())

    text, written = asyncio.run(talk())

    assert text == f"{paste} and a word"
    assert written < 50_000


async def five_turns(columns: int, **options: object) -> tuple[Emulator, bool]:
    """The screen after a talk of five turns, with notes that come while one types; and whether a toolbar was seen."""
    seen = False
    async with typist(columns, toolbar=lambda: STATUS, **options) as one:
        for number in range(5):
            task = asyncio.ensure_future(one.line.prompt_async())
            one.type(f"message {number}")
            await one.shows(f"message {number}")
            seen = seen or "nela@1" in "\n".join(one.screen.lines)
            await run_in_terminal(partial(one.screen.write, f"note {number}\n"))  # as patch_stdout does it
            await one.shows(f"› message {number}")
            one.type(ENTER)
            await task
            one.screen.write("\n".join(f"reply {number}, line {row}" for row in range(8)) + "\n\n")
        return one.screen, seen


def test_the_toolbar_leaves_nothing_behind() -> None:
    """Scrollback and screen hold the talk and the notes, in order, and no more."""
    screen, seen = asyncio.run(five_turns(80))
    expected: list[str] = []
    for number in range(5):
        rows = [f"reply {number}, line {row}" for row in range(8)]
        expected += [f"note {number}", f"› message {number}", *rows, ""]

    assert seen
    assert [*screen.lines, ""] == expected


@pytest.mark.parametrize(
    ("variable", "columns"), [("", 59), ("ACCESSIBLE", 80)], ids=["narrow window", "screen reader"]
)
def test_where_it_would_disturb_there_is_no_toolbar(
    monkeypatch: pytest.MonkeyPatch, variable: str, columns: int
) -> None:
    """Not for a moment."""
    if variable:
        monkeypatch.setenv(variable, "1")
    screen, seen = asyncio.run(five_turns(columns))

    assert not seen
    assert "nela@1" not in screen.getvalue()


def test_a_screen_reader_gets_no_menu_and_no_ghost_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Completion is asked for with Tab, and what was said before is not put after the cursor."""
    monkeypatch.setenv("ACCESSIBLE", "1")

    async def talk() -> str:
        async with typist(said=("/help me",)) as one:
            task = asyncio.ensure_future(one.line.prompt_async())
            await one.until(lambda: bool(one.line.history.get_strings()))
            one.type("/he")
            await one.shows("/he")
            one.type(f"{ENTER}")
            await task
            return one.screen.getvalue()

    assert "lp" not in asyncio.run(talk())
