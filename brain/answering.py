"""One turn of a program with a model: the one place that opens `dspy.context`, and the values a turn ends in."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import dspy
from dspy.utils.callback import BaseCallback
from dspy.utils.exceptions import DSPyError
from dspy.utils.usage_tracker import UsageTracker

from brain.adapters import ChatTurnAdapter
from brain.lms.build import explained
from brain.models import Turn, Usage
from brain.modules.live import live_reply
from brain.modules.written import Written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from brain.lms.build import Model
    from brain.models import Conversation, Earlier, Layout
    from brain.modules.chat import ChatProgram


# What a prediction says where a model was asked at all.
_OF_THE_PROMPT = ("omitted", "earlier", "context_tokens", "context_size", "notes")


class Voice(NamedTuple):
    """A program that answers: the label it goes by, and the name its conversations are kept under.

    `listened` names the model that was listened to when it was compiled.
    """

    label: str
    program: ChatProgram
    name: str = ""
    listened: str | None = None


class Wanted(NamedTuple):
    """What is wished of one turn, beyond an answer.

    `hint` is a wish for this reply, `begun` what stands of it already, `earlier` what the last turn knew of the
    messages that no longer fit.
    """

    hint: str = ""
    begun: str = ""
    earlier: Earlier | None = None


def suit(program: ChatProgram, model: Model, *, listened: str | None) -> None:
    """Suits the program to the model that will answer."""
    accented = model.biased and model.spec == listened
    program.suit(small=model.small, accented=accented, size=model.size, count=model.count)


async def answer(
    voice: Voice,
    model: Model,
    conversation: Conversation,
    now: datetime,
    *,
    wanted: Wanted | None = None,
    written: Written | None = None,
    record: Record | None = None,
    show: Callable[[str], object] | None = None,
) -> Turn:
    """One turn, awaited; cancelling it stops the model. Raises PersonaError when the model fails.

    `written` follows the reply as it is written, `record` what is sent and spent. `show` is given the sentences of the
    reply as they may be shown, where the policy lets them out one by one; the reply of the turn begins with them.
    """
    written = written or Written(voice.program.replier.reply)
    written.live = live_reply(voice.program, conversation, now, show) if show else None
    wishes = (wanted or Wanted())._asdict()
    with answering(model, voice.program, written=written, record=record) as kept:
        prediction = await voice.program.acall(conversation=conversation, now=now, **wishes)
    if written.live:
        prediction.reply = written.live.completed(prediction.reply)
    return kept.turn(voice, model, prediction, first_word=written.first_word)


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
    with answering(model, voice.program) as record:
        prediction = voice.program(conversation=conversation, now=now, exclude=exclude, config=config)
    return record.turn(voice, model, prediction)


@contextmanager
def answering(
    model: Model, program: ChatProgram, *, written: Written | None = None, record: Record | None = None
) -> Iterator[Record]:
    """DSPy for one turn of this program."""
    with asking(model, layout=program.replier.recipe.layout, written=written, record=record) as kept:
        yield kept


@contextmanager
def asking(
    model: Model, *, layout: Layout = "turns", written: Written | None = None, record: Record | None = None
) -> Iterator[Record]:
    """DSPy for some calls: our model and adapter, nothing remembered, and a failure told in our words."""
    record = record or Record()
    with dspy.context(
        lm=model.lm,
        adapter=ChatTurnAdapter(layout, prefills=model.prefills),
        usage_tracker=record.tracker,
        callbacks=[record],
        send_stream=written,
        trace=None,
        disable_history=True,
        track_usage=False,
    ):
        try:
            yield record
        except DSPyError as exc:
            raise explained(exc, model) from exc


class Record(BaseCallback):
    """What some calls sent and what they cost."""

    def __init__(self) -> None:
        self.tracker = UsageTracker()
        self.prompts: list[tuple[dict[str, str], ...]] = []
        self._started = time.perf_counter()

    def on_lm_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:  # noqa: ARG002  dspy names them
        """Keeps the messages exactly as they go out."""
        self.prompts.append(tuple({"role": one["role"], "content": str(one["content"])} for one in inputs["messages"]))

    def turn(self, voice: Voice, model: Model, prediction: dspy.Prediction, *, first_word: float | None = None) -> Turn:
        """The finished turn; its seconds are counted from the start of the record."""
        return Turn(
            reply=prediction.reply,
            voice=voice.label,
            model=model.lm.model,
            situation=prediction.situation,
            verdict=prediction.verdict,
            demos=prediction.demos,
            usage=self.usage(first_word=first_word),
            prompts=tuple(self.prompts),
            **{name: prediction[name] for name in _OF_THE_PROMPT if name in prediction},
        )

    def usage(self, *, first_word: float | None = None) -> Usage:
        """What was spent so far."""
        calls = [call for calls in self.tracker.usage_data.values() for call in calls]
        return Usage(
            lm_calls=len(calls),
            prompt_tokens=sum(call.get("prompt_tokens") or 0 for call in calls),
            cached_tokens=sum((call.get("prompt_tokens_details") or {}).get("cached_tokens") or 0 for call in calls),
            completion_tokens=sum(call.get("completion_tokens") or 0 for call in calls),
            seconds=round(time.perf_counter() - self._started, 3),
            first_word=first_word,
        )
