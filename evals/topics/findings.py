"""Asks the filter about messages, one at a time, and keeps what it said beside the label."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from brain.bundled import BUNDLED
from brain.models import Message, Verdict
from brain.policy.fold import fold
from brain.policy.honesty import Honesty
from brain.policy.rules import DENIAL
from brain.safety.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brain.policy.rules import Rules
    from evals.topics.examples import TopicExample

# The last word on a text in its context, given the rules' verdict; None leaves it at that.
Judge = Callable[[str, Sequence[Message], Verdict], Verdict | None]

SAFETY = ("crisis", "minor", "ai_question", "denial")


class Finding(NamedTuple):
    """A message and what the filter said of it; `milliseconds` by the wall clock, judge included."""

    example: TopicExample
    blocked: bool
    noticed: bool
    rule: str | None
    confidence: float
    evidence: str
    milliseconds: float


class Examiner:
    """The filter that is measured: rules, the routes that go ahead of them, and a judge where there is one."""

    def __init__(self, rules: Rules, judge: Judge | None = None) -> None:
        self.rules, self._judge = rules, judge
        self._routes, self._honesty = Routes(BUNDLED), Honesty()

    def can_judge(self, example: TopicExample) -> bool:
        """Whether the message is about something that this filter looks for."""
        return example.category in SAFETY or self.rules.policy.forbids(example.category)

    def examine(
        self, examples: Iterable[TopicExample], *, tick: Callable[[], object] = lambda: None
    ) -> tuple[Finding, ...]:
        """What the filter says of each message that it can judge; `tick` is called after each, judged or not."""
        found = []
        for example in examples:
            if self.can_judge(example):
                found.append(self._ask(example))
            tick()
        return tuple(found)

    def verdict(self, text: str, context: Sequence[Message] = ()) -> Verdict:
        """What is said of a reply."""
        verdict = self.rules.check(text, context)
        judged = self._judge(text, context, verdict) if self._judge else None
        return judged or verdict

    def _ask(self, example: TopicExample) -> Finding:
        turns = example.turns
        started = time.perf_counter()
        if example.category in SAFETY:
            route = self._route(example)
            took = 1000 * (time.perf_counter() - started)
            hit = route == example.category if example.violation else route is not None
            return Finding(example, hit, hit, route, 1.0, "", took)
        verdict = self.rules.check_fan(example.text) if example.role == "fan" else self.verdict(example.text, turns)
        took = 1000 * (time.perf_counter() - started)
        # What the other person writes is never blocked; to notice it is all there is to do.
        blocked = verdict.unsure if example.role == "fan" else not verdict.allowed
        noticed = blocked or verdict.unsure
        return Finding(example, blocked, noticed, verdict.rule, verdict.confidence, verdict.evidence, took)

    def _route(self, example: TopicExample) -> str | None:
        """The category of safety that a message falls into."""
        if example.role == "fan":
            found = self._routes.read(example.text, example.turns)
            return found.kind if found else None
        before = self._routes.read(example.turns[-1].content) if example.turns else None
        asked = before is not None and before.kind == "ai_question"
        return DENIAL if self._honesty.find_answer(fold(example.text).text, asked=asked) else None
