"""The chat loop: read a line, answer it, never lose it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from brain import branches
from brain.errors import DataError, PersonaError
from brain.terminal.commands import LeaveChat, run_command, would_be_missed
from brain.terminal.counted import counted
from brain.terminal.judge_watch import JudgeWatch
from brain.terminal.paint import EMPTY_HINT, PROMPT, quiet_keys
from brain.terminal.reminder import Reminder
from brain.terminal.status import StatusLine, place_mark
from brain.unfinished import NOTHING_KEPT, in_any_case

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from brain.models import Turn
    from brain.session import ChatSession
    from brain.store.values import Interrupted
    from brain.terminal.opening import Opening
    from brain.terminal.render import Screen

_YES, _NO = frozenset({"y", "yes"}), frozenset({"n", "no"})
_MOST_GIVEN_BACK, _MOST_ROWS_GIVEN_BACK = 2_000, 8


class ChatLoop:
    """One chat in one terminal. Slash commands use what is public here."""

    def __init__(
        self,
        screen: Screen,
        read: Callable[[str], Awaitable[str]],
        opening: asyncio.Future[Opening],
        *,
        status: StatusLine,
        editable: bool = True,
    ) -> None:
        """`read` gives the next line, with its argument already on it, and raises EOFError at the end.

        `editable` says that what is already on the line can be seen and changed.
        """
        self.screen, self.status, self.editable = screen, status, editable
        self._read, self._opening = read, opening
        self._draft = ""
        self._question: Callable[[], Awaitable[None]] | None = None
        self._left_out = 0
        self._held: list[str] | None = None
        self._task: asyncio.Future[None] | None = None
        self.interrupted: Interrupted | None = None
        self._warming = asyncio.ensure_future(self._warm())
        self.judge = JudgeWatch(opening, self.note)
        self._reminder, self._started = Reminder(screen.note), time.monotonic()
        opening.add_done_callback(lambda _: self._count_from_start())

    async def opened(self) -> Opening:
        """Everything the chat needs; waits while it is still loading. Raises PersonaError when it cannot be had."""
        if not self._opening.done():
            self.screen.note("One moment, still loading…")
        return await asyncio.shield(self._opening)

    async def run(self) -> None:
        """Until the user leaves. Raises PersonaError only when the chat cannot be opened at all."""
        with _interrupt(self._stop):
            while True:
                try:
                    line = (await self._next_line()).strip()
                    if line:
                        await self._stoppable(line)
                except (EOFError, LeaveChat):
                    if not self.editable:
                        await asyncio.shield(self._opening)  # a script is told what was wrong
                    return
                except PersonaError as exc:
                    if self._opening.done() and self._opening.exception() is not None:
                        raise
                    self.screen.error(exc)

    async def reply(self, ask: Callable[[ChatSession, Callable[[str], object]], Awaitable[Turn]]) -> None:
        """Shows the reply that `ask` brings, or what is kept of it. Raises PersonaError when it cannot be had."""
        session = (await self.opened()).session
        self._warming.cancel()
        name = session.voice.program.persona.name
        shown: list[str] = []
        with self.judge.waiting(), self._notes_held():
            with self.screen.typing() as wipe:

                def show(sentence: str) -> None:
                    wipe()
                    self.screen.sentence(name, sentence, first=not shown)
                    shown.append(sentence)

                try:
                    turn = await ask(session, show)
                except (asyncio.CancelledError, PersonaError) as exc:
                    wipe()
                    if session.kept.words:
                        mark = "stopped" if isinstance(exc, asyncio.CancelledError) else "cut off"
                        self.screen.reply(name, session.kept.text, shown="".join(shown), mark=mark)
                    raise
            mark = place_mark(await in_any_case(lambda: branches.place(session)))
            await self.screen.typed(name, turn.reply, shown="".join(shown), mark=mark)
        await self._after(turn, session)

    def note(self, line: str) -> None:
        """A line of ours, after the reply that is being typed out."""
        if self._held is None:
            self.screen.note(line)
        else:
            self._held.append(line)

    def put_on_line(self, text: str) -> None:
        """The next prompt begins with this text."""
        self._draft = text

    def ask(self, question: str, act: Callable[[], Awaitable[None]]) -> None:
        """Asks what a `y` on the next line does; any other line is read as always."""
        self.screen.note(question)
        self._question = act

    async def take_status(self) -> None:
        """The toolbar shows where the conversation stands now."""
        session = (await self.opened()).session
        await asyncio.to_thread(lambda: self.status.take(session, session.last_turn()))

    async def stands_elsewhere(self) -> None:
        """Another conversation goes on from here: what was said of the one before no longer counts."""
        self.interrupted, self._left_out = None, 0
        await self.take_status()

    async def _after(self, turn: Turn, session: ChatSession) -> None:
        """What there is to say once the reply is on the screen."""
        self.interrupted = None
        for note in turn.notes:
            self.screen.note(note)
        if turn.omitted > self._left_out:
            instead = "; a line tells the model of them" if turn.earlier else ""
            self.screen.note(f"{counted(turn.omitted, 'older message')} left out{instead}.")
        self._left_out = turn.omitted
        await asyncio.to_thread(self.status.take, session, turn)
        self._reminder.after(turn, session.voice.program.persona, session.clock())

    async def _stoppable(self, line: str) -> None:
        """Does what the line asks; Ctrl-C stops it and nothing more. Words that were not stored come back."""
        question, self._question = self._question, None
        command = line.startswith("/") and not line.startswith("//")
        if session := self._session():
            session.kept = NOTHING_KEPT
        self._task = asyncio.ensure_future(self._done(line, question, command=command))
        try:
            with quiet_keys():
                await self._task
        except asyncio.CancelledError:
            if not (command or self._stored()):
                self._give_back(line)
            self.screen.note(self._stopped(command=command))
            if self._session():
                await self.take_status()
        except PersonaError as exc:
            if not self._opening.done() or self._opening.exception() is not None:
                raise
            if command:
                if would_be_missed(line) and not self._draft:
                    self._give_back(line)
            elif not self._stored():
                self._give_back(line)
            elif exc.exit_code != DataError.exit_code and not self._kept():
                exc.hint = f"{exc.hint}\n    Your message is kept: /retry sends it again.".lstrip()
            raise
        finally:
            self._task = None

    async def _done(self, line: str, question: Callable[[], Awaitable[None]] | None, *, command: bool) -> None:
        if question is not None and line.casefold() in _YES:
            await question()
        elif question is not None and line.casefold() in _NO:
            self.screen.note("As you like.")
        elif command:
            await run_command(self, line)
        else:
            text = line.removeprefix("/")
            await self.reply(lambda session, show: session.say(text, show=show, tell=self.screen.note))

    def _give_back(self, line: str) -> None:
        """Puts words that went nowhere back on the line; so many that they would hide what is said wait behind ↑."""
        if len(line) <= _MOST_GIVEN_BACK and line.count("\n") <= _MOST_ROWS_GIVEN_BACK:
            self._draft = line
        else:
            self.screen.note("Your words are kept: ↑ brings them back.")

    def _stop(self) -> None:
        """Ctrl-C, wherever the chat stands; on the line itself it is a key."""
        if self._task is not None:
            self._task.cancel()
        else:
            self.screen.note(EMPTY_HINT)
            if not self.editable:  # the line there is the terminal's own, and was cleared by it
                self.screen.console.print(PROMPT, end="")

    @contextlib.contextmanager
    def _notes_held(self) -> Iterator[None]:
        """Notes wait meanwhile, so that none lands in the middle of a reply."""
        held: list[str] = []
        self._held = held
        try:
            yield
        finally:
            self._held = None
            for line in held:
                self.screen.note(line)

    def _stopped(self, *, command: bool) -> str:
        if kept := self._kept():
            return f"Stopped after {counted(kept, 'word')}. Kept: /continue goes on, /retry says it anew."
        if command:
            return "Stopped."
        kept_where = (
            "Your message is kept; /retry answers it." if self._stored() else "Your words are back on the line."
        )
        return f"Stopped. {kept_where}"

    def _kept(self) -> int:
        """How many words of the last reply were kept when it was stopped."""
        session = self._session()
        return session.kept.words if session else 0

    def _stored(self) -> bool:
        """Whether the newest message is on disk."""
        session = self._session()
        return session is not None and session.stored

    def _session(self) -> ChatSession | None:
        done = self._opening.done() and not self._opening.cancelled() and self._opening.exception() is None
        return self._opening.result().session if done else None

    def _count_from_start(self) -> None:
        """The start notice was painted before there was a session, whose clock counts."""
        if session := self._session():
            self._reminder.begin(session.clock() - timedelta(seconds=time.monotonic() - self._started))
            self.status.take(session, session.last_turn())

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
