"""One conversation in progress: every message on disk before its reply starts, every turn in its own DSPy context."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import dspy
from dspy.utils.exceptions import DSPyError
from dspy.utils.usage_tracker import UsageTracker

from brain.adapters import ChatTurnAdapter
from brain.errors import DataError
from brain.lms.build import explained
from brain.models import Conversation, Message, Turn, Usage
from brain.modules.context import clock_facts
from brain.modules.live import live_reply
from brain.sanitise import display
from brain.store import StoredMessage, as_conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from brain.lms.build import Model
    from brain.models import Layout
    from brain.modules.chat import ChatProgram
    from brain.store import Store

MAX_CHARACTERS = 20_000
_NOTHING_YET = "…"


class Voice(NamedTuple):
    """A program that answers: the label it goes by, and the name its conversations are kept under.

    `listened` names the model that was listened to when it was compiled.
    """

    label: str
    program: ChatProgram
    name: str = ""
    listened: str | None = None


def suit(program: ChatProgram, model: Model, *, listened: str | None) -> None:
    """Suits the program to the model that will answer."""
    program.suit(small=model.small, accented=model.biased and model.spec == listened)


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


async def answer(
    voice: Voice,
    model: Model,
    conversation: Conversation,
    now: datetime,
    *,
    hint: str = "",
    show: Callable[[str], object] | None = None,
) -> Turn:
    """One turn, awaited; cancelling it stops the model. Raises PersonaError when the model fails.

    `show` is given the sentences of the reply as they may be shown, where the policy lets them out one by one; the
    reply of the turn begins with them.
    """
    started = time.perf_counter()
    live = live_reply(voice.program, conversation, now, show) if show else None
    with answering(model, voice.program) as tracker, dspy.context(send_stream=live):
        prediction = await voice.program.acall(conversation=conversation, now=now, hint=hint)
    if live:
        prediction.reply = live.completed(prediction.reply)
    return _turn(voice, model, prediction, _usage(tracker, started))


def answer_now(
    voice: Voice,
    model: Model,
    conversation: Conversation,
    now: datetime,
    *,
    exclude: Collection[str] = (),
    config: dict[str, Any] | None = None,
) -> Turn:
    """`answer`, called: for commands and evaluation; `config` sets the sampling of this turn."""
    started = time.perf_counter()
    with answering(model, voice.program) as tracker:
        prediction = voice.program(conversation=conversation, now=now, exclude=exclude, config=config)
    return _turn(voice, model, prediction, _usage(tracker, started))


@contextmanager
def answering(model: Model, program: ChatProgram) -> Iterator[UsageTracker]:
    """DSPy for one turn of this program."""
    with asking(model, layout=program.replier.recipe.layout) as tracker:
        yield tracker


@contextmanager
def asking(model: Model, *, layout: Layout = "turns") -> Iterator[UsageTracker]:
    """DSPy for some calls: our model and adapter, nothing remembered, and a failure told in our words."""
    tracker = UsageTracker()
    with dspy.context(
        lm=model.lm,
        adapter=ChatTurnAdapter(layout),
        usage_tracker=tracker,
        trace=None,
        disable_history=True,
        track_usage=False,
    ):
        try:
            yield tracker
        except DSPyError as exc:
            raise explained(exc, model) from exc


def _turn(voice: Voice, model: Model, prediction: dspy.Prediction, usage: Usage) -> Turn:
    return Turn(
        reply=prediction.reply,
        voice=voice.label,
        model=model.lm.model,
        situation=prediction.situation,
        verdict=prediction.verdict,
        demos=prediction.demos,
        usage=usage,
    )


def _usage(tracker: UsageTracker, started: float) -> Usage:
    calls = [call for calls in tracker.usage_data.values() for call in calls]
    return Usage(
        lm_calls=len(calls),
        prompt_tokens=sum(call.get("prompt_tokens") or 0 for call in calls),
        cached_tokens=sum((call.get("prompt_tokens_details") or {}).get("cached_tokens") or 0 for call in calls),
        completion_tokens=sum(call.get("completion_tokens") or 0 for call in calls),
        seconds=round(time.perf_counter() - started, 3),
    )


class ChatSession:
    """Talks, and keeps what is said. A failed or stopped turn leaves the conversation as it was, your words kept."""

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
        self.store, self.voice, self.model, self.clock = store, voice, model, clock
        self._record = record
        self.conversation = conversation
        self.stored = False

    @property
    def messages(self) -> Conversation:
        """What has been said so far."""
        return as_conversation(self.store.path(self.conversation)) if self.conversation else Conversation(messages=())

    def use_model(self, model: Model, *, judge: dspy.LM | None = None) -> None:
        """Answers with this model from now on; the conversation stays. Without a judge the rules decide alone."""
        self.model = model
        suit(self.voice.program, model, listened=self.voice.listened)
        self.voice.program.filter.use_judge(judge)

    async def warm(self) -> None:
        """Lets a model of this process read the head of the prompt, so that the first reply comes sooner.

        The head is cached and nothing else comes of it; cancelling it is harmless.
        """
        now = self.clock()
        opening = Conversation(messages=(Message(from_creator=False, content=_NOTHING_YET),))
        situation = clock_facts(self.messages if self.messages.messages else opening, now)
        with answering(self.model, self.voice.program):
            replier = self.voice.program.replier
            await replier.reply.acall(**replier.inputs(opening, situation), config={"max_tokens": 1})

    async def say(self, text: str, *, show: Callable[[str], object] | None = None) -> Turn:
        """Stores the message, then answers it; `show` as for `answer`.

        Raises DataError for a message that cannot be sent, and PersonaError when the store or the model fails.
        `stored` tells whether the newest message is on disk.
        """
        self.stored = False
        path = await asyncio.to_thread(self._keep, readable(text), self.clock())
        self.stored = True
        return await self._answer(path, show=show)

    def _keep(self, text: str, now: datetime) -> list[StoredMessage]:
        """The conversation with a new message at its end, on disk."""
        if self.conversation is None:
            self.conversation = self.store.begin(self.voice.name, now)
        path = self.store.path(self.conversation)
        message = Message(from_creator=False, content=text, timestamp=now)
        asked = self.store.add(self.conversation, message, parent=path[-1].id if path else None, now=now)
        return [*path, StoredMessage(asked, None, message)]

    async def retry(self, hint: str = "", *, show: Callable[[str], object] | None = None) -> Turn:
        """Another reply to the last message, beside the one that stands. Raises DataError when there is none."""
        path = list(self.store.path(self.conversation)) if self.conversation else []
        while path and path[-1].message.from_creator:
            path.pop()
        if not path:
            raise DataError("There is nothing to answer again yet.", hint="Say something first.")
        return await self._answer(path, hint=hint, show=show)

    def last_turn(self) -> Turn | None:
        """The newest reply and everything that explains it, also in a conversation that was taken up again."""
        path = self.store.path(self.conversation) if self.conversation else ()
        newest = next((stored for stored in reversed(path) if stored.message.from_creator), None)
        details = self.store.turn(newest.id) if newest else None
        return Turn(reply=newest.message.content, **details) if newest and details else None

    async def _answer(
        self, path: Sequence[StoredMessage], *, hint: str = "", show: Callable[[str], object] | None = None
    ) -> Turn:
        assert self.conversation is not None, "a message was stored, so its conversation exists"
        turn = await answer(self.voice, self.model, as_conversation(path), self.clock(), hint=hint, show=show)
        await asyncio.to_thread(self._keep_turn, self.conversation, turn, path[-1].id, self.clock())
        return turn

    def _keep_turn(self, conversation: str, turn: Turn, parent: int, now: datetime) -> None:
        """In one go, so that a turn that is stopped meanwhile is not stored without being recorded."""
        reply = Message(from_creator=True, content=turn.reply, timestamp=now)
        details: dict[str, Any] = turn.model_dump(mode="json", exclude={"reply"})
        self.store.add(conversation, reply, parent=parent, now=now, turn=details)
        if self._record is not None:
            self._record(turn, conversation)
