"""Several processes at one store, and one that is killed in the middle of a reply."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from store.talks import texts
from store.version_1 import write_version_1
from store.writer import WORDS_A_PIECE, WORDS_A_REPLY, write_conversation

from brain.store.store import Store

WRITER = write_conversation.__code__.co_filename
EIGHT = 8
TURNS = 12


def all_write_at_once(url):
    """Eight processes that begin at the same moment; their exit codes."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(EIGHT)
    voices = [f"voice{number}@1" for number in range(EIGHT)]
    writers = [context.Process(target=write_conversation, args=(url, voice, ready, TURNS)) for voice in voices]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return [writer.exitcode for writer in writers]


def assert_all_is_there(url):
    store = Store(url)
    whole = [text for number in range(TURNS) for text in (f"ask {number}", f"reply {number}")]
    for number in range(EIGHT):
        assert texts(store.path(store.latest(f"voice{number}@1")[0])) == whole
    store.close()


def test_eight_processes_find_no_store_and_nothing_is_lost(url):
    """One makes it, the others wait; nobody ever sees that it is locked."""
    assert all_write_at_once(url) == [0] * EIGHT
    assert_all_is_there(url)


def test_eight_processes_find_an_old_store_and_it_is_migrated_once(file_url, tmp_path):
    """Whoever comes first does it; what was in it stays."""
    write_version_1(tmp_path / "data" / "persona.db")

    assert all_write_at_once(file_url) == [0] * EIGHT
    assert_all_is_there(file_url)
    store = Store(file_url)
    assert texts(store.path("0a1b2c3d")) == ["hi, is the kettle on?", "always", "good"]
    store.close()


@pytest.mark.parametrize("moment", range(10))
def test_killed_at_any_moment(file_url, tmp_path, moment):
    """The file is whole, every message is there, and of the reply at most the last quarter of a second is gone."""
    done = killed_after(random.Random(moment).randint(1, 4 * WORDS_A_REPLY), file_url)
    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "persona.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.execute("INSERT INTO messages_search(messages_search, rank) VALUES ('integrity-check', 1)")

    assert_nothing_is_lost(file_url, done)


@pytest.mark.parametrize("moment", range(2))
def test_killed_while_it_writes_to_a_server(postgresql, moment):
    """The same promise."""
    url = postgresql.fresh()

    assert_nothing_is_lost(url, killed_after(random.Random(moment).randint(1, 4 * WORDS_A_REPLY), url))


def killed_after(lines, url):
    """What a process said it had done, killed some moments after so many lines."""
    process = subprocess.Popen([sys.executable, WRITER, url], stdout=subprocess.PIPE, text=True)
    done = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    done += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return [line.strip() for line in done if line.endswith("\n")]


def assert_nothing_is_lost(url, done):
    """`done` is what the dead process is known to have done."""
    store = Store(url)
    (dead, *others) = store.recover(datetime.now(UTC)) or (None,)
    (info,) = store.sessions()
    path = store.path(info.id)
    asked = [own for own in path if not own.message.from_creator]
    whole = [own for own in path if own.state == "done" and own.message.from_creator]
    said = len(done) - 1 - max(place for place, line in enumerate(done) if line == "asked")
    store.close()

    assert others == []
    assert done.count("asked") <= len(asked) <= done.count("asked") + 1
    assert done.count("finished") <= len(whole) <= done.count("finished") + 1
    assert all(len(own.message.content.split()) == WORDS_A_REPLY for own in whole)
    if done[-1] == "word" and len(whole) == done.count("finished"):
        assert dead.words >= said - WORDS_A_PIECE
        assert dead.words == (len(path[-1].message.content.split()) if path[-1].state == "interrupted" else 0)
