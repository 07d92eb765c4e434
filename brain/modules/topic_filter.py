"""Judges a complete draft before anyone sees it: rules first, the LM only where they are unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dspy
from dspy.utils.exceptions import DSPyError

from brain.errors import PersonaError
from brain.models import Message, Verdict
from brain.modules.judge import Judge, find_evidence, policy_text, unruled
from brain.modules.steps import Steps, arun, call, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.policy.rules import Rules

JUDGE_FAILURES = (DSPyError, PersonaError, TimeoutError, RecursionError)  # the last: what a parser makes of "[[[[…"
_ASKED = "asked:"  # so begins a rule that fired on what the other person asked for, not on the draft
_CONFIDENCE = {"low": 0.4, "medium": 0.7, "high": 0.95}


class TopicFilter(dspy.Module):
    """A verdict on a draft. No LM call when the rules are sure or there is no able judge; one otherwise.

    An unsure draft without a judge is allowed: it did not reach the score at which the rules block by themselves. The
    operator's categories without names can be seen by a judge alone, so with them it is asked about every draft.
    """

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self.judge = Judge()
        self.judge_lm: dspy.LM | None = None
        self.rules = rules

    def use_judge(self, lm: dspy.LM | None, *, seconds: float | None = None) -> None:
        """Lets this model judge from now on, each time within `seconds`; without one the rules decide alone."""
        self.judge_lm = lm
        self.judge.seconds = seconds or self.judge.seconds

    def forward(self, draft: str, turns: Sequence[Message], verdict: Verdict | None = None) -> dspy.Prediction:
        """A prediction with `verdict`; `turns` are the newest messages before the draft, oldest first.

        `verdict` is what the rules say, when they have been asked already.
        """
        return run(self._steps(draft, turns, verdict))

    async def aforward(self, draft: str, turns: Sequence[Message], verdict: Verdict | None = None) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(draft, turns, verdict))

    def topics(self, verdict: Verdict) -> tuple[str, ...]:
        """What a judge is asked after the rules: everything when they are unsure, else what they cannot see."""
        if self.judge_lm is None or not verdict.allowed:
            return ()
        return tuple(self.rules.policy.forbidden) if verdict.unsure else unruled(self.rules.policy)

    def unjudged(self, verdict: Verdict) -> Verdict:
        """The rules' word where a judge should speak and cannot: it blocks when a rule fired on the draft itself.

        A filter that is unsure blocks, where a judge might have cleared the draft. Without any judge nothing changes.
        """
        if self.judge_lm is None or not (verdict.unsure and fired(verdict)):
            return verdict
        return verdict.model_copy(update={"allowed": False, "layer": "judge"})

    def _steps(self, draft: str, turns: Sequence[Message], verdict: Verdict | None) -> Steps:
        verdict = verdict or self.rules.check(draft, turns)
        topics = self.topics(verdict)
        if not topics:
            return dspy.Prediction(verdict=verdict)
        try:
            judged = yield call(
                self.judge,
                lm=self.judge_lm,
                demos=[demo for demo in self.judge.demos if self._holds(demo, topics)],
                topics=topics,
                policy=policy_text(self.rules.policy, topics),
                turns=turns,
                draft=draft,
            )
        except JUDGE_FAILURES:
            return dspy.Prediction(verdict=self.unjudged(verdict))
        return dspy.Prediction(verdict=_judged(draft, judged) or self.unjudged(verdict))

    def _holds(self, demo: Mapping[str, Any], topics: Sequence[str]) -> bool:
        """Whether a compiled demo is about these topics and today's policy agrees: the operator may have changed it."""
        category, _, _ = demo["policy"].partition(":")
        if category not in topics:
            return False
        found = self.rules.check(demo["draft"], [Message.model_validate(turn) for turn in demo["turns"]])
        return found.category == category if demo["violated"] else found.allowed


def fired(verdict: Verdict) -> bool:
    """Whether a rule found something in the text itself, and not only in what was asked before it."""
    return verdict.rule is not None and not verdict.rule.startswith(_ASKED)


def _judged(draft: str, judged: dspy.Prediction) -> Verdict | None:
    """The judge's word; None when its evidence is not in the draft: then it made it up, and has failed."""
    confidence = _CONFIDENCE[judged.confidence]
    if not judged.violated:
        return Verdict(allowed=True, layer="judge", confidence=confidence)
    place = find_evidence(judged.evidence, draft)
    if place is None:
        return None
    start, end = place
    return Verdict(
        allowed=False,
        category=judged.violated[0],
        layer="judge",
        rule="judge",
        evidence=draft[start:end],
        start=start,
        end=end,
        confidence=confidence,
    )
