"""The whole measurement: labelled messages, disguised names, ordinary talk, speed, and all of it beside the bars."""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from brain.watcher import Unwatched
from evals.topics.bars import bars_of
from evals.topics.disguised import carriers, measure_disguises
from evals.topics.measure import measure_half
from evals.topics.obfuscation import TECHNIQUES
from evals.topics.results import OrdinaryResult, Shown, Speed, TopicResult, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from brain.models import Verdict
    from brain.watcher import Watcher
    from evals.topics.corpora import Corpus
    from evals.topics.examples import ExampleSet, Half, TopicExample
    from evals.topics.findings import Examiner, Finding
    from evals.topics.results import HalfResult

_NAME_RULES = ("platform:", "handoff:", "category:")


class Material(NamedTuple):
    """What the filter is measured on."""

    sets: tuple[ExampleSet, ...]
    corpora: tuple[Corpus, ...]


def evaluate_topics(
    material: Material, examiner: Examiner, *, judging: bool = False, watcher: Watcher | None = None
) -> TopicResult:
    """Every figure there is. `judging` tells whether the examiner has a judge; `watcher` hears what takes a moment."""
    watcher = watcher or Unwatched()
    examples = _by_half(material.sets)
    count = sum(map(len, examples.values()))
    watcher.say(f"Reading {count:,} labelled messages…")
    watcher.begin(count, "messages")
    measured = [measure_half(half, found, examiner, tick=watcher.tick) for half, found in examples.items()]
    watcher.stop()
    halves = tuple(result for result, _ in measured)
    findings = [found for _, all_found in measured for found in all_found]
    open_to_see = [example for half, found in examples.items() if half != "proof" for example in found]
    sentences = carriers(examiner.rules, open_to_see)
    if sentences:
        watcher.say(f"Reading {len(sentences):,} sentences with a name, each in {len(TECHNIQUES)} disguises…")
    watcher.begin(len(TECHNIQUES), "disguises")
    disguises = []
    for measure in measure_disguises(examiner.rules, sentences):
        disguises.append(measure)
        watcher.tick()
    watcher.stop()
    ordinary = []
    for corpus in material.corpora:
        watcher.say(f"Reading {len(corpus.messages):,} ordinary messages, {corpus.name}…")
        watcher.begin(len(corpus.messages), "messages")
        ordinary.append(measure_ordinary(corpus, examiner, tick=watcher.tick))
        watcher.stop()
    speed = _speed(findings)
    return TopicResult(
        policy=str(examiner.rules.policy.version),
        judge="auto" if judging else "off",
        halves=halves,
        disguised_names=len({carrier.name for carrier in sentences}),
        disguises=tuple(disguises),
        ordinary=tuple(ordinary),
        speed=speed,
        bars=bars_of(halves, disguises, ordinary, speed),
        notes=tuple(_left_out(halves)),
    )


def measure_ordinary(
    corpus: Corpus, examiner: Examiner, *, tick: Callable[[], object] = lambda: None
) -> OrdinaryResult:
    """What is blocked among messages that should pass, the surest first; every one of them is listed.

    `tick` is called after each message.
    """
    verdicts = []
    for text in corpus.messages:
        verdicts.append((text, examiner.verdict(text)))
        tick()
    flagged = [(text, verdict) for text, verdict in verdicts if not verdict.allowed]
    flagged.sort(key=lambda one: -one[1].confidence)
    named = sum((verdict.rule or "").startswith(_NAME_RULES) for _, verdict in flagged)
    met = sum(verdict.category == "in_person" for _, verdict in flagged)
    count = len(corpus.messages)
    return OrdinaryResult(
        name=corpus.name,
        sources=corpus.sources,
        blocked=share(len(flagged), count),
        names=share(named, count),
        meetings=share(met, count),
        doubts=share(sum(verdict.allowed and verdict.unsure for _, verdict in verdicts), count),
        flagged=tuple(_shown(text, verdict) for text, verdict in flagged),
    )


def _by_half(sets: Sequence[ExampleSet]) -> dict[Half, list[TopicExample]]:
    halves: dict[Half, list[TopicExample]] = {}
    for half in ("tune", "proof", "given"):
        if found := [example for one in sets if one.half == half for example in one.examples]:
            halves[half] = found
    return halves


def _speed(findings: Sequence[Finding]) -> Speed:
    spent = [found.milliseconds for found in findings]
    if len(spent) < 2:
        return Speed(messages=len(spent), p50=sum(spent), p95=sum(spent))
    return Speed(
        messages=len(spent),
        p50=statistics.median(spent),
        p95=statistics.quantiles(spent, n=20, method="inclusive")[18],
    )


def _left_out(halves: Iterable[HalfResult]) -> list[str]:
    together: Counter[str] = Counter()
    for half in halves:
        together.update(half.left_out)
    counts = ", ".join(f"{category} ({count})" for category, count in sorted(together.items()))
    return [f"Left out, because this filter does not look for it: {counts}."] if counts else []


def _shown(text: str, verdict: Verdict) -> Shown:
    return Shown(
        text=text,
        rule=verdict.rule,
        confidence=verdict.confidence,
        evidence=verdict.evidence,
        noticed=True,
    )
