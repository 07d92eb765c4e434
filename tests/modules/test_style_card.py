"""The style card: a few facts that can be checked against the client's replies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.emoji import EMOJI
from brain.modules.style_card import learn_card

THINGS = ["kiln", "cat", "sea", "clay", "rain", "tea", "boat", "door", "lamp", "bread", "glaze", "wheel"]
OWN = [f"oh the {thing} again lol" for thing in THINGS]
OTHER = [f"Good Morning, dear! How is your {thing} today?" for thing in THINGS]


def fact(card, words):
    """The one fact in which these words stand; empty when there is none."""
    return next((each for each in card if words in each), "")


def test_with_fewer_than_ten_replies_there_is_no_card():
    """It would describe chance."""
    assert learn_card(OWN[:9], OTHER) == ()
    assert learn_card([], []) == ()
    assert learn_card(OWN[:10], OTHER)


def test_it_begins_with_the_length():
    """The median, and where the middle half lies."""
    card = learn_card([" ".join(["word"] * count) for count in range(1, 102)], [])

    assert card[0] == "about 51 words a message, half of them 26 to 76"


def test_it_tells_how_the_client_differs():
    """What the others do and they never do, and the other way round; as shares of their own messages."""
    card = learn_card(OWN, OTHER)

    assert fact(card, "small letter") == "starts with a small letter in 10 of 10 messages"
    assert fact(card, "question mark").startswith("almost ")
    assert len(card) == len(set(card))


def test_what_both_do_alike_is_not_told():
    """The model does it by itself; only differences cost tokens."""
    card = learn_card(OWN, [f"{reply} really" for reply in OWN])

    assert fact(card, "small letter") == ""
    assert fact(card, "capital") == ""


def test_at_most_six_habits_beside_length_emoji_and_words():
    """A prompt of facts is no voice."""
    odd = [f'WOW!!! {thing}... ok?? "so" (i dont know) - u & me, lol 😂 :) 3 https://a.de\n\nbye' for thing in THINGS]

    assert len(learn_card(odd, OTHER)) <= 1 + 6 + 2


def test_words_of_theirs_are_what_the_others_do_not_say():
    """Above chance, and never what both sides say."""
    own = [f"lol the {thing} tho" for thing in THINGS * 2]
    other = [f"the {thing} is fine my dear" for thing in THINGS * 2]

    words = fact(learn_card(own, other), "words of theirs")

    assert set(words.removeprefix("words of theirs: ").split(", ")) == {"lol", "tho"}


def test_emoji_of_theirs_are_those_they_use_again_and_again():
    """Most frequent first, at most five; one in a hundred messages is no habit."""
    own = [f"hm {number} 🫖🫖 😀" for number in range(150)] + ["oh 🙃", "ok 👩‍🚀"]
    told = fact(learn_card(own, []), "emoji of theirs")

    assert told == "emoji of theirs: 🫖 😀"
    many = [f"hm {number} 🫖😀🙃😂🥲👍🏽🐈" for number in range(12)]
    assert len(EMOJI.findall(fact(learn_card(many, []), "emoji of theirs"))) == 5


def test_a_client_who_talks_with_nobody_still_gets_a_card():
    """Without others to compare, what stands out of what people usually do is told."""
    card = learn_card(OWN, [])

    assert fact(card, "small letter")
    assert fact(card, "words of theirs") == ""


def test_the_same_replies_give_the_same_card():
    """In any order: it stands at the head of every prompt."""
    assert learn_card(list(reversed(OWN)), list(reversed(OTHER))) == learn_card(OWN, OTHER)


@pytest.mark.parametrize("word", ["hi", "🫖", "…"])
def test_a_talk_of_one_word_is_no_error(word):
    """Nor one of none: there is nothing to compare."""
    card = learn_card([word] * 10, [word] * 10)

    assert card[0] == "about 1 words a message, half of them 1 to 1"
    assert fact(card, "words of theirs") == ""


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=10, max_size=14), st.lists(st.text(), max_size=12))
def test_any_replies_have_a_card(own, other):
    """Facts are single lines that a list can join."""
    card = learn_card(own, other)

    assert card
    assert all(each.strip() and "\n" not in each and ";" not in each for each in card)
