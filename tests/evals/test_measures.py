"""Voice and fit together, for reports and for optimizers."""

from __future__ import annotations

import pytest
from eval_samples import conversations
from fakes import HashEmbedder

from evals.cases import draw
from evals.measures import Measures


@pytest.fixture(scope="module")
def drawn():
    labeled = conversations(100)
    return draw(labeled, [str(at) for at in range(100)], most=20, seed=0)


@pytest.fixture(scope="module")
def measures(drawn):
    return Measures.of(drawn.rest, HashEmbedder(64))


def test_the_real_replies_are_the_ceiling(measures, drawn):
    """By construction their fit is 1, and the headline never exceeds 1."""
    real = measures.headline(drawn.cases, [case.real for case in drawn.cases])

    assert measures.refused is None
    assert real.fit == pytest.approx(1.0)
    assert 0.7 < real.value <= real.high <= 1.0
    assert real.low <= real.value


def test_the_client_s_replies_to_other_messages_fit_no_better_than_chance(measures, drawn):
    """Perfect voice and no fit is no headline."""
    shifted = [case.real for case in drawn.cases[1:]] + [drawn.cases[0].real]

    found = measures.headline(drawn.cases, shifted)

    assert found.voice > 0.7
    assert found.fit < 0.6


def test_a_difference_is_paired(measures, drawn):
    """A list differs from itself by nothing at all, and from the other party's words by a lot."""
    real = [case.real for case in drawn.cases]
    theirs = [case.message for case in drawn.cases]

    assert measures.difference(drawn.cases, real, real) == (0.0, 0.0)
    low, high = measures.difference(drawn.cases, real, theirs)
    assert 0.5 < low < high


def test_the_same_seed_gives_the_same_interval(measures, drawn):
    """An optimizer may compare what it computed yesterday."""
    real = [case.real for case in drawn.cases]

    assert measures.headline(drawn.cases, real, seed=4) == measures.headline(drawn.cases, real, seed=4)


def test_few_conversations_are_refused_and_still_measured(drawn):
    """Nothing crashes; whoever prints it says why it means nothing."""
    few = Measures.of(drawn.rest[:3], HashEmbedder(64))

    assert few.refused
    few.headline(drawn.cases[:2], ["a", "b"])
