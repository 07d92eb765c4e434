"""From replies to figures."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from eval_samples import conversations
from fakes import HashEmbedder

from evals.cases import draw
from evals.copying import Copies
from evals.measures import Measures
from evals.results import Answer
from evals.scores import Judge, score_answers, with_gap

SEEN = "the glaze came out of the kiln like a bad opinion"


@pytest.fixture(scope="module")
def drawn():
    labeled = conversations(80)
    return draw(labeled, [str(at) for at in range(80)], most=10, seed=0)


@pytest.fixture(scope="module")
def judge(drawn, rules):
    return Judge(Measures.of(drawn.rest, HashEmbedder(64)), rules, Copies([SEEN]))


def answers(*replies):
    return [Answer(reply=reply, lm_calls=2, seconds=1.0) for reply in replies]


def test_the_real_replies_score_as_the_client(drawn, judge):
    """And cost what they cost."""
    scored = score_answers(drawn.cases, answers(*(case.real for case in drawn.cases)), judge, system="real")

    assert scored.score.headline > 0.7
    assert scored.score.low <= scored.score.headline <= scored.score.high
    assert (scored.score.lm_calls, scored.score.seconds) == (2.0, 1.0)
    assert len(scored.judgements) == len(drawn.cases)


def test_what_is_wrong_with_a_reply_is_named(drawn, judge):
    """A copy of what it learned from, an echo, nothing at all, a forbidden name, a greeting at the wrong hour."""
    case = drawn.cases[0]._replace(now=datetime(2026, 5, 2, 23, 10, tzinfo=UTC), dated=True)
    replies = answers(SEEN, case.message, "", "add me on snapchat", "good morning! the kiln is fine")
    broken = [*replies, Answer(reply="", trouble="the answer could not be read")]

    scored = score_answers([case] * 6, broken, judge)

    flags = [set(one.flags) for one in scored.judgements]
    assert flags[0] >= {"copies"}
    assert flags[1] >= {"echo"}
    assert flags[2] >= {"empty"}
    assert flags[3] >= {"forbidden"}
    assert flags[4] >= {"context"}
    assert flags[5] >= {"empty", "unreadable"}
    assert any("Good" in note or "good" in note for note in scored.judgements[4].notes)
    shares = scored.score
    assert (shares.copies, shares.echoes, shares.empty) == (
        pytest.approx(1 / 6),
        pytest.approx(1 / 6),
        pytest.approx(1 / 3),
    )
    assert shares.filter_violations == shares.context_violations == pytest.approx(1 / 6)


def test_an_hour_that_the_file_does_not_tell_is_not_held_against_a_reply(drawn, judge):
    """Without timestamps nothing is said of the clock."""
    scored = score_answers(drawn.cases[:5], answers(*["good night then, sleep well"] * 5), judge)

    assert scored.score.context_violations == 0.0


def test_ours_is_ahead_by_the_difference(drawn, judge):
    """With its interval; nothing where there is no headline."""
    real = score_answers(drawn.cases, answers(*(case.real for case in drawn.cases)), judge)
    echo = score_answers(drawn.cases, answers(*(case.message for case in drawn.cases)), judge, system="echo")
    few = score_answers(drawn.cases[:3], answers("a", "b", "c"), judge, system="few")

    gap = with_gap(echo, real, judge).ours_ahead_by

    assert gap.value == pytest.approx(real.score.headline - echo.score.headline)
    assert 0 < gap.low <= gap.value <= gap.high
    assert few.score.headline is None
    assert with_gap(few, real, judge).ours_ahead_by is None
