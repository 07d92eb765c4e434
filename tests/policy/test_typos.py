"""Names that were misspelled by a slip."""

from __future__ import annotations

import pytest

from brain.policy.typos import Typos, slips_between

TYPOS = Typos(["instagram", "tiktok", "viber", "tumblr"], ["tumble"])


@pytest.mark.parametrize(
    ("word", "meant"),
    [("instgram", "instagram"), ("instagarm", "instagram"), ("instegrem", "instagram"), ("tiktik", "tiktok")],
)
def test_a_slip_is_the_name_it_was_meant_to_be(word: str, meant: str) -> None:
    """Dropped, swapped or changed letters; two of them in a long name."""
    assert TYPOS.near(word) == meant


@pytest.mark.parametrize("word", ["tumble", "fiber", "vibes", "pintagram", "kilogram", "tic"])
def test_an_ordinary_word_is_not_a_slip(word: str) -> None:
    """Listed words, short names and another first letter never count."""
    assert TYPOS.near(word) is None


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("ab", "ba", 1), ("abc", "abc", 0), ("abc", "abd", 1), ("", "ab", 2)]
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    """A swap of neighbours is one slip."""
    assert slips_between(one, other) == slips
