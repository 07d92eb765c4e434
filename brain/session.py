"""One conversation in progress: a message and the place of its reply are on disk before the model is called."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from dspy.utils.exceptions import LMStreamAssemblyError

from brain.answering import Wanted, answering, suit
from brain.attempt import Attempt
from brain.errors import DataError, PersonaError, UnavailableError
from brain.models import Conversation, Earlier, Message, Turn
from brain.modules.begun import whole_words
from brain.modules.context import clock_facts
from brain.patience import patiently
from brain.sanitise import display
from brain.standing import Standing, conversation_of
from brain.unfinished import NOTHING_KEPT, Kept, Unfinished, in_any_case, undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import dspy

    from brain.answering import Voice
    from brain.lms.build import Model
    from brain.store.store import Store
    from brain.store.values import StoredMessage

MAX_CHARACTERS = 20_000
UNFINISHED = frozenset({"stopped", "cut", "interrupted", "streaming"})
_LONGEST_HINT = 300  # characters
_NOTHING_YET = "…"


def local_now() -> datetime:
    """The wall clock with its time zone."""
    return datetime.now().astimezone()


def readable(text: str) -> str:
    """What was typed, as it is stored and answered. Raises DataError when nothing is left or it is too long."""
    clean = display(text).strip()
    if not clean:
        raise DataError("There is no text in that message.", hint="Type a few words.")
    if len(clean) > MAX_CHARACTERS:
        raise DataError(
            f"That message has {len(clean):,} characters; at most {MAX_CHARACTERS:,} are read.",
            hint="Send it in parts.",
        )
    return clean


class ChatSession(Standing):
    """Talks, and keeps what is said: a turn that fails or is stopped leaves your words, and what there is of a reply.

    Every method that says so raises DataError when there is nothing it could be done to, and UnavailableError when the
    store does not answer.
    """

    def __init__(
        self,
        store: Store,
        voice: Voice,
        model: Model,
        *,
        clock: Callable[[], datetime] = local_now,
        conversation: str | None = None,
        record: Callable[[Turn, str], object] | None = None,
    ) -> None:
        """`record` hears of each turn and its conversation once the reply is on disk, in a thread."""
        self.voice, self.model, self.clock = voice, model, clock
        self._record = record
        super().__init__(store, conversation)
        self.stored = False
        self.kept = NOTHING_KEPT

    def use_model(self, model: Model, *, judge: dspy.LM | None = None) -> None:
        """Answers with this model from now on; the conversation stays. Without a judge the rules decide alone."""
        self.model = model
        suit(self.voice.program, model, listened=self.voice.listened)
        self.voice.program.filter.use_judge(judge)

    async def warm(self) -> None:
        """Lets a model of this process read the head of the prompt, so that the first reply comes sooner.

        The head is cached and nothing else comes of it; cancelling it is harmless.
        """
        path, opening = self.path, Conversation(messages=(Message(from_creator=False, content=_NOTHING_YET),))
        situation = clock_facts(conversation_of(path) if path else opening, self.clock())
        earlier = self._earlier(path)
        replier = self.voice.program.replier
        inputs = replier.inputs(opening, situation, earlier.line if earlier else "")
        with answering(self.model, self.voice.program):
            await replier.reply.acall(**inputs, config={"max_tokens": 1})

    async def say(
        self, text: str, *, show: Callable[[str], object] | None = None, tell: Callable[[str], object] = lambda _: None
    ) -> Turn:
        """Stores the message, then answers it. `show` as for `answer`; `tell` hears why it has to wait.

        Raises DataError for a message that cannot be sent, and PersonaError when the store or the model fails.
        `stored` tells whether the newest message is on disk, and `kept` what is left of a reply that was stopped.
        """
        self.stored = False
        message = Message(from_creator=False, content=readable(text), timestamp=self.clock())
        path = await self._path_here(tell)
        return await self._answer(path, message, show=show, tell=tell)

    async def retry(
        self,
        hint: str = "",
        *,
        show: Callable[[str], object] | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> Turn:
        """Another reply to the last message, beside the one that stands. Raises DataError when there is none."""
        path = _without_reply(await self._path_here(tell))
        if not path:
            raise DataError("There is nothing to answer again yet.", hint="Say something first.")
        wish = display(hint).strip()
        if len(wish) > _LONGEST_HINT:
            raise DataError(
                f"That hint has {len(wish):,} characters; at most {_LONGEST_HINT} are read.",
                hint="A few words do.",
            )
        return await self._answer(path, None, wanted=Wanted(hint=wish), show=show, tell=tell)

    async def go_on(self, *, tell: Callable[[str], object] = lambda _: None) -> Turn:
        """The rest of a reply that stopped short; what stands of it is kept beside. An unanswered message is answered.

        Raises DataError when the last reply is whole, is still being written, or may not be said any more.
        """
        path = await self._path_here(tell)
        if not path or not path[-1].message.from_creator:
            return await self.retry(tell=tell)
        if path[-1].state == "streaming":
            raise DataError("That reply is still being written, in another window.", hint="Wait for it there.")
        if path[-1].state not in UNFINISHED:
            raise DataError("That reply is whole.", hint="/retry gives another.")
        begun = whole_words(self.sayable(path[-1]))
        if not begun:
            raise DataError("What was kept of that reply may not be said any more.", hint="/retry says it anew.")
        return await self._answer(path[:-1], None, wanted=Wanted(begun=begun), tell=tell)

    async def edit(
        self, text: str, *, show: Callable[[str], object] | None = None, tell: Callable[[str], object] = lambda _: None
    ) -> Turn:
        """Says your last message in other words, on a branch of its own. Raises DataError when there is none."""
        path = _without_reply(await self._path_here(tell))
        if not path:
            raise DataError("There is no message to edit yet.", hint="Say something first.")
        self.stored = False
        message = Message(from_creator=False, content=readable(text), timestamp=self.clock())
        return await self._answer(path[:-1], message, show=show, tell=tell)

    def sayable(self, stored: StoredMessage) -> str:
        """As much of a kept reply as may be shown by the policy as it is now."""
        path = self.path
        before = conversation_of([each for each in path if each.id < stored.id])
        return self.voice.program.sayable(stored.message.content, before)

    def last_turn(self, back: int = 1) -> Turn | None:
        """The newest reply and everything that explains it, or the one `back` replies ago, after a resume too.

        None when there is no such reply, or a person wrote it.
        """
        replies = [stored for stored in self.path if stored.message.from_creator]
        if not 1 <= back <= len(replies):
            return None
        reply = replies[-back]
        details = self.store.turn(reply.id)
        return Turn(reply=reply.message.content, prompts=self.store.prompt(reply.id), **details) if details else None

    def turns(self) -> tuple[Turn, ...]:
        """Every turn that a program answered, from the first to where the conversation stands; without its prompts."""
        known = self.store.turns(self.conversation) if self.conversation else {}
        return tuple(Turn(reply=one.message.content, **known[one.id]) for one in self.path if known.get(one.id))

    async def _answer(
        self,
        path: Sequence[StoredMessage],
        message: Message | None,
        *,
        wanted: Wanted | None = None,
        show: Callable[[str], object] | None = None,
        tell: Callable[[str], object],
    ) -> Turn:
        """A reply to the path, or to the path and this message; its place in the store comes first."""
        self.kept = NOTHING_KEPT
        earlier = await asyncio.to_thread(self._earlier, path)
        wanted = (wanted or Wanted())._replace(earlier=earlier)
        reply = await self._asked(path, message)
        messages = (*(stored.message for stored in path), *([message] if message else ()))
        attempt = Attempt(self.voice, self.model, Conversation(messages=messages), self.clock(), wanted)
        unfinished = Unfinished(
            self.store,
            reply,
            attempt.written,
            sayable=attempt.sayable,
            explained=attempt.explained,
            clock=self.clock,
        )
        try:
            turn = await patiently(lambda: attempt.make(show), tell=tell)
        except asyncio.CancelledError:
            self._keep(reply, unfinished.end("stopped"))
            raise
        except PersonaError as exc:
            self._keep(reply, unfinished.end("cut"))
            raise _told(exc, self.kept) from exc
        finally:
            unfinished.rest()
        try:
            await in_any_case(lambda: self._keep_turn(reply, turn))
        except PersonaError as exc:
            turn = turn.model_copy(update={"notes": (*turn.notes, f"This reply could not be kept. {exc.message}")})
        return turn

    async def _path_here(self, tell: Callable[[str], object]) -> tuple[StoredMessage, ...]:
        if await asyncio.to_thread(self.stand):
            tell("This talk went on in another window too; here it goes on from what you see.")
        return await asyncio.to_thread(lambda: self.path)

    async def _asked(self, path: Sequence[StoredMessage], message: Message | None) -> int:
        """The place of the reply, which is on disk, like the message, when this returns or is cancelled."""
        places: list[int] = []
        try:
            await undisturbed(lambda: places.append(self._ask(path, message)))
        except asyncio.CancelledError:
            for place in places:
                self.store.finish(place, "", state="failed", now=self.clock())
            raise
        return places[0]

    def _ask(self, path: Sequence[StoredMessage], message: Message | None) -> int:
        now = self.clock()
        if self.conversation is None:
            self.conversation = self.store.begin(self.voice.name, now)
        asked = self.store.ask(self.conversation, message, parent=path[-1].id if path else None, now=now)
        self.at, self.stored = asked.message or (path[-1].id if path else None), True
        return asked.reply

    def _earlier(self, path: Sequence[StoredMessage]) -> Earlier | None:
        """What the newest turn on the path knew of the messages that no longer fit."""
        replies = (stored.id for stored in reversed(path) if stored.message.from_creator)
        details = next((found for reply in replies if (found := self.store.turn(reply))), None)
        return Earlier.model_validate(known) if details and (known := details.get("earlier")) else None

    def _keep(self, reply: int, kept: Kept) -> None:
        self.kept = kept
        if kept.words:
            self.at = reply
        else:
            self.arrive()

    def _keep_turn(self, reply: int, turn: Turn) -> None:
        """In one go, so that a turn that is stopped meanwhile is not stored without being recorded."""
        self.store.finish(reply, turn.reply, state="done", now=self.clock(), turn=turn.details(), prompt=turn.prompts)
        self.at = reply
        if self._record is not None:
            assert self.conversation is not None, "its message was stored, so it exists"
            self._record(turn, self.conversation)


def _without_reply(path: Sequence[StoredMessage]) -> Sequence[StoredMessage]:
    """The path up to your last message."""
    end = len(path)
    while end and path[end - 1].message.from_creator:
        end -= 1
    return path[:end]


def _told(error: PersonaError, kept: Kept) -> PersonaError:
    """The error, and what was kept of the reply meanwhile."""
    if not kept.words:
        return error
    words = f"{kept.words} word{'' if kept.words == 1 else 's'}"
    if isinstance(error.__cause__, LMStreamAssemblyError):
        return UnavailableError(f"Connection dropped after {words}. Kept.", hint="/continue to go on.")
    error.hint = f"{words} are kept: /continue goes on, /retry says it anew. {error.hint}"
    return error
