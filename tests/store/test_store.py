"""Conversations on disk: nothing lost, nothing overwritten, nothing mixed."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from fakes import them, us
from store.talks import NOON, NOW, later, talk, texts

from brain.errors import DataError, NotFoundError
from brain.store.store import Store
from brain.store.values import as_conversation


def test_what_is_said_comes_back_as_it_was(store):
    """Text, side, time with its zone, and what explains a reply."""
    chat = store.begin("nela@1", NOW)
    asked = store.add(chat, them("hi 👩‍🚀\nthere", NOW), parent=None, now=NOW)
    store.add(chat, us("oh hello"), parent=asked, now=NOW, turn={"demos": [{"id": "3", "similarity": 0.5}]})

    first, second = store.path(chat)

    assert (first.id, first.parent, first.message) == (asked, None, them("hi 👩‍🚀\nthere", NOW))
    assert (second.parent, second.message, second.state) == (asked, us("oh hello", NOW), "done")
    assert store.turn(asked) is None
    assert store.turn(second.id) == {"demos": [{"id": "3", "similarity": 0.5}]}
    assert first.message.timestamp.utcoffset() == timedelta(hours=2)
    assert as_conversation(store.path(chat)).messages == (first.message, second.message)


def test_what_no_database_can_hold_is_left_out_and_the_rest_is_kept(store):
    """A NUL and half a character come out of broken files and broken models."""
    chat = store.begin("nela@1", NOW)
    asked = store.add(chat, them("a\0b\ud83dc"), parent=None, now=NOW, turn={"raw": "\0\ud83d"})

    assert texts(store.path(chat)) == ["ab?c"]
    assert store.turn(asked) == {"raw": "\0\ud83d"}


def test_an_edited_reply_says_so(store):
    """The user's correction stands beside what was said."""
    chat = talk(store, "hi", "hello")
    asked, reply = store.path(chat)
    store.add(chat, us("heya"), parent=asked.id, now=NOW, state="edited")

    assert [(own.message.content, own.state) for own in store.path(chat)] == [("hi", "done"), ("heya", "edited")]
    assert reply.id in store.alternatives(store.path(chat)[-1].id)


def test_conversations_do_not_mix(store):
    """Each has its own messages, and a new one has none."""
    one, two = talk(store, "one"), talk(store)
    (stranger,) = store.path(one)

    assert texts(store.path(one)) == ["one"]
    assert store.path(two) == ()
    with pytest.raises(NotFoundError, match="no message"):
        store.add(two, them("not here"), parent=stranger.id, now=NOW)


def test_the_newest_conversation_is_the_one_last_written_to(store):
    """Not the one last begun; `chat -c` goes on where you were."""
    older, newer = store.begin("nela@1", NOW), store.begin("ann@2", later(3600))
    store.add(newer, them("hi"), parent=None, now=later(3600))
    store.add(older, them("hi"), parent=None, now=later(7200))

    assert store.latest() == (older, "nela@1")
    assert store.latest("ann@2") == (newer, "ann@2")


def test_time_zones_do_not_confuse_what_is_newest(store):
    """13:00 in Berlin is before 12:00 in London, and a whole second before half a second more."""
    london = talk(store, "hi", voice="b@1", at=NOON)
    talk(store, "hi", voice="a@1", at=NOW.replace(hour=13, minute=0))
    assert store.latest() == (london, "b@1")

    newest = talk(store, "hi", voice="c@1", at=datetime(2026, 5, 4, 12, 0, 0, 500_000, tzinfo=UTC))
    talk(store, "hi", voice="b@1", at=NOON)
    assert store.latest() == (newest, "c@1")


def test_a_conversation_without_a_message_is_nothing_to_continue(store):
    """Nor is an empty store, nor another voice's."""
    chat = store.begin("nela@1", NOW)
    with pytest.raises(NotFoundError, match="no conversation to continue") as caught:
        store.latest()
    store.add(chat, them("hi"), parent=None, now=NOW)

    assert "persona chat" in caught.value.hint
    with pytest.raises(NotFoundError):
        store.latest("ann@1")


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.path("12345678"),
        lambda store: store.tree("12345678"),
        lambda store: store.add("12345678", them("hi"), parent=None, now=NOW),
        lambda store: store.ask("12345678", them("hi"), parent=None, now=NOW),
        lambda store: store.choose("12345678", 1),
        lambda store: store.undo("12345678", 1),
        lambda store: store.redo("12345678", 1),
        lambda store: store.fork("12345678", NOW),
        lambda store: store.session("12345678"),
        lambda store: store.rename("12345678", "tea"),
        lambda store: store.remove("12345678", NOW),
        lambda store: store.restore("12345678"),
        lambda store: store.purge("12345678"),
    ],
)
def test_an_unknown_conversation_is_named(store, use):
    """Exit code 66, like any other thing that is not there."""
    with pytest.raises(NotFoundError, match="no conversation 12345678") as caught:
        use(store)

    assert caught.value.exit_code == 66
    assert caught.value.hint


def test_an_unknown_message_is_named(store):
    """It may have been removed for good by another program."""
    for use in (store.turn, store.prompt, store.alternatives):
        with pytest.raises(NotFoundError, match="no message 77"):
            use(77)
    with pytest.raises(NotFoundError, match="no message 77"):
        store.choose(talk(store, "hi"), 77)


def test_what_you_typed_comes_back_newest_first(store):
    """The input history: your own words to this voice, from all its conversations, the same words once."""
    talk(store, "first", "not yours", voice="a@1")
    talk(store, "to another", voice="b@1")
    talk(store, "second", "fine", "first", voice="a@1")

    assert list(store.said("a@1")) == ["first", "second"]
    assert list(store.said("a@1", most=1)) == ["first"]


def test_it_can_be_opened_again(url, opened):
    """Everything is still there."""
    for content in ("one", "two"):
        store = opened(url)
        talk(store, content)
        said = store.said("nela@1")
        store.close()

    assert list(said) == ["two", "one"]


def test_several_threads_write_at_once_and_lose_nothing(store):
    """One store serves a whole process."""
    chats = [store.begin(f"voice{number}@1", NOW) for number in range(4)]

    def write(chat):
        parent = None
        for number in range(25):
            parent = store.add(chat, them(f"{chat} {number}"), parent=parent, now=NOW)

    threads = [threading.Thread(target=write, args=(chat,)) for chat in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [texts(store.path(chat)) for chat in chats] == [[f"{chat} {n}" for n in range(25)] for chat in chats]


def test_it_also_lives_in_memory(opened):
    """One for all threads of the process, and nothing is written to disk: talk off the record."""
    store = opened("sqlite://")
    chats = []
    thread = threading.Thread(target=lambda: chats.append(talk(store, "hi")))
    thread.start()
    thread.join()

    assert texts(store.path(chats[0])) == ["hi"]
    assert store.place == "memory"


def test_two_in_memory_know_nothing_of_each_other(opened):
    """Each is gone when it is closed."""
    talk(opened("sqlite://"), "hi")

    assert opened("sqlite://").sessions() == ()


def test_a_title_without_a_word_is_refused(store):
    """The old one stays."""
    chat = talk(store, "hi")
    store.rename(chat, "  Rain\nand tea ")
    with pytest.raises(DataError, match="no text in that title"):
        store.rename(chat, " \n ")

    assert store.session(chat).title == "Rain and tea"


def test_a_closed_store_leaves_no_log_behind(file_url, tmp_path):
    """The one file is whole, and can be copied as it is."""
    store = Store(file_url)
    talk(store, "hi")
    store.close()

    assert [file.name for file in (tmp_path / "data").iterdir()] == ["persona.db"]
