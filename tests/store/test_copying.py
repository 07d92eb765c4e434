"""Conversations made of messages that are there already."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from fakes import them, us
from store.talks import NOW, head, later, talk, texts

from brain.errors import DataError
from brain.store.values import StoredMessage


def test_a_fork_has_all_that_was_said_and_goes_its_own_way(store):
    """States, turns and prompts come along; other branches do not."""
    chat = talk(store, "hi", "hello", "old way")
    store.rename(chat, "Tea")
    store.undo(chat, 1)
    asked = store.ask(chat, them("new way"), parent=head(store, chat), now=NOW)
    prompt = [{"role": "user", "content": "new way"}]
    store.finish(asked.reply, "right", state="stopped", now=NOW, turn={"model": "m"}, prompt=[prompt])

    other = store.fork(chat, later(60))
    store.add(other, them("only here"), parent=head(store, other), now=later(61))
    store.purge(chat)

    path = store.path(other)
    assert texts(path) == texts(store.tree(other)) == ["hi", "hello", "new way", "right", "only here"]
    assert [own.state for own in path] == ["done", "done", "done", "stopped", "done"]
    assert store.turn(path[3].id) == {"model": "m"}
    assert store.prompt(path[3].id) == (tuple(prompt),)
    assert store.session(other).title == "Tea"
    assert store.session(other).created == later(60)


def test_a_fork_of_a_reply_in_the_making_has_what_was_there(store):
    """The rest comes to the one that asked for it."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "oh hel", NOW)

    other = store.fork(chat, NOW)

    assert [(own.message.content, own.state) for own in store.path(other)] == [
        ("hi", "done"),
        ("oh hel", "interrupted"),
    ]
    assert store.path(chat)[-1].state == "streaming"


def test_a_long_conversation_is_copied_at_once(store):
    """In its order, by as few statements as a short one, whatever else has numbers between."""
    line = [StoredMessage(n, n - 1 or None, them(f"{n}")) for n in range(1, 1_001)]
    statements = []
    sa.event.listen(store._database._engine, "before_cursor_execute", lambda *each: statements.append(each[2]))
    long, short = (store.plant("ann@2", line[:length], now=NOW) for length in (1_000, 10))
    counts = []
    for chat in (long, short):
        statements.clear()
        other = store.fork(chat, NOW)
        counts.append(len(statements))
        assert texts(store.path(other)) == texts(store.path(chat)) == texts(store.tree(other))

    assert counts[0] == counts[1]
    assert store.add(other, us("after"), parent=store.head(other).id, now=NOW) > store.path(other)[0].id


def test_a_fork_of_nothing_is_empty(store):
    """It can be talked in like any other."""
    other = store.fork(talk(store), NOW)

    assert store.path(other) == ()
    assert store.sessions() == ()


def tree_of(store, chat):
    return [(own.message.content, own.state) for own in store.tree(chat)]


def test_a_planted_tree_is_the_tree_it_was(store):
    """Branches, states, times, turns and the place it stood at; every message with a number of its own."""
    talk(store, "these", "numbers", "are", "taken")
    tree = [
        StoredMessage(1, None, them("hi", NOW)),
        StoredMessage(2, 1, us("hello", later(5)), "stopped"),
        StoredMessage(3, 1, us("hey"), "edited"),
        StoredMessage(7, 2, them("more", later(9))),
        StoredMessage(8, 7, us("so"), "streaming"),
    ]
    chat = store.plant(
        "ann@2", tree, now=NOW - timedelta(days=9), updated=NOW, title="From afar", head=2, turns={2: {"model": "m"}}
    )

    assert tree_of(store, chat) == [
        ("hi", "done"), ("hello", "stopped"), ("hey", "edited"), ("more", "done"), ("so", "interrupted"),
    ]  # fmt: skip
    first, second = store.path(chat)
    assert (second.message, second.parent) == (us("hello", later(5)), first.id)
    assert store.turn(second.id) == {"model": "m"}
    assert len(store.alternatives(second.id)) == 2
    info = store.session(chat)
    assert (info.voice, info.title, info.created, info.updated) == ("ann@2", "From afar", NOW - timedelta(days=9), NOW)
    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "more", "so"]
    assert store.search("afar")[0].session.id == store.search("more")[0].session.id == chat


def test_a_planted_tree_stands_at_its_last_message(store):
    """Unless it is said where; without a message there is nothing to stand at."""
    tree = [StoredMessage(5, None, them("hi")), StoredMessage(6, 5, us("hello"))]

    assert texts(store.path(store.plant("ann@2", tree, now=NOW))) == ["hi", "hello"]
    assert store.path(store.plant("ann@2", [], now=NOW)) == ()


@pytest.mark.parametrize(
    ("tree", "head"),
    [
        ([StoredMessage(1, 2, them("hi")), StoredMessage(2, None, us("hello"))], None),
        ([StoredMessage(1, None, them("hi")), StoredMessage(1, None, us("hello"))], None),
        ([StoredMessage(1, 1, them("hi"))], None),
        ([StoredMessage(1, None, them("hi"))], 2),
    ],
)
def test_a_tree_that_is_none_is_refused_and_nothing_is_planted(store, tree, head):
    """A parent that comes later, a number twice, a circle, a place that is not there."""
    with pytest.raises(DataError) as caught:
        store.plant("ann@2", tree, now=NOW, head=head)

    assert caught.value.hint
    assert store.sessions() == ()
