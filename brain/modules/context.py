"""Knows when it is talking: facts of the clock, and on request the LM's reading of the moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import dspy

from brain.modules.steps import Steps, arun, call, run
from brain.signatures.context import ReadSituation

if TYPE_CHECKING:
    from brain.models import Conversation, Message

_PARTS_OF_DAY = (
    (5, "night"),
    (9, "early morning"),
    (12, "morning"),
    (14, "midday"),
    (18, "afternoon"),
    (22, "evening"),
)
_PAUSE = timedelta(hours=1)
_READ_TURNS = 6
_SITUATION_TOKENS = 80


class SituationReader(dspy.Module):
    """The situation as one short text. No LM call, or one when `ask_lm` is set."""

    def __init__(self, *, ask_lm: bool = False) -> None:
        super().__init__()
        self.read = dspy.Predict(ReadSituation, max_tokens=_SITUATION_TOKENS)
        self.ask_lm = ask_lm

    def forward(self, conversation: Conversation, now: datetime) -> dspy.Prediction:
        """A prediction with `situation`."""
        return run(self._steps(conversation, now))

    async def aforward(self, conversation: Conversation, now: datetime) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(conversation, now))

    def _steps(self, conversation: Conversation, now: datetime) -> Steps:
        facts = clock_facts(conversation, now)
        if not self.ask_lm:
            return dspy.Prediction(situation=facts)
        turns = list(conversation.messages[-_READ_TURNS:])
        reading = yield call(self.read, clock=facts, turns=turns)
        return dspy.Prediction(situation=f"{facts} {reading.situation.strip()}")


def clock_facts(conversation: Conversation, now: datetime) -> str:
    """Local time of day, weekday, pauses and length of the conversation, in plain words.

    Worded coarsely on purpose: it stands at the head of the prompt, and while it stays the same a prefix cache keeps
    the whole of it. `now` carries the local time zone; a naive timestamp counts as local.
    """
    facts = [f"It is {now:%A} {part_of_day(now)}."]
    earlier, burst = _last_burst(conversation.messages)
    pause = _last_pause(conversation.messages, now)
    if not earlier:
        facts.append("This is their first message.")
    elif pause is not None:
        facts.append(f"Before this you had not talked for {spoken(pause)}.")
    waited = _between(burst[-1] if burst else None, now, now)
    if waited is not None and waited >= _PAUSE:
        facts.append(f"Their message has waited {spoken(waited)} for an answer.")
    if earlier:
        facts.append(f"You have {_length(len(conversation.messages))}.")
    return " ".join(facts)


def part_of_day(now: datetime) -> str:
    """`night`, `early morning`, … for the hour of `now`.

    >>> part_of_day(datetime(2026, 5, 2, 23, 10))
    'late evening'
    """
    return next((name for until, name in _PARTS_OF_DAY if now.hour < until), "late evening")


def spoken(gap: timedelta) -> str:
    """A duration as one would say it.

    >>> spoken(timedelta(days=3, hours=5))
    '3 days'
    """
    for unit, size in (("week", 7 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60)):
        count = int(gap.total_seconds() // size)
        if count >= (2 if unit == "week" else 1):
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "a moment"


def _length(messages: int) -> str:
    if messages < 8:
        return "only just started talking"
    return "been talking for a while" if messages < 100 else "been talking for a long time"


def _last_burst(messages: tuple[Message, ...]) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Everything before the other person's last messages in a row, and those messages."""
    cut = len(messages)
    while cut > 0 and not messages[cut - 1].from_creator:
        cut -= 1
    return messages[:cut], messages[cut:]


def _last_pause(messages: tuple[Message, ...], now: datetime) -> timedelta | None:
    """The newest silence of an hour or more between two messages: it opened the present sitting."""
    for before, after in zip(reversed(messages[:-1]), reversed(messages[1:]), strict=True):
        if after.timestamp is None:
            continue
        pause = _between(before, after.timestamp, now)
        if pause is not None and pause >= _PAUSE:
            return pause
    return None


def _between(message: Message | None, then: datetime, now: datetime) -> timedelta | None:
    if message is None or message.timestamp is None:
        return None
    return _aware(then, now) - _aware(message.timestamp, now)


def _aware(moment: datetime, now: datetime) -> datetime:
    return (
        moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo or datetime.now().astimezone().tzinfo)
    )
