"""What is said instead of a forbidden reply."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.policy.fallback import NO_REPEAT, pool_line, sentences, without

if TYPE_CHECKING:
    from brain.policy.rules import Rules

LINES = tuple(f"line {number}" for number in range(12))


@given(st.text(st.one_of(st.sampled_from("ab.!?… \n\"'😀)"), st.characters())))
def test_sentences_lose_nothing(text: str) -> None:
    """Joined they are the text."""
    assert "".join(sentences(text)) == text
    assert all(sentences(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hi. how are you? good!", 3),
        ("wow!! 😍😍 that's so nice", 2),
        ("it costs 3.50 at example.com", 1),
        ("first line\nsecond line", 2),
        ("no stop at all", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: int) -> None:
    """Emoji stay with the sentence they close; numbers and addresses stay whole."""
    assert len(sentences(text)) == parts


def test_the_forbidden_sentence_is_dropped(rules: Rules) -> None:
    """And the rest stays as it was written."""
    text = "Good morning! ☀️ Add me on instagram. How did you sleep?"

    assert without(text, rules.check) == "Good morning! ☀️ How did you sleep?"


@pytest.mark.parametrize("text", ["add me on instagram", "Insta! Snapchat!", "add me on snap 😘 😘", ""])
def test_nothing_is_left_of_a_text_that_is_all_forbidden(text: str, rules: Rules) -> None:
    """Emoji alone are no reply."""
    assert without(text, rules.check) is None


def test_what_is_left_is_checked_as_a_whole(rules: Rules) -> None:
    """Two clean halves of a name are not clean together."""
    text = "my t e l e. instagram. g r a m?"

    left = without(text, rules.check)

    assert left is None or rules.check(left).allowed


def test_the_same_seed_gives_the_same_line() -> None:
    """On every machine and in every run."""
    assert pool_line(LINES, (), "talk-1:7") == pool_line(LINES, (), "talk-1:7")
    assert len({pool_line(LINES, (), str(seed)) for seed in range(200)}) == len(LINES)


@given(st.lists(st.text(max_size=5), min_size=20, max_size=30))
def test_no_line_comes_back_soon(seeds: list[str]) -> None:
    """Not among the last eight, so never twice in a row."""
    used: list[str] = []
    for seed in seeds:
        line = pool_line(LINES, used, seed)
        assert line not in used[-NO_REPEAT:]
        used.append(line)


@given(st.integers(2, 5), st.lists(st.text(max_size=3), min_size=10, max_size=15))
def test_a_small_pool_never_says_the_same_twice_in_a_row(size: int, seeds: list[str]) -> None:
    """As far as it reaches."""
    used: list[str] = []
    for seed in seeds:
        used.append(pool_line(LINES[:size], used, seed))

    assert all(one != other for one, other in pairwise(used))


def test_a_pool_of_one_line_still_answers() -> None:
    """There is nothing else to say."""
    assert pool_line(["only"], ["only"], "x") == "only"
