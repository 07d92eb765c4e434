"""Whether replies belong to their messages, and whether they are copies."""

from __future__ import annotations

import pytest
from fakes import HashEmbedder

from evals.relevance import copy_rate, relevance

MESSAGES = ["how is the cat today", "did the kiln get hot", "is the van running"]
OWN = ["the cat sleeps", "the kiln is hot", "the van will not start", "tea now"]


def test_replies_that_answer_their_messages_score_high():
    """Each lies nearer to its message than what the client said elsewhere."""
    replies = ["the cat is fine today", "yes the kiln did get hot", "no the van is not running"]

    assert relevance(MESSAGES, replies, OWN, HashEmbedder()) == pytest.approx(1.0)


def test_replies_about_something_else_score_low():
    """Nothing in them meets the message."""
    assert relevance(MESSAGES, ["xyzzy", "plugh", "qwerty"], OWN, HashEmbedder()) < 0.5


def test_answering_each_with_the_others_reply_is_worse_than_answering_right():
    """The same words in the wrong place."""
    replies = ["the cat is fine today", "yes the kiln did get hot", "no the van is not running"]
    shuffled = [*replies[1:], replies[0]]
    embed = HashEmbedder()

    assert relevance(MESSAGES, shuffled, OWN, embed) < relevance(MESSAGES, replies, OWN, embed)


def test_the_same_reply_as_all_others_is_as_good_as_chance():
    """A tie counts half, so a voice of one sentence scores 0.5."""
    assert relevance(MESSAGES, ["tea now"] * 3, ["tea now"] * 4, HashEmbedder()) == pytest.approx(0.5)


def test_texts_without_words_score_as_chance():
    """An emoji has no vector here: it is neither near nor far."""
    assert relevance(["🫖"], ["🫖"], ["🐈"], HashEmbedder()) == pytest.approx(0.5)


LONG = "the kettle has opinions about mondays and so do i, every single week"


@pytest.mark.parametrize(
    ("reply", "copied"),
    [
        (LONG, True),
        (LONG.upper(), True),
        (LONG.replace(" ", "\n  "), True),
        (f"well {LONG}", True),
        (LONG[:31], True),
        (LONG[:29], False),
        ("mornin", False),
        (f"{LONG[:25]} but today it only whistles at the cat", False),
        ("week every single do i, and so about mondays has opinions the kettle", False),
        ("something entirely new about the sea and the seal called kevin", False),
    ],
)
def test_a_copy_is_a_long_reply_made_of_pieces_of_the_clients_own(reply, copied):
    """Case and spaces do not hide it; greetings repeat by nature and are no copies."""
    assert copy_rate([reply], [LONG, "mornin", "something else"]) == float(copied)


def test_pieces_of_several_replies_make_a_copy_too():
    """Patchwork is not the voice's own either."""
    other = "the sea was flat as a plate this morning and twice as cold"

    assert copy_rate([f"{LONG[:34]} {other[:34]}"], [LONG, other]) == 1.0


def test_the_rate_is_the_share_of_copies():
    """One of four."""
    assert copy_rate([LONG, "no", "new words altogether here, long enough", "hm"], [LONG]) == 0.25


@pytest.mark.parametrize(("replies", "own"), [([], [LONG]), ([LONG], []), ([LONG], ["short"])])
def test_where_nothing_can_be_copied_the_rate_is_0(replies, own):
    """No replies, or no reply long enough to copy from."""
    assert copy_rate(replies, own) == 0.0
