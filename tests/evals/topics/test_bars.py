"""The bars, and whether they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from topic_samples import an_example

from evals.topics.bars import bars_of
from evals.topics.findings import Examiner
from evals.topics.measure import measure_half
from evals.topics.results import DisguiseResult, OrdinaryResult, Speed, share

if TYPE_CHECKING:
    from evals.topics.results import Bar

FAST = Speed(messages=10, p50=0.2, p95=0.5)


def a_disguise(name: str, hits: int, bar: float = 0.9) -> DisguiseResult:
    found = share(hits, 100)
    return DisguiseResult(technique=name, blocked=found, noticed=found, bar=bar, misses=())


def some_talk(name: str, alarms: int) -> OrdinaryResult:
    found = share(alarms, 5_000)
    return OrdinaryResult(
        name=name,
        sources={name: 5_000},
        blocked=found,
        names=found,
        meetings=share(0, 5_000),
        doubts=share(0, 5_000),
        flagged=(),
    )


def named(bars: tuple[Bar, ...], what: str) -> Bar:
    return next(bar for bar in bars if bar.what.startswith(what))


def test_the_worst_disguise_stands_for_all():
    """Those with a bar of their own apart."""
    disguises = [a_disguise("bold", 100), a_disguise("leet", 80), a_disguise("reversed", 82, 0.8)]

    bars = bars_of((), disguises, (), FAST)

    assert named(bars, "disguised names blocked, worst: leet").reached is False
    assert named(bars, "disguised names blocked, worst: reversed").reached is True


@pytest.mark.parametrize(("alarms", "reached"), [(0, True), (1, True), (2, False)])
def test_false_alarms_are_counted_to_ten_thousand(alarms, reached):
    """In made-up talk; real talk holds real mentions and has no bar."""
    bars = bars_of((), (), [some_talk("made up", alarms)], FAST)

    assert named(bars, "ordinary messages blocked for meetings").bar == 10
    assert named(bars, "ordinary messages blocked for names").reached is reached
    assert [bar.what for bar in bars_of((), (), [some_talk("mine.csv", 9)], FAST)] == ["milliseconds a message, p95"]


def test_each_half_has_its_own_bars(rules):
    """Names by technique, meetings as a whole; AI questions where they are measured."""
    examiner = Examiner(rules)
    examples = [
        an_example("1", "add me on instagram", violation=True),
        an_example("2", "nothing to see", violation=True, technique="slang"),
        an_example("3", "let's meet tomorrow at 8 at my place", violation=True, category="in_person"),
        an_example("4", "are you a bot?", violation=True, role="fan", category="ai_question"),
    ]
    halves = [measure_half(half, examples, examiner)[0] for half in ("tune", "proof")]

    bars = bars_of(halves, (), (), FAST)

    assert [bar.half for bar in bars if bar.what == "names blocked, plain"] == ["tune", "proof"]
    assert named(bars, "names blocked, plain").reached is True
    assert named(bars, "names blocked, slang").reached is False
    assert {bar.what for bar in bars} >= {"meetings blocked", "meetings blocked or unsure", "meetings, precision"}
    assert named(bars, "meetings blocked").reached is True
    assert named(bars, "AI questions recognised").reached is True


def test_without_a_figure_nothing_is_reached():
    """An empty measurement proves nothing."""
    assert bars_of((), (), (), Speed(messages=0, p50=0, p95=0))[0].reached is None
