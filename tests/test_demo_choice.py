"""Which demos stand in the prompt, by every strategy."""

from __future__ import annotations

from typing import get_args

import pytest
from fakes import HashEmbedder, bank_of
from hypothesis import given
from hypothesis import strategies as st

from brain.demo_choice import choose
from brain.models import Strategy

STRATEGIES = get_args(Strategy)
EMBED = HashEmbedder(8)
PAIRS = st.lists(st.tuples(st.text("abc ", max_size=6), st.text("abc ", max_size=6)), max_size=14)
MORNINGS = (
    ("good morning", "mornin"),
    ("good morning", "mornin"),
    ("good morning you", "mornin"),
    ("good morning kiln", "too hot already"),
    ("how is the cat", "in charge"),
)


def ids(found):
    return [demo.id for demo in found]


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(PAIRS, st.text("abc ", max_size=6), st.integers(0, 16), st.sets(st.integers(0, 15).map(str)))
def test_whatever_the_strategy_k_allowed_rows_are_chosen_nearest_first(strategy, pairs, message, k, exclude):
    """Never an excluded one, none twice, and as many as there are when the bank is small; the same when asked again."""
    bank = bank_of(*pairs, embed=EMBED)
    found = choose(bank, message, k, strategy=strategy, exclude=exclude)

    allowed = {str(number) for number in range(len(pairs))} - exclude
    assert set(ids(found)) <= allowed
    assert len(set(ids(found))) == len(found) == min(k, len(allowed))
    assert [demo.similarity for demo in found] == sorted((demo.similarity for demo in found), reverse=True)
    assert all((demo.message, demo.reply) == pairs[int(demo.id)] for demo in found)
    assert choose(bank, message, k, strategy=strategy, exclude=exclude) == found


@given(PAIRS, st.text("abc ", max_size=6), st.integers(0, 16), st.sets(st.integers(0, 15).map(str)))
def test_knn_is_what_the_bank_finds(pairs, message, k, exclude):
    """The reference: the demos of dspy.KNNFewShot."""
    bank = bank_of(*pairs, embed=EMBED)

    assert choose(bank, message, k, exclude=exclude) == bank.nearest(message, k, exclude=exclude)
    assert choose(bank, message, k, strategy="knn", exclude=exclude) == bank.nearest(message, k, exclude=exclude)


def test_mmr_shows_what_each_half_of_a_message_is_like():
    """Near the message, and unlike what is chosen already."""
    bank = bank_of(*(("good morning nela", f"mornin {number}") for number in range(3)), ("is the kiln hot", "not yet"))
    asked = "good morning nela is the kiln hot"

    assert [demo.message for demo in choose(bank, asked, 2)] == ["good morning nela", "good morning nela"]
    assert {demo.message for demo in choose(bank, asked, 2, strategy="mmr")} == {
        "good morning nela",
        "is the kiln hot",
    }


def test_knn_diverse_spreads_over_the_replies():
    """Three times the same answer would teach the model nothing more."""
    bank = bank_of(*MORNINGS)

    assert [demo.reply for demo in choose(bank, "good morning", 2)] == ["mornin", "mornin"]
    assert [demo.reply for demo in choose(bank, "good morning", 2, strategy="knn+diverse")] == [
        "mornin",
        "too hot already",
    ]


@pytest.mark.parametrize("strategy", ["mmr", "knn+diverse"])
def test_the_nearest_is_always_among_them(strategy):
    """Spread has no say in the first choice."""
    bank = bank_of(*MORNINGS)

    assert ids(choose(bank, "how is the cat", 1, strategy=strategy)) == ["4"]
    assert ids(choose(bank, "how is the cat", 3, strategy=strategy))[0] == "4"


def test_spread_stays_among_the_nearest():
    """Four times k of them: what is far from the message is never shown for being different."""
    bank = bank_of(*((f"good morning {number}", f"reply {number}") for number in range(8)), ("zz yy xx", "other"))

    for strategy in ("mmr", "knn+diverse"):
        assert "8" not in ids(choose(bank, "good morning", 2, strategy=strategy))


def test_fixed_shows_the_same_everywhere():
    """Whatever is asked; only their order follows the message."""
    bank = bank_of(*((f"question {number}", f"answer {number}") for number in range(30)))
    shown = {frozenset(ids(choose(bank, f"question {number}", 4, strategy="fixed"))) for number in range(10)}

    assert len(shown) == 1


def test_random_draws_anew_for_every_message():
    """And reaches every row in time."""
    bank = bank_of(*((f"question {number}", f"answer {number}") for number in range(30)))
    shown = [frozenset(ids(choose(bank, f"message {number}", 4, strategy="random"))) for number in range(60)]

    assert len(set(shown)) > 50
    assert len(frozenset().union(*shown)) == 30
