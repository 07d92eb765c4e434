"""What of a conversation is sent: the newest turns, cut seldom, and never more than the model holds."""

from __future__ import annotations

import pytest
from fakes import talk, them, us
from hypothesis import given
from hypothesis import strategies as st

from brain.models import Conversation, Demo
from brain.modules.window import A_TURN, LEFT_OUT, Bounds, fitted, rough_tokens


def words(text):
    """A counter that is easy to check by eye."""
    return len(text.split())


def demo(number, size=4):
    return Demo(id=str(number), similarity=1 - number / 10, message="m " * (size // 2), reply="r " * (size // 2))


def said(turns, size=10):
    """A conversation of so many exchanges and one question more; each message has `size` words and its own number."""
    return talk(*(f"{number} " + "x " * (size - 1) for number in range(2 * turns + 1))).messages


def cost(window):
    return sum(words(message.content) + A_TURN for message in window.conversation.messages)


def test_a_conversation_that_fits_is_sent_whole():
    """Nothing is cut, and the prompt is counted."""
    messages = said(5)
    window = fitted(messages, [demo(0)], Bounds(1_000), words)

    assert (window.conversation.messages, window.demos, window.omitted) == (messages, (demo(0),), 0)
    assert window.tokens == 11 * (10 + A_TURN) + 4 + 2 * A_TURN
    assert not window.clipped


def test_when_it_no_longer_fits_half_of_the_room_is_made_free():
    """The newest stay, from a message of the other person on."""
    messages = said(20)
    window = fitted(messages, (), Bounds(40 * (10 + A_TURN)), words)

    assert window.conversation.messages == messages[window.omitted :]
    assert not window.conversation.messages[0].from_creator
    assert 18 <= len(window.conversation.messages) <= 20


def test_the_cut_stays_until_it_must_move():
    """40 turns, each knowing the cut of the last: the head of the prompt stays the same for many of them."""
    cuts, cut = [], 0
    for turns in range(40):
        window = fitted(said(turns), (), Bounds(30 * (10 + A_TURN), cut=cut), words)
        cut = window.omitted
        cuts.append(cut)
        assert cost(window) <= 30 * (10 + A_TURN)

    assert cuts == sorted(cuts)
    assert len(set(cuts)) <= 5


def test_a_little_room_more_brings_nothing_back():
    """Demos differ from turn to turn; the head of the prompt shall not change to and fro with them."""
    bounds = Bounds(30 * (10 + A_TURN))
    cut = fitted(said(16), (), bounds, words).omitted
    more = bounds._replace(room=bounds.room + 100, cut=cut)

    assert cut > 0
    assert fitted(said(16), (), more, words).omitted == cut


def test_a_larger_model_takes_more_of_the_conversation_up_again():
    """What was left out for a small one is not lost for the next."""
    small = fitted(said(40), (), Bounds(200), words)
    large = fitted(said(40), (), Bounds(10_000, most=100, cut=small.omitted), words)

    assert (small.omitted > 0, large.omitted) == (True, 0)


def test_the_count_of_messages_is_a_bound_of_its_own():
    """In blocks of half of it, whether the last cut is known or not."""
    heads = [fitted(said(turns, 1), (), Bounds(10_000, most=48), words).omitted for turns in range(24, 84)]

    assert set(heads) <= set(range(0, 150, 24))
    assert len(set(heads)) <= 1 + 60 * 2 // 24


def test_the_farthest_demos_go_before_the_last_exchange():
    """Nearest first, as many as fit beside it."""
    last = 3 * (10 + A_TURN)
    window = fitted(said(8), [demo(number) for number in range(4)], Bounds(last + 2 * (4 + 2 * A_TURN)), words)

    assert [one.id for one in window.demos] == ["0", "1"]
    assert len(window.conversation.messages) == 3
    assert not window.clipped


def test_of_a_giant_message_the_beginning_and_the_end_are_sent():
    """It is answered all the same; its demos have gone, and what came before it is cut shorter still."""
    giant = " ".join(map(str, range(5_000)))
    window = fitted(talk("a " * 900, "b " * 900, giant).messages, [demo(0)], Bounds(1_000), words)
    first, second, last = (message.content for message in window.conversation.messages)

    assert (window.clipped, window.demos, window.omitted) == (True, (), 0)
    assert last.startswith("0 1 2 ")
    assert last.endswith(" 4998 4999")
    assert LEFT_OUT in last
    assert max(words(first), words(second)) <= 1_000 // 8
    assert words(last) > 600
    assert cost(window) <= 1_000


@pytest.mark.parametrize("room", [-500, 0, 10])
def test_something_of_the_last_message_is_sent_whatever_the_room(room):
    """A persona that leaves no room is not what gets cut; the model says itself when it is too much."""
    window = fitted(said(4, 500), [demo(0)], Bounds(room), words)

    assert 0 < words(window.conversation.messages[-1].content) <= 64


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 400)), max_size=120),
    st.integers(2, 60),
    st.integers(300, 5_000),
    st.integers(0, 130),
)
def test_the_newest_messages_are_sent_and_never_more_than_fits(turns, most, room, cut):
    """The last message always; at most `most`; whole, unless the last exchange alone is too long."""
    messages = tuple((us if mine else them)("x" * size) for mine, size in turns)
    window = fitted(messages, (), Bounds(room, most=most, cut=cut), rough_tokens)
    kept = window.conversation.messages

    assert len(kept) == len(messages) - window.omitted
    assert len(kept) <= most
    assert bool(kept) == bool(messages)
    assert window.tokens <= room
    assert (kept == messages[window.omitted :]) is not window.clipped


def test_an_empty_conversation_is_no_window_at_all():
    """The first prompt that a model reads may hold nothing yet."""
    assert fitted((), (), Bounds(100), words).conversation == Conversation(messages=())


@pytest.mark.parametrize("text", ["hello there, how are you today?", "こんにちは、元気ですか", "😂😂😂", ""])
def test_the_rough_count_errs_upwards(text):
    """A token of any language has three bytes at least, but for rare ones."""
    assert rough_tokens(text) * 3 >= len(text.encode())
