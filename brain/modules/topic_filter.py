"""Judges a complete draft before anyone sees it: rules first, the LM only where they are unsure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dspy
from dspy.utils.exceptions import DSPyError

from brain.models import Verdict
from brain.modules.steps import Steps, arun, call, run
from brain.policy.fold import fold
from brain.signatures.topic_filter import JudgeTopics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Message
    from brain.policy.policy import Policy
    from brain.policy.rules import Rules

_TURNS = 4
_VERDICT_TOKENS = 300
_CONFIDENCE = {"low": 0.4, "medium": 0.7, "high": 0.95}


class TopicFilter(dspy.Module):
    """A verdict on a draft. No LM call when the rules are sure or there is no able judge; one otherwise.

    An unsure draft without a judge is allowed: it did not reach the score at which the rules block by themselves.
    """

    def __init__(self, rules: Rules, *, ask_lm: bool = False) -> None:
        super().__init__()
        self.judge = dspy.Predict(JudgeTopics, max_tokens=_VERDICT_TOKENS, temperature=0.0)
        self.rules = rules
        self.ask_lm = ask_lm

    def forward(self, draft: str, turns: Sequence[Message]) -> dspy.Prediction:
        """A prediction with `verdict`; `turns` are the newest messages before the draft, oldest first."""
        return run(self._steps(draft, turns))

    async def aforward(self, draft: str, turns: Sequence[Message]) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(draft, turns))

    def _steps(self, draft: str, turns: Sequence[Message]) -> Steps:
        verdict = self.rules.check(draft, turns)
        if not (verdict.allowed and verdict.unsure and self.ask_lm):
            return dspy.Prediction(verdict=verdict)
        try:
            judged = yield call(self.judge, policy=spoken(self.rules.policy), turns=list(turns[-_TURNS:]), draft=draft)
        except DSPyError:
            # A filter that is unsure blocks: a rule had fired, and the judge cannot say otherwise.
            return dspy.Prediction(verdict=verdict.model_copy(update={"allowed": False, "layer": "judge"}))
        return dspy.Prediction(verdict=_judged(verdict, draft, judged))


def spoken(policy: Policy) -> str:
    """The forbidden categories and what each means, a line a category."""
    return "\n".join(f"{category}: {meaning}" for category, meaning in policy.forbidden.items())


def _judged(verdict: Verdict, draft: str, judged: dspy.Prediction) -> Verdict:
    """The judge's word, unless its evidence is not in the draft: then it made it up, and the rules' word stands."""
    confidence = _CONFIDENCE[judged.confidence]
    if not judged.violated:
        return Verdict(allowed=True, layer="judge", confidence=confidence)
    evidence = judged.evidence.strip()
    if not evidence or fold(evidence).text not in fold(draft).text:
        return verdict
    start = max(draft.find(evidence), 0)
    return Verdict(
        allowed=False,
        category=judged.violated[0],
        layer="judge",
        rule="judge",
        evidence=evidence,
        start=start,
        end=start + len(evidence),
        confidence=confidence,
    )
