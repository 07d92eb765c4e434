"""Repeating a labelled reply: eight words in a row are a copy, seven are not."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.copies import RUN, copied, shingles

REPLY = "the kiln is far too hot to open before seven tonight"
WORDS = st.lists(st.sampled_from(["a", "b", "c's", "don't"]), max_size=24)
MARKS = st.sampled_from([" ", ", ", ". ", "… ", "\n", " - ", "! 😀 "])


def runs(words):
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (REPLY, True),
        ("well, KILN IS FAR: too hot! to (open) before.", True),
        ("kiln is far too hot to open", False),
        ("the kiln is far too warm to open before seven", False),
        ("", False),
        ("🫖", False),
    ],
)
def test_eight_words_in_a_row_are_a_copy(draft, expected):
    """Wherever they stand, whatever their case and the marks between them; seven may be chance."""
    assert copied(draft, shingles(["hm", REPLY])) is expected


def test_a_curly_apostrophe_hides_no_copy():
    """Models write one where people type the straight one."""
    assert copied(
        "i don’t know why it’s cracked again but fine", shingles(["i don't know why it's cracked again but fine"])
    )


def test_a_run_never_reaches_from_one_reply_into_the_next():
    """Two short replies in a row are nobody's sentence."""
    assert not copied(
        "one two three four five six seven eight", shingles(["one two three four", "five six seven eight"])
    )


def test_every_run_is_known_once_and_in_order():
    """So that it is found by bisection, and a bank of many equal replies stays small."""
    known = shingles([REPLY, REPLY, f"so {REPLY}"])

    assert known.dtype == np.uint64
    assert list(known) == sorted(set(known.tolist()))
    assert len(known) == len(REPLY.split()) + 1 - RUN + 1
    assert len(shingles([])) == len(shingles(["too short", ""])) == 0


@given(st.lists(WORDS, max_size=4), WORDS, st.data())
def test_a_draft_is_a_copy_exactly_when_it_shares_a_run(replies, draft, data):
    """By comparing words themselves; marks and case are thrown in."""
    known = shingles([" ".join(words) for words in replies])
    text = "".join(word + data.draw(MARKS) for word in draft)
    said = data.draw(st.sampled_from([text, text.upper(), text.title()]))

    assert copied(said, known) == any(runs(draft) & runs(words) for words in replies)


@given(st.text(), st.text())
def test_any_text_can_be_asked_about(draft, reply):
    """Lone surrogates too; a text of eight words or more copies itself."""
    enough = len(re.findall(r"\w+(?:['’]\w+)*", reply.casefold())) >= RUN

    assert copied(reply, shingles([reply])) == enough
    assert copied("\ud800 " * 9 + draft, shingles([])) is False
