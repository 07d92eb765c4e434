"""Can this model judge? A dozen clear cases, in schema mode, stopped as soon as it cannot pass any more."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from itertools import cycle
from typing import TYPE_CHECKING

import dspy
from dspy.utils.exceptions import (
    AdapterParseError,
    LMInvalidRequestError,
    LMUnsupportedFeatureError,
    LMUnsupportedModelError,
)
from pydantic import Field

from brain.models import Message, Value
from brain.modules.judge import Judge, find_evidence
from brain.modules.steps import Steps, arun, call, run
from brain.signatures.topic_filter import JudgeTopics

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_WRONG = 1  # of twelve
# What shows that a model cannot hold the schema; a model that is not there, or late, has shown nothing.
_UNREADABLE = (AdapterParseError, LMInvalidRequestError, LMUnsupportedFeatureError, RecursionError)


class ProbeCase(Value):
    """One case: what was said before, the other person's first, and the category that the draft breaks, if any."""

    turns: tuple[str, ...] = Field(min_length=1)
    draft: str
    broken: str | None = None

    @property
    def messages(self) -> tuple[Message, ...]:
        """The turns as messages."""
        sides = cycle((False, True))
        return tuple(Message(from_creator=side, content=turn) for side, turn in zip(sides, self.turns, strict=False))


class ProbeSet(Value):
    """The cases and the policy that they are judged by."""

    policy: dict[str, str]
    case: tuple[ProbeCase, ...]


@cache
def probe_set() -> ProbeSet:
    """The packaged cases."""
    return ProbeSet.model_validate(tomllib.loads(_packaged()))


def probe_digest() -> str:
    """SHA-256 of all that a model is asked and what counts as a pass: another probe makes old results void."""
    return hashlib.sha256(f"{_packaged()}{JudgeTopics.instructions}{MOST_WRONG}".encode()).hexdigest()


def _packaged() -> str:
    return files("brain.modules").joinpath("probe.toml").read_text(encoding="utf-8")


class Probe:
    """A probe in progress; it may be given up at any case and taken up there again. One LM call a case.

    `asked` cases have been judged, `right` of them as they should be.
    """

    def __init__(
        self,
        lm: dspy.LM,
        *,
        seconds: float,
        loading: float = 0.0,
        tick: Callable[[int], object] = lambda _: None,
    ) -> None:
        """`seconds` are those a verdict may take; the first may take `loading`, if that is more, to load the model.

        `tick` hears the number of the case that is asked next.
        """
        self.lm, self.seconds, self.loading, self.tick = lm, seconds, loading, tick
        self.judge = Judge()
        self.asked = self.right = 0

    @property
    def able(self) -> bool | None:
        """Whether the model passed; None while that is open."""
        if self.asked - self.right > MOST_WRONG:
            return False
        return True if self.asked == len(probe_set().case) else None

    def run(self) -> bool:
        """To the end. Raises DSPyError or PersonaError when the model is not there, TimeoutError when it is late."""
        return bool(run(self._steps()).able)

    async def arun(self) -> bool:
        """`run`, awaited."""
        return bool((await arun(self._steps())).able)

    def _steps(self) -> Steps:
        probes = probe_set()
        policy = "\n".join(f"{category}: {meaning}" for category, meaning in probes.policy.items())
        while self.able is None:
            case = probes.case[self.asked]
            self.tick(self.asked + 1)
            self.judge.seconds = self.seconds if self.asked else max(self.seconds, self.loading)
            question = {"policy": policy, "turns": case.messages, "draft": case.draft}
            try:
                right = _is_right(case, (yield call(self.judge, lm=self.lm, topics=tuple(probes.policy), **question)))
            except LMUnsupportedModelError:
                raise
            except _UNREADABLE:
                right = False
            self.asked, self.right = self.asked + 1, self.right + right
        return dspy.Prediction(able=self.able)


def _is_right(case: ProbeCase, judged: dspy.Prediction) -> bool:
    if case.broken is None:
        return not judged.violated
    return case.broken in judged.violated and find_evidence(judged.evidence, case.draft) is not None
