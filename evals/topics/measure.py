"""Recall, precision and false alarms of the topic filter on labelled messages, sliced every way that explains them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evals.topics.findings import SAFETY
from evals.topics.results import HalfResult, Shown, Slice, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from evals.topics.examples import Half, TopicExample
    from evals.topics.findings import Examiner, Finding

NAMES = ("social_platforms", "fan_platforms")
MEETINGS = ("in_person",)


def measure_half(
    half: Half, examples: Sequence[TopicExample], examiner: Examiner, *, tick: Callable[[], object] = lambda: None
) -> tuple[HalfResult, tuple[Finding, ...]]:
    """The figures of one half, and what they were counted from. `tick` is called after each example."""
    findings = examiner.examine(examples, tick=tick)
    safety = [found for found in findings if found.example.category in SAFETY]
    topics = [found for found in findings if found.example.category not in SAFETY]
    replies = [found for found in topics if found.example.role == "reply"]
    raised = [found for found in topics if found.example.role == "fan"]
    names = [found for found in replies if found.example.category in NAMES]
    meetings = [found for found in replies if found.example.category in MEETINGS]
    wrong = [*replies, *raised, *safety]
    result = HalfResult(
        half=half,
        names=slice_of("all names", names),
        meetings=slice_of("all meetings", meetings),
        replies=slice_of("all replies", replies),
        categories=sliced(replies, lambda example: example.category),
        name_techniques=sliced(names, lambda example: example.technique),
        meeting_techniques=sliced(meetings, lambda example: example.technique),
        languages=sliced(replies, lambda example: example.language),
        raised=sliced(raised, lambda example: example.category),
        safety=sliced(safety, lambda example: example.category),
        misses=_misses(wrong),
        alarms=_alarms(wrong),
        left_out=dict(Counter(example.category for example in examples if not examiner.can_judge(example))),
    )
    return result, findings


def sliced(findings: Iterable[Finding], key: Callable[[TopicExample], str]) -> tuple[Slice, ...]:
    """One slice for each value of the key, in the order of their names."""
    groups: dict[str, list[Finding]] = {}
    for found in findings:
        groups.setdefault(key(found.example), []).append(found)
    return tuple(slice_of(name, groups[name]) for name in sorted(groups))


def slice_of(name: str, findings: Sequence[Finding]) -> Slice:
    """The figures of these messages together."""
    violations = [found for found in findings if found.example.violation]
    harmless = [found for found in findings if not found.example.violation]
    hits, alarms = _count(violations), _count(harmless)
    noticed = sum(found.noticed for found in violations)
    doubts = sum(found.noticed and not found.blocked for found in harmless)
    return Slice(
        name=name,
        blocked=share(hits, len(violations)),
        noticed=share(noticed, len(violations)),
        precision=share(hits, hits + alarms) if violations else share(0, 0),
        alarms=share(alarms, len(harmless)),
        doubts=share(doubts, len(harmless)),
    )


def _count(findings: Iterable[Finding]) -> int:
    return sum(found.blocked for found in findings)


def _misses(findings: Iterable[Finding]) -> tuple[Shown, ...]:
    """Of what is missed equally, one of each technique in turn, so that the first few tell most."""
    missed = [found for found in findings if found.example.violation and not found.blocked]
    before: Counter[tuple[bool, float, str]] = Counter()
    ranked = []
    for found in missed:
        grade = found.noticed, found.confidence if found.rule else 0.0
        ranked.append(((*grade, before[*grade, found.example.technique]), found))
        before[*grade, found.example.technique] += 1
    return tuple(shown(found) for _, found in sorted(ranked, key=lambda one: one[0]))


def _alarms(findings: Iterable[Finding]) -> tuple[Shown, ...]:
    false = [found for found in findings if not found.example.violation and found.blocked]
    return tuple(map(shown, sorted(false, key=lambda found: -found.confidence)))


def shown(found: Finding) -> Shown:
    """The finding as it is printed."""
    return Shown(
        text=found.example.text,
        rule=found.rule,
        confidence=found.confidence,
        evidence=found.evidence,
        noticed=found.noticed,
        id=found.example.id,
        category=found.example.category,
        technique=found.example.technique,
        language=found.example.language,
        context=found.example.context,
    )
