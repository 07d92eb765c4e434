"""Starts a chat: the line and the screen at once, everything else in the background."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, TypeVar, cast

from brain.errors import PersonaError
from brain.terminal.commands import COMMANDS
from brain.terminal.loop import ChatLoop
from brain.terminal.opening import open_chat
from brain.terminal.paint import NOTICE, PROMPT, wipe_prompt

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from brain.config import Settings
    from brain.terminal.opening import Opening

T = TypeVar("T")


def run_chat(load: Callable[[], Settings], *, resume: bool, terminal: bool) -> None:
    """Chats until the user leaves. Raises PersonaError when the chat cannot be opened."""
    asyncio.run(_chat(load, resume=resume, terminal=terminal))


async def _chat(load: Callable[[], Settings], *, resume: bool, terminal: bool) -> None:
    loop = asyncio.get_running_loop()
    notes: asyncio.Queue[str] = asyncio.Queue()
    opening = in_thread(
        lambda: open_chat(load, resume=resume, say=lambda line: loop.call_soon_threadsafe(notes.put_nowait, line))
    )
    from brain.terminal.render import Screen

    screen = Screen()
    read = _line_reader(opening, loop) if terminal else _plain_reader(opening)
    if terminal:
        wipe_prompt()
    else:
        screen.note(NOTICE)
    chat = ChatLoop(screen, read, opening)
    telling = asyncio.ensure_future(_tell(chat, notes, opening, resume=resume))
    try:
        await chat.run()
    finally:
        telling.cancel()
        await asyncio.wait({telling})
    if opening.done():
        session = opening.result().session
        if session.conversation is not None:
            screen.note("Kept. persona chat -c goes on from here.")
        session.store.close()


def in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """The result of `work`, done in a thread that nobody waits for when the program ends."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, failure: BaseException | None) -> None:
        if future.cancelled():
            return
        if failure is not None:
            future.set_exception(failure)
        else:
            future.set_result(cast("T", result))

    def run() -> None:
        result: T | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as exc:
            failure = exc
        with contextlib.suppress(RuntimeError):  # the chat has ended meanwhile
            loop.call_soon_threadsafe(settle, result, failure)

    threading.Thread(target=run, daemon=True).start()
    return future


async def _tell(chat: ChatLoop, notes: asyncio.Queue[str], opening: asyncio.Future[Opening], *, resume: bool) -> None:
    """Notes of the opening appear above the line as they come; then the conversation that is taken up again."""

    async def show() -> None:
        while True:
            chat.screen.note(await notes.get())

    showing = asyncio.ensure_future(show())
    try:
        await asyncio.wait({opening})
        if resume and opening.exception() is None:
            await chat.show_recent()
        await showing
    finally:
        showing.cancel()


def _line_reader(opening: asyncio.Future[Opening], loop: asyncio.AbstractEventLoop) -> Callable[[str], Awaitable[str]]:
    from prompt_toolkit.patch_stdout import patch_stdout

    from brain.terminal.input_line import input_line

    def said() -> Sequence[str]:
        """Called in a thread of its own, so it may wait for the store."""
        try:
            asyncio.run_coroutine_threadsafe(asyncio.wait({opening}), loop).result()
            session = opening.result().session
            return session.store.said(session.voice.name)
        except (PersonaError, CancelledError, RuntimeError):
            return ()  # told elsewhere, or the chat has ended meanwhile

    line = input_line(said, tuple(COMMANDS))

    async def read(draft: str) -> str:
        with patch_stdout(raw=True):
            return await line.prompt_async(default=draft)

    return read


def _plain_reader(opening: asyncio.Future[Opening]) -> Callable[[str], Awaitable[str]]:
    """Lines from a pipe, or from a terminal that can do nothing but print: there the prompt waits for the notes."""

    async def read(_draft: str) -> str:
        if sys.stdin.isatty():
            await asyncio.wait({opening})
            sys.stdout.write(PROMPT)
            sys.stdout.flush()
        line = await in_thread(sys.stdin.readline)
        if not line:
            raise EOFError
        return line

    return read
