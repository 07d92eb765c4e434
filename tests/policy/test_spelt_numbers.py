"""Phone numbers written in words."""

from __future__ import annotations

import pytest

from brain.policy.fold import fold
from brain.policy.spelt_numbers import spelt_number


@pytest.mark.parametrize(
    "text",
    [
        "zero seven seven, double four, nine one two three", "six one two, 34 and 56, seven eight",
        "zéro six douze trente-quatre cinquante-six soixante-dix-huit", "null eins fünf eins, zwo drei vier",
        "seis siete ocho, nueve cero cero, uno dos tres", "tre quattro sette, uno due tre, quattro",
    ],
)  # fmt: skip
def test_a_number_in_words_is_read(text: str) -> None:
    """Digit by digit, doubled, in tens, and half of it in figures."""
    found = spelt_number(fold(text).text)

    assert found
    assert found[1] - found[0] > len(text) / 2


@pytest.mark.parametrize(
    "text",
    [
        "one two three four five six seven, where did my socks go",
        "uno dos tres cuatro cinco seis siete, al agua",
        "two cats, three dogs and one very old horse",
        "0151 23456789",
        "seven or eight, nine at most",
    ],
)
def test_counting_and_amounts_are_no_number(text: str) -> None:
    """Counting aloud, a few numbers in a sentence; a number in figures is read elsewhere."""
    assert spelt_number(fold(text).text) is None
