"""What a hand does almost without thinking: learned from replies, kept in a draft."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.models import Habits
from brain.modules.habits import kept, learn_habits, shortened


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], 60),
        ([3], 8),
        ([40], 40),
        ([5] * 10, 8),
        ([10] * 95 + [50] * 5, 10),
        ([10] * 80 + [50] * 20, 50),
        (list(range(1, 102)), 91),
    ],
)
def test_longest_is_what_one_in_ten_replies_exceeds(counts, expected):
    """In words; one essay among many short replies does not count, and 8 words are always allowed."""
    assert learn_habits([" ".join(["word"] * count) for count in counts]).longest == expected


def test_case_and_the_last_full_stop_are_shares_of_the_replies():
    """A shouted word is no capital; an ellipsis is no full stop."""
    habits = learn_habits(["no way", "the KILN is on", "Fine.", "well..."])

    assert habits.lowercase == 0.75
    assert habits.final_stop == 0.25


@pytest.mark.parametrize(
    ("draft", "left"),
    [
        ("I'm at the kiln.", "i'm at the kiln"),
        ("It is HOT. Really.", "it is HOT. really"),
        ("well...", "well..."),
        ("Sure?", "sure?"),
        ("Ok. 🫖", "ok. 🫖"),
    ],
)
def test_a_habit_that_never_fails_is_kept(draft, left):
    """Small letters and no full stop at the end, from someone who writes so."""
    assert kept(draft, Habits(lowercase=0.98, final_stop=0.0)) == left


def test_a_habit_that_comes_and_goes_is_left_to_the_model():
    """Nothing is rewritten for someone who writes both ways."""
    assert kept("I'm at the kiln.", Habits(lowercase=0.6, final_stop=0.3)) == "I'm at the kiln."


@pytest.mark.parametrize(
    ("draft", "longest", "kept"),
    [
        ("one two three", 3, "one two three"),
        ("One two. Three four.", 3, "One two."),
        ("One two! Three four? Five six…", 4, "One two! Three four?"),
        ("one two\nthree four\n\nfive", 4, "one two\nthree four"),
        ("this first sentence is far too long. short", 3, "this first sentence is far too long."),
        ("one sentence alone, and far too long.", 3, "one sentence alone, and far too long."),
        ("no end in sight at all here", 3, "no end in"),
        ("ends with 3.5 litres and. more words", 5, "ends with 3.5 litres and."),
    ],
)
def test_a_draft_ends_after_the_last_sentence_that_fits(draft, longest, kept):
    """Never in the middle of one, if there is an end to be found."""
    assert shortened(draft, longest) == kept


@given(st.text("ab .!?\n"), st.integers(1, 12))
def test_shortening_only_ever_takes_from_the_end(draft, longest):
    """Nothing is rewritten, and something always stays."""
    short = shortened(draft, longest)

    assert "".join(draft.split()).startswith("".join(short.split()))
    assert bool(short.strip()) == bool(draft.strip())
    assert shortened(short, longest) == short
