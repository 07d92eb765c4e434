"""The list of conversations, and how one is put away and taken back."""

from __future__ import annotations

import pytest
from fakes import them
from store.talks import NOW, later, talk, texts

from brain.errors import NotFoundError


def test_the_newest_stands_first(store):
    """With what a person knows it by; one in which nothing was said is not listed."""
    older = talk(store, "hi\nthere", "hello", "and", voice="a@1")
    newer = talk(store, "good day", voice="b@1", at=later(60))
    talk(store)
    store.rename(older, "Rain")

    one, two = store.sessions()

    assert (one.id, one.voice, one.title, one.messages, one.first) == (newer, "b@1", None, 1, "good day")
    assert (two.id, two.voice, two.title, two.messages, two.first) == (older, "a@1", "Rain", 3, "hi\nthere")
    assert (two.created, two.updated, two.deleted) == (NOW, NOW, None)
    assert store.session(older) == two
    assert [each.id for each in store.sessions(voice="a@1")] == [older]
    assert [each.id for each in store.sessions(limit=1)] == [newer]


def test_only_what_is_on_the_path_counts(store):
    """Another branch is not part of the talk as it stands."""
    chat = talk(store, "first try", "hello", "more", "so")
    store.add(chat, them("second try"), parent=None, now=NOW)

    assert store.session(chat)[5:7] == (1, "second try")


def test_a_title_can_be_given_at_the_beginning(store):
    """One without a word in it is none."""
    assert store.session(store.begin("nela@1", NOW, title=" Tea ")).title == "Tea"
    assert store.session(store.begin("nela@1", NOW, title=" ")).title is None


def test_what_is_removed_is_nowhere_until_it_is_taken_back(store):
    """Not in the list, not the newest, not in the input history, not found; nothing of it is lost."""
    kept, chat = talk(store, "kettle"), talk(store, "secret words", "hello", at=later(60))
    store.remove(chat, later(70))

    assert [each.id for each in store.sessions()] == [kept]
    assert store.latest()[0] == kept
    assert list(store.said("nela@1")) == ["kettle"]
    assert store.search("secret") == ()
    with pytest.raises(NotFoundError):
        store.find("secret words")
    assert [(each.id, each.deleted) for each in store.sessions(removed=True)] == [(chat, later(70))]
    assert texts(store.path(chat)) == ["secret words", "hello"]

    store.restore(chat)

    assert store.latest()[0] == chat
    assert store.find("secret words") == chat
    assert store.sessions(removed=True) == ()
