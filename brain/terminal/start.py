"""Starts a chat: the line and the screen at once, everything else in the background."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import threading
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, TypeVar, cast

from brain.errors import PersonaError
from brain.terminal.completions import completions
from brain.terminal.loop import ChatLoop
from brain.terminal.opening import open_chat
from brain.terminal.paint import NOTICE, PROMPT, wipe_prompt
from brain.terminal.status import StatusLine
from brain.terminal.taking_up import show_recent, tell_interrupted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from brain.config import Settings
    from brain.terminal.opening import Opening, Wish
    from brain.terminal.render import Screen

T = TypeVar("T")
_A_MOMENT = 0.05  # seconds


def run_chat(settings: Settings, *, wish: Wish, terminal: bool) -> None:
    """Chats until the user leaves. Raises PersonaError when the chat cannot be opened."""
    asyncio.run(_chat(settings, wish=wish, terminal=terminal))


async def _chat(settings: Settings, *, wish: Wish, terminal: bool) -> None:
    loop = asyncio.get_running_loop()
    notes: asyncio.Queue[str] = asyncio.Queue()
    opening = in_thread(
        lambda: open_chat(settings, wish=wish, say=lambda line: loop.call_soon_threadsafe(notes.put_nowait, line))
    )
    from brain.terminal.render import Screen

    screen, status = Screen(speed=settings.typing_speed), StatusLine()
    read = _line_reader(opening, loop, status, settings) if terminal else _plain_reader(opening)
    if terminal:
        wipe_prompt()
    else:
        screen.note(NOTICE)
    chat = ChatLoop(screen, read, opening, status=status, editable=terminal)
    telling = asyncio.ensure_future(_tell(chat, notes, opening, wish))
    try:
        await chat.run()
    finally:
        telling.cancel()
        await asyncio.wait({telling})
    if opening.done():
        _say_goodbye(screen, opening.result())


def _say_goodbye(screen: Screen, opening: Opening) -> None:
    session = opening.session
    if opening.off_record:
        screen.note("Nothing of this talk was kept, but what you exported.")
    elif session.conversation is not None:
        screen.note(f"Kept. persona chat -c goes on from here; later, persona chat -r {session.conversation}.")
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


async def _tell(chat: ChatLoop, notes: asyncio.Queue[str], opening: asyncio.Future[Opening], wish: Wish) -> None:
    """Notes of the opening appear above the line as they come; then the conversation that is taken up again."""

    async def show() -> None:
        while True:
            chat.note(await notes.get())

    showing = asyncio.ensure_future(show())
    try:
        await asyncio.wait({opening})
        if opening.exception() is None:
            interrupted = opening.result().interrupted
            if wish.resumes:
                await show_recent(chat, offer=interrupted is None)
            if interrupted is not None:
                tell_interrupted(chat, interrupted)
        await showing
    finally:
        showing.cancel()


def _line_reader(
    opening: asyncio.Future[Opening], loop: asyncio.AbstractEventLoop, status: StatusLine, settings: Settings
) -> Callable[[str], Awaitable[str]]:
    from prompt_toolkit.patch_stdout import patch_stdout

    from brain.terminal.input_line import input_line
    from brain.terminal.line_keys import was_interrupted

    def said() -> Sequence[str]:
        """Called in a thread of its own, so it may wait for the store."""
        try:
            asyncio.run_coroutine_threadsafe(asyncio.wait({opening}), loop).result()
            session = opening.result().session
            return session.store.said(session.voice.name)
        except (PersonaError, CancelledError, RuntimeError):
            return ()  # told elsewhere, or the chat has ended meanwhile

    line = input_line(said, completions(opening), toolbar=lambda: status.now, editing_mode=settings.editing_mode)

    async def read(draft: str) -> str:
        with patch_stdout(raw=True):
            said = await line.prompt_async(default=draft, handle_sigint=False)
        if was_interrupted(line):
            loop.call_later(_A_MOMENT, signal.raise_signal, signal.SIGINT)  # once what was said has begun
        return said

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
