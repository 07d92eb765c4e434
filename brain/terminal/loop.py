"""The chat loop: read a line, answer it, never lose it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from brain.errors import DataError, PersonaError
from brain.terminal.commands import LeaveChat, run_command
from brain.terminal.judge_watch import JudgeWatch
from brain.terminal.opening import Opening, other_model
from brain.terminal.paint import quiet_keys
from brain.terminal.reminder import Reminder

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from brain.models import Turn
    from brain.session import ChatSession
    from brain.terminal.render import Screen

_RESUMED_MESSAGES = 6


class ChatLoop:
    """One chat in one terminal."""

    def __init__(self, screen: Screen, read: Callable[[str], Awaitable[str]], opening: asyncio.Future[Opening]) -> None:
        """`read` gives the next line, with its argument already on it, and raises EOFError at the end."""
        self.screen, self._read, self._opening = screen, read, opening
        self._draft = ""
        self._warming = asyncio.ensure_future(self._warm())
        self._judge = JudgeWatch(opening, screen.note)
        self._reminder, self._started = Reminder(screen.note), time.monotonic()
        opening.add_done_callback(self._count_from_start)

    async def opened(self) -> Opening:
        """Everything the chat needs; waits while it is still loading. Raises PersonaError when it cannot be had."""
        if not self._opening.done():
            self.screen.note("One moment, still loading…")
        return await asyncio.shield(self._opening)

    async def run(self) -> None:
        """Until the user leaves. Raises PersonaError only when the chat cannot be opened at all."""
        while True:
            try:
                line = (await self._next_line()).strip()
                if line:
                    await self._stoppable(line)
            except (EOFError, LeaveChat):
                return
            except PersonaError as exc:
                if self._opening.done() and self._opening.exception() is not None:
                    raise
                self.screen.error(exc)

    async def reply(self, ask: Callable[[ChatSession, Callable[[str], object]], Awaitable[Turn]]) -> None:
        """Shows the reply that `ask` brings. Raises PersonaError when it cannot be had; the message is kept."""
        session = (await self.opened()).session
        self._warming.cancel()
        name = session.voice.program.persona.name
        shown: list[str] = []
        with self._judge.waiting(), self.screen.typing() as wipe:

            def show(sentence: str) -> None:
                wipe()
                self.screen.sentence(name, sentence, first=not shown)
                shown.append(sentence)

            turn = await ask(session, show)
        self.screen.reply(name, turn.reply, shown="".join(shown))
        self._reminder.after(turn, session.voice.program.persona, session.clock())

    async def _stoppable(self, line: str) -> None:
        """Does what the line asks; Ctrl-C stops it and nothing more. Words that were not stored come back."""
        command = line.startswith("/") and not line.startswith("//")
        text = line.removeprefix("/")
        task = asyncio.ensure_future(
            run_command(self, line) if command else self.reply(lambda session, show: session.say(text, show=show))
        )
        try:
            with quiet_keys(), _interrupt(task.cancel):
                await task
        except asyncio.CancelledError:
            self._draft = "" if command or self._stored() else line
            kept = "Your message is kept; /retry answers it." if self._stored() else "Your words are back on the line."
            self.screen.note("Stopped." if command else f"Stopped. {kept}")
        except PersonaError as exc:
            if command or not self._opening.done() or self._opening.exception() is not None:
                raise
            if not self._stored():
                self._draft = line
            elif exc.exit_code != DataError.exit_code:
                exc.hint = f"{exc.hint}\n    Your message is kept: /retry sends it again.".lstrip()
            raise

    def _count_from_start(self, opening: asyncio.Future[Opening]) -> None:
        """The start notice was painted before there was a session, whose clock counts."""
        if not opening.cancelled() and opening.exception() is None:
            waited = timedelta(seconds=time.monotonic() - self._started)
            self._reminder.begin(opening.result().session.clock() - waited)

    def _stored(self) -> bool:
        """Whether the newest message is on disk."""
        return self._opening.done() and self._opening.exception() is None and self._opening.result().session.stored

    async def change_model(self, spec: str) -> None:
        """Answers with another model from now on, the conversation unchanged; without a name, says which could."""
        opening = await self.opened()
        if spec:
            from brain.judges import able_judge

            model = await asyncio.to_thread(other_model, opening, spec)
            opening.session.use_model(model, judge=await asyncio.to_thread(able_judge, opening.settings, model))
            self._judge.restart()
            self.screen.note(f"{spec} answers from now on.")
            return
        from brain.lms.build import FORMS, better_choices

        better = await asyncio.to_thread(better_choices)
        self.screen.note(f"{opening.session.model.spec} answers. Within reach: {', '.join(better) or 'no other'}.")
        self.screen.note(f"/model {FORMS}")

    async def show_recent(self) -> None:
        """The end of a conversation that is taken up again."""
        session = (await self.opened()).session
        recent = session.messages.messages[-_RESUMED_MESSAGES:]
        for message in recent:
            if message.from_creator:
                self.screen.reply(session.voice.program.persona.name, message.content)
            else:
                self.screen.said(message.content)
        if recent and not recent[-1].from_creator:
            self.screen.note("That message has no reply yet; /retry answers it.")

    async def _warm(self) -> None:
        """Whatever goes wrong here is said when the first reply fails for the same reason."""
        with contextlib.suppress(Exception):
            session = (await asyncio.shield(self._opening)).session
            if session.model.small:
                await session.warm()

    async def _next_line(self) -> str:
        """The next line; a chat that cannot be opened ends the wait for it."""
        draft, self._draft = self._draft, ""
        reading = asyncio.ensure_future(self._read(draft))
        if not self._opening.done():
            waiting: set[asyncio.Future[Any]] = {reading, self._opening}
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._opening.done() and (failure := self._opening.exception()) is not None:
                reading.cancel()
                await asyncio.wait({reading})
                raise failure
        return await reading


@contextlib.contextmanager
def _interrupt(stop: Callable[[], object]) -> Iterator[None]:
    """Ctrl-C calls `stop` meanwhile, where the system can hand signals to the loop."""
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except (NotImplementedError, RuntimeError, ValueError):
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
