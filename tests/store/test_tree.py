"""Walks in the tree: nothing is ever overwritten, and every step back can be taken forward again."""

from __future__ import annotations

import pytest
from fakes import them, us
from hypothesis import given
from hypothesis import strategies as st
from store.talks import NOW, head, talk, texts

from brain.errors import NotFoundError
from brain.store.store import Store
from brain.store.values import StoredMessage


def test_another_answer_stands_beside_the_first(store):
    """Both are kept, and the conversation goes on from the newer one."""
    chat = talk(store, "hi", "hello")
    asked, first = store.path(chat)
    second = store.add(chat, us("hey"), parent=asked.id, now=NOW)
    store.add(chat, them("how are you"), parent=second, now=NOW)

    assert texts(store.path(chat)) == ["hi", "hey", "how are you"]
    assert texts(store.tree(chat)) == ["hi", "hello", "hey", "how are you"]
    assert store.alternatives(first.id) == store.alternatives(second) == (first.id, second)


def test_alternatives_are_of_one_side_and_one_place(store):
    """A reply without a word is none, and neither is what the other side said there."""
    chat = talk(store, "hi", "hello")
    asked, first = store.path(chat)
    store.add(chat, them("me again"), parent=asked.id, now=NOW)
    store.ask(chat, None, parent=asked.id, now=NOW)
    stranger = head(store, talk(store, "hi"))
    other_beginning = store.add(chat, them("good day"), parent=None, now=NOW)

    assert store.alternatives(first.id) == (first.id,)
    assert store.alternatives(asked.id) == (asked.id, other_beginning)
    assert store.alternatives(stranger) == (stranger,)


def test_choosing_another_answer_finds_what_came_after_it(store):
    """The head stands at the answer itself; forward from there lies the newest that followed."""
    chat = talk(store, "hi", "hello", "more", "so")
    asked, first, *_ = store.path(chat)
    store.add(chat, us("hey"), parent=asked.id, now=NOW)
    store.choose(chat, first.id)
    assert texts(store.path(chat)) == ["hi", "hello"]

    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "more", "so"]


def test_only_a_message_of_the_conversation_can_be_chosen(store):
    """Another's is refused and nothing moves."""
    chat, other = talk(store, "hi"), talk(store, "there")
    with pytest.raises(NotFoundError, match="no message"):
        store.choose(chat, head(store, other))

    assert texts(store.path(chat)) == ["hi"]


def test_going_back_and_forward(store):
    """One exchange is what I said last, in one piece or several, and what was answered."""
    chat = talk(store, "hi", "hello", "first", "one")
    second = store.add(chat, them("second"), parent=head(store, chat), now=NOW)
    store.add(chat, them("and third"), parent=second, now=NOW)
    everything = texts(store.path(chat))

    assert store.undo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "first", "one"]
    assert store.undo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello"]
    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "first", "one"]
    assert store.redo(chat, 5) == 1
    assert texts(store.path(chat)) == everything


def test_going_back_past_the_beginning_does_what_there_is(store):
    """Nothing is left on the path, and all of it can be had again; the conversation is still the newest."""
    chat = talk(store, "hi", "hello", "more")
    assert store.undo(chat, 9) == 2
    assert store.path(chat) == ()
    assert store.undo(chat, 1) == 0
    assert store.latest() == (chat, "nela@1")
    assert store.session(chat).messages == 0

    assert store.redo(chat, 9) == 2
    assert texts(store.path(chat)) == ["hi", "hello", "more"]
    assert store.redo(chat, 1) == 0


@pytest.mark.parametrize("count", [0, -3])
def test_no_steps_are_none(store, count):
    """Nothing moves."""
    chat = talk(store, "hi", "hello")

    assert store.undo(chat, count) == store.redo(chat, count) == 0
    assert texts(store.path(chat)) == ["hi", "hello"]


def test_a_greeting_is_no_exchange_of_mine(store):
    """Going back stops before what I said first."""
    chat = store.begin("nela@1", NOW)
    greeting = store.add(chat, us("welcome"), parent=None, now=NOW)
    asked = store.add(chat, them("hi"), parent=greeting, now=NOW)
    store.add(chat, us("hello"), parent=asked, now=NOW)

    assert store.undo(chat, 5) == 1
    assert texts(store.path(chat)) == ["welcome"]
    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["welcome", "hi", "hello"]


def test_a_new_message_after_a_step_back_is_a_branch(store):
    """What was undone stays in the tree, and forward now leads along the new branch."""
    chat = talk(store, "hi", "hello", "old way", "yes")
    store.undo(chat, 1)
    store.ask(chat, them("new way"), parent=head(store, chat), now=NOW)

    assert texts(store.path(chat)) == ["hi", "hello", "new way"]
    assert store.redo(chat, 1) == 0
    assert "old way" in texts(store.tree(chat))


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(1, 12))
def test_as_far_back_as_forward(sides, steps):
    """Whoever said what: the same number of steps leads back and forth, and the end is the same."""
    store = Store("sqlite://")
    chat, parent = store.begin("nela@1", NOW), None
    for number, side in enumerate(sides):
        parent = store.add(chat, (us if side else them)(f"{number}"), parent=parent, now=NOW)
    before = texts(store.path(chat))
    back = store.undo(chat, steps)
    left = texts(store.path(chat))
    forward = store.redo(chat, steps)

    assert forward == back
    assert left == before[: len(left)]
    assert texts(store.path(chat)) == before
    store.close()


def test_the_head_is_the_last_message_of_the_path(store):
    """None before the first, and after everything was undone; a reply without a word is not it."""
    chat = store.begin("nela@1", NOW)
    assert store.head(chat) is None
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    assert store.head(chat) == store.path(chat)[-1]
    store.finish(asked.reply, "hello", state="stopped", now=NOW)
    assert store.head(chat) == store.path(chat)[-1]
    assert (store.head(chat).message.content, store.head(chat).state) == ("hello", "stopped")
    store.undo(chat, 1)

    assert store.head(chat) is None


def test_steps_in_a_long_conversation(store):
    """Longer than what is read at once, back and forth."""
    chat = talk(store, *map(str, range(100)))

    assert (store.undo(chat, 2), store.head(chat).message.content) == (2, "95")
    assert (store.undo(chat, 40), store.head(chat).message.content) == (40, "15")
    assert (store.redo(chat, 41), store.head(chat).message.content) == (41, "97")
    assert (store.undo(chat, 10**30), store.head(chat)) == (49, None)
    assert (store.redo(chat, 10**30), store.head(chat).message.content) == (50, "99")


def planted(store, length):
    """A conversation of so many messages; its id."""
    line = [StoredMessage(n, n - 1 or None, (them if n % 2 else us)(f"{n}")) for n in range(1, length + 1)]
    return store.plant("nela@1", line, now=NOW)


@pytest.mark.parametrize(
    "act",
    [
        lambda store, chat: store.head(chat),
        lambda store, chat: store.alternatives(store.head(chat).id),
        lambda store, chat: store.choose(chat, store.head(chat).id),
        lambda store, chat: store.undo(chat, 1),
        lambda store, chat: (store.undo(chat, 1), store.redo(chat, 1)),
    ],
)
def test_a_step_costs_the_same_in_a_long_conversation(act):
    """It reads what it needs and not the whole."""
    steps = []
    for length in (40, 4_000):
        store = Store("sqlite://")
        chat = planted(store, length)
        with store._database.read() as connection:
            driver = connection.connection.driver_connection
        steps.append(0)

        def count():
            steps[-1] += 1

        driver.set_progress_handler(count, 10)  # each so many instructions of SQLite
        act(store, chat)
        driver.set_progress_handler(None, 10)
        store.close()

    assert steps[1] < 2 * steps[0]
