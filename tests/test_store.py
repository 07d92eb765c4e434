"""Conversations on disk: nothing lost, nothing overwritten, nobody else reads them."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fakes import them, us
from store_writer import write_conversation

from brain.errors import DataError, NotFoundError
from brain.store import Store, as_conversation

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=timezone(timedelta(hours=2)))


def url_of(folder):
    return f"sqlite:///{folder / 'data' / 'persona.db'}"


@pytest.fixture
def store(tmp_path):
    with_file = Store(url_of(tmp_path))
    yield with_file
    with_file.close()


def texts(path):
    return [stored.message.content for stored in path]


def test_what_is_said_comes_back_as_it_was(store):
    """Text, side, time with its zone, and what explains a reply."""
    chat = store.begin("nela@1", NOW)
    asked = store.add(chat, them("hi 👩‍🚀\nthere", NOW), parent=None, now=NOW)
    store.add(chat, us("oh hello"), parent=asked, now=NOW, turn={"demos": [{"id": "3", "similarity": 0.5}]})

    first, second = store.path(chat)

    assert (first.id, first.parent, first.message) == (asked, None, them("hi 👩‍🚀\nthere", NOW))
    assert (second.parent, second.message) == (asked, us("oh hello", NOW))
    assert store.turn(asked) is None
    assert store.turn(second.id) == {"demos": [{"id": "3", "similarity": 0.5}]}
    assert first.message.timestamp.utcoffset() == timedelta(hours=2)
    assert as_conversation(store.path(chat)).messages == (first.message, second.message)


def test_a_message_is_on_disk_before_anything_else_happens(store, tmp_path):
    """Another connection reads it at once: a crash after `add` loses nothing."""
    chat = store.begin("nela@1", NOW)
    store.add(chat, them("hi"), parent=None, now=NOW)

    with sqlite3.connect(tmp_path / "data" / "persona.db") as other:
        assert other.execute("select content from messages").fetchall() == [("hi",)]
    other.close()


def test_another_answer_stands_beside_the_first(store, tmp_path):
    """Nothing is ever overwritten: both are kept, and the conversation goes on from the newer one."""
    chat = store.begin("nela@1", NOW)
    asked = store.add(chat, them("hi"), parent=None, now=NOW)
    first = store.add(chat, us("hello"), parent=asked, now=NOW)
    second = store.add(chat, us("hey"), parent=asked, now=NOW)
    store.add(chat, them("how are you"), parent=second, now=NOW)

    assert texts(store.path(chat)) == ["hi", "hey", "how are you"]
    with sqlite3.connect(tmp_path / "data" / "persona.db") as connection:
        kept = connection.execute("select content, parent from messages where id = ?", (first,)).fetchall()
    connection.close()
    assert kept == [("hello", asked)]


def test_conversations_do_not_mix(store):
    """Each has its own messages, and a new one has none."""
    one, two = store.begin("nela@1", NOW), store.begin("nela@1", NOW)
    store.add(one, them("one"), parent=None, now=NOW)

    assert texts(store.path(one)) == ["one"]
    assert store.path(two) == ()
    assert one != two


def test_the_newest_conversation_is_the_one_last_written_to(store):
    """Not the one last begun; `chat -c` goes on where you were."""
    older, newer = store.begin("nela@1", NOW), store.begin("ann@2", NOW + timedelta(hours=1))
    store.add(newer, them("hi"), parent=None, now=NOW + timedelta(hours=1))
    store.add(older, them("hi"), parent=None, now=NOW + timedelta(hours=2))

    assert store.latest() == (older, "nela@1")
    assert store.latest("ann@2") == (newer, "ann@2")


def test_time_zones_do_not_confuse_what_is_newest(store):
    """13:00 in Berlin is before 12:00 in London."""
    berlin, london = store.begin("a@1", NOW), store.begin("b@1", NOW)
    store.add(london, them("hi"), parent=None, now=datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
    store.add(berlin, them("hi"), parent=None, now=NOW.replace(hour=13, minute=0))

    assert store.latest() == (london, "b@1")


def test_a_conversation_without_a_message_is_nothing_to_continue(store):
    """Nor is an empty store, nor another voice's."""
    chat = store.begin("nela@1", NOW)
    with pytest.raises(NotFoundError, match="no conversation to continue") as caught:
        store.latest()
    store.add(chat, them("hi"), parent=None, now=NOW)

    assert "persona chat" in caught.value.hint
    with pytest.raises(NotFoundError):
        store.latest("ann@1")


def test_an_unknown_conversation_is_named(store):
    """Exit code 66, like any other thing that is not there."""
    with pytest.raises(NotFoundError, match="no conversation 12345678") as caught:
        store.path("12345678")

    assert caught.value.exit_code == 66


def test_what_you_typed_comes_back_newest_first(store):
    """The input history: your own words to this voice, from all its conversations."""
    one, two, other = store.begin("a@1", NOW), store.begin("a@1", NOW), store.begin("b@1", NOW)
    first = store.add(one, them("first"), parent=None, now=NOW)
    store.add(one, us("not yours"), parent=first, now=NOW)
    store.add(other, them("to another"), parent=None, now=NOW)
    store.add(two, them("second"), parent=None, now=NOW)

    assert store.said("a@1") == ["second", "first"]
    assert store.said("a@1", most=1) == ["second"]


def test_it_can_be_opened_again(tmp_path):
    """Everything is still there."""
    for content in ("one", "two"):
        store = Store(url_of(tmp_path))
        store.add(store.begin("nela@1", NOW), them(content), parent=None, now=NOW)
        said = store.said("nela@1")
        store.close()

    assert said == ["two", "one"]


def test_nobody_else_on_the_machine_may_read_it(store, tmp_path):
    """Folder and file are the user's alone, whatever the umask; the write-ahead log too."""
    store.add(store.begin("nela@1", NOW), them("hi"), parent=None, now=NOW)
    folder = tmp_path / "data"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    """It may be something dear to its owner."""
    file = tmp_path / "data" / "persona.db"
    file.parent.mkdir()
    file.write_text("my holiday diary, and long enough for a header of SQLite " * 9)
    before = file.read_bytes()

    with pytest.raises(DataError) as caught:
        Store(url_of(tmp_path))

    assert "cannot be opened" in caught.value.message
    assert "persona.db" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert file.read_bytes() == before


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path):
    """Our tables have no place in it."""
    file = tmp_path / "data" / "persona.db"
    file.parent.mkdir()
    with sqlite3.connect(file) as other:
        other.execute("create table messages (sender text)")
    other.close()

    with pytest.raises(DataError, match="another program's") as caught:
        Store(url_of(tmp_path))

    assert caught.value.hint
    with sqlite3.connect(file) as other:
        assert other.execute("select name from sqlite_master").fetchall() == [("messages",)]
    other.close()


def test_a_store_of_a_newer_program_is_refused(tmp_path):
    """Its rows may mean something else."""
    Store(url_of(tmp_path)).close()
    with sqlite3.connect(tmp_path / "data" / "persona.db") as other:
        other.execute("update schema_version set version = 99")
    other.close()

    with pytest.raises(DataError, match="newer version") as caught:
        Store(url_of(tmp_path))

    assert caught.value.hint == "Update this program."


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("not a folder")

    with pytest.raises(DataError) as caught:
        Store(url_of(tmp_path))

    assert "persona.db" in caught.value.message
    assert "permissions" in caught.value.hint


def test_several_processes_write_at_once_and_lose_nothing(tmp_path):
    """A writer waits for its turn instead of failing, also when all of them find no store yet."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(4)
    url, voices = url_of(tmp_path), [f"voice{number}@1" for number in range(4)]
    writers = [context.Process(target=write_conversation, args=(url, voice, ready, 50)) for voice in voices]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    store = Store(url)
    assert [writer.exitcode for writer in writers] == [0] * 4
    for voice in voices:
        assert texts(store.path(store.latest(voice)[0])) == [f"{voice} {number}" for number in range(50)]
    store.close()


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


def test_it_also_lives_in_memory():
    """Any URL of SQLAlchemy's will do; nothing is written to disk."""
    store = Store("sqlite://")
    chat = store.begin("nela@1", NOW)
    store.add(chat, them("hi"), parent=None, now=NOW)

    assert texts(store.path(chat)) == ["hi"]
    store.close()
