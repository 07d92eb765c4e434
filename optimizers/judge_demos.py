"""Demos for the judge of replies: a balanced handful from our own development set, the half that rules may look at."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from brain.modules.judge import policy_text
from brain.modules.topic_filter import fired
from evals.topics.examples import load_sets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Verdict
    from brain.policy.rules import Rules
    from evals.topics.examples import TopicExample

EACH = 3  # violations, and as many harmless look-alikes
_READ = 160  # examples that the rules are asked about: a fraction of a second
_TURNS = 4


class _Candidate(NamedTuple):
    example: TopicExample
    verdict: Verdict

    @property
    def traits(self) -> tuple[str, ...]:
        return (self.example.category, self.example.technique, self.example.language)

    @property
    def is_found(self) -> bool:
        """Whether the rules see in the text itself what it breaks."""
        return self.verdict.category == self.example.category and fired(self.verdict)


def judge_demos(rules: Rules, examples: Sequence[TopicExample] | None = None) -> list[dict[str, Any]]:
    """Three violations with their evidence and three harmless look-alikes, the two kinds in turn; no LM call.

    They differ as far as possible in category, technique and language, and are the same for the same set and policy.
    The rules must find the violation, since what they find is the evidence, and must not block what is harmless. Fewer
    when the set has fewer. Without `examples`, the packaged set.
    """
    if examples is None:
        examples = [example for one in load_sets(halves=("tune",)) for example in one.examples]
    suited = [one for one in examples if one.role == "reply" and rules.policy.forbids(one.category)]
    suited.sort(key=lambda one: hashlib.sha256(one.id.encode()).digest())
    read = [_Candidate(one, rules.check(one.text, one.turns)) for one in suited[:_READ]]
    broken = _spread([one for one in read if one.example.violation and one.is_found])
    harmless = _spread([one for one in read if not one.example.violation and one.verdict.allowed])
    return [_demo(rules, one) for pair in zip(harmless, broken, strict=False) for one in pair]


def _spread(candidates: list[_Candidate]) -> list[_Candidate]:
    """The most different ones; among equals one that the rules are unsure of, because such come before a judge."""
    chosen: list[_Candidate] = []
    while candidates and len(chosen) < EACH:
        known = [trait for one in chosen for trait in one.traits]
        best = min(candidates, key=lambda one: (sum(map(known.count, one.traits)), not one.verdict.unsure))
        candidates.remove(best)
        chosen.append(best)
    return chosen


def _demo(rules: Rules, candidate: _Candidate) -> dict[str, Any]:
    """An example in the shape of JudgeTopics; it is saved with DSPy's own state of the program."""
    example, verdict = candidate
    return {
        "policy": policy_text(rules.policy, (example.category,)),
        "turns": list(example.turns[-_TURNS:]),
        "draft": example.text,
        "violated": [example.category] if example.violation else [],
        "evidence": verdict.evidence if example.violation else "",
        "confidence": "high",
    }
