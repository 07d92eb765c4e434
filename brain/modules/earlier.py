"""What a prompt says, in one line, of the messages that no longer fit into it."""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any

import dspy
from dspy.utils.exceptions import DSPyError

from brain.errors import PersonaError
from brain.models import Earlier, Message
from brain.modules.steps import Steps, arun, call, run
from brain.modules.telling_words import telling_words, usual_words
from brain.policy.fallback import without
from brain.sanitise import display
from brain.signatures.earlier import SumUp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.demos import DemoBank
    from brain.models import Verdict
    from brain.policy.rules import Rules

MOST_WORDS = 60  # of a line
_MOST_CHARACTERS = 400
_TOPICS = 6
_LOOKED_AT = 40  # words
_SUMMARY_TOKENS = 1_000  # two sentences take sixty; a model that thinks first needs the rest
_TURN_CHARACTERS = 300
_FAILURES = (DSPyError, PersonaError, TimeoutError, RecursionError)  # the last: what a parser makes of "[[[[…"


class Rememberer(dspy.Module):
    """Says in one line what was said in the messages that a prompt leaves out; one LM call, or none.

    A model that is not able, or fails, or says what the policy forbids, is replaced by a list of telling words.
    """

    def __init__(self, rules: Rules, *, seconds: float = 20.0) -> None:
        """A model is given up after so many seconds, where it is awaited."""
        super().__init__()
        self.sum_up = _Hurried(seconds)
        self.rules = rules

    def forward(self, messages: Sequence[Message], **options: Any) -> dspy.Prediction:
        """A prediction with `earlier`; `messages` are those left out, one at least.

        Options: `before` (what was known of the first of them), `bank` (how the two usually write), `able` (whether the
        model is asked), `most` (bytes of the messages that it may be shown).
        """
        return run(self._steps(messages, **options))

    async def aforward(self, messages: Sequence[Message], **options: Any) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(messages, **options))

    def _steps(
        self,
        messages: Sequence[Message],
        before: Earlier | None = None,
        bank: DemoBank | None = None,
        able: bool = False,
        most: int = 8_000,
    ) -> Steps:
        known = before if before and before.messages < len(messages) else None
        line: str | None = None
        if able:
            turns = _newest(messages[known.messages if known else 0 :], most)
            try:
                told = yield call(self.sum_up, before=known.line if known else "", turns=turns)
                line = without(_short(str(told.summary)), self._verdict)
            except _FAILURES:
                line = None
        line = self._listed(messages, bank) if line is None else line
        return dspy.Prediction(earlier=Earlier(messages=len(messages), line=line))

    def _listed(self, messages: Sequence[Message], bank: DemoBank | None) -> str:
        """The subjects; empty when none of them may be named, or there are none."""
        words = telling_words([message.content for message in messages], usual_words(bank))
        named = list(islice((word for word in words[:_LOOKED_AT] if self._verdict(word).allowed), _TOPICS))
        line = f"You talked about: {', '.join(named)}."
        return line if named and self._verdict(line).allowed else ""

    def _verdict(self, text: str) -> Verdict:
        """What the rules are unsure of stays out too."""
        found = self.rules.check(text)
        return found.model_copy(update={"allowed": found.allowed and not found.unsure})


class _Hurried(dspy.Predict):
    """SumUp, given up after `seconds`, and its request with it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(SumUp, max_tokens=_SUMMARY_TOKENS, temperature=0.0)
        self.seconds = seconds

    async def aforward(self, **inputs: Any) -> dspy.Prediction:
        async with asyncio.timeout(self.seconds):
            return await super().aforward(**inputs)


def _newest(messages: Sequence[Message], most: int) -> list[Message]:
    """The newest of them in so many bytes, the middle of a long one left out."""
    turns: list[Message] = []
    for message in reversed(messages):
        turn = Message(from_creator=message.from_creator, content=_ends(message.content))
        most -= len(turn.content.encode(errors="replace"))
        if most < 0 and turns:
            break
        turns.append(turn)
    return turns[::-1]


def _ends(text: str) -> str:
    half = _TURN_CHARACTERS // 2
    return text if len(text) <= _TURN_CHARACTERS else f"{text[:half]} … {text[-half:]}"


def _short(text: str) -> str:
    """One line, no longer than it may be."""
    return " ".join(display(text).split()[:MOST_WORDS])[:_MOST_CHARACTERS]
