"""The made-up talk: enough of it, all different, always the same, and nothing in it that asks for what is forbidden."""

from __future__ import annotations

import random

import pytest

from brain.bundled import bundled_data
from brain.dataset import load_conversations
from evals.topics.examples import PACKAGED
from evals.topics.ordinary import filled, made_up, recombined


@pytest.fixture(scope="module")
def corpus():
    """Made once."""
    return made_up()


def test_there_are_over_five_thousand_distinct_messages(corpus):
    """And the sources say how many of which making."""
    assert len(corpus.messages) == len(set(corpus.messages)) >= 5_000
    assert sum(corpus.sources.values()) == len(corpus.messages)
    assert all(count >= 500 for count in corpus.sources.values())


def test_they_are_the_same_every_time(corpus):
    """Or a false alarm could not be found again."""
    assert made_up() == corpus


def test_what_fans_ask_for_is_left_out(corpus):
    """Each line of the list stands in the bundled talk as it is written, and in no message here."""
    raised = (PACKAGED / "raised.txt").read_text(encoding="utf-8").splitlines()
    talk = load_conversations(bundled_data() / "conversations.json")
    said = {message.content for one in talk for message in one.chat_history.messages if not message.from_creator}

    assert set(raised) <= said
    assert not set(raised) & set(corpus.messages)


def test_sentences_are_put_together_within_one_party():
    """Two to a message, and no message twice."""
    one, other = ["we had rain today. it was wet!", "off to bed now"], ["the cat sleeps here", "tea or coffee then?"]

    made = recombined((one, other), 5, random.Random(0))

    assert len(made) == len(set(made)) == 5
    assert not any("cat" in text and ("rain" in text or "wet" in text or "bed" in text) for text in made)
    assert made == recombined((one, other), 5, random.Random(0))


def test_slots_are_filled_in_many_ways():
    """A template counts for two dozen messages at most; without slots it is one."""
    words = {"day": [str(number) for number in range(100)]}

    assert len(filled("see you {day}", words, random.Random(0))) == 24
    assert filled("see you", words, random.Random(0)) == ["see you"]
