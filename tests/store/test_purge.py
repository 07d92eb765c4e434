"""Removed for good: the files of the store are searched byte by byte."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from fakes import them
from store.talks import NOW, talk, texts

from brain.errors import NotFoundError, UnavailableError
from brain.store import engine
from brain.store import purge as purging

SECRET = "zyxwanderlust"


def tell_a_secret(store):
    """Says it, lets a reply with it grow, sends it to a model, and gives it as a title; the conversation."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them(f"{SECRET} is my word"), parent=None, now=NOW)
    for length in range(1, 40):
        store.write(asked.reply, f"ah {SECRET} " * length, NOW)
    prompt = [{"role": "user", "content": f"{SECRET} is my word"}]
    turn = {"situation": SECRET}
    store.finish(asked.reply, f"{SECRET} it is", state="done", now=NOW, turn=turn, prompt=[prompt])
    store.rename(chat, f"About {SECRET}")
    return chat


def bytes_of(folder):
    return b"".join(file.read_bytes() for file in folder.iterdir()).lower()


def test_no_byte_of_it_is_left(file_url, opened, tmp_path):
    """Not in the file, not in its log, not in the index of words; while the store is open, and after."""
    store = opened(file_url)
    kept = talk(store, *[f"number {number} of many words" for number in range(300)])
    chat = tell_a_secret(store)
    fork = store.fork(chat, NOW)
    assert SECRET.encode() in bytes_of(tmp_path / "data")

    store.purge(chat)
    assert SECRET.encode() in bytes_of(tmp_path / "data")
    assert texts(store.path(fork))[-1] == f"{SECRET} it is"
    store.remove(fork, NOW)
    store.purge(fork)

    assert SECRET.encode() not in bytes_of(tmp_path / "data")
    store.close()
    assert SECRET.encode() not in bytes_of(tmp_path / "data")
    again = opened(file_url)
    assert len(again.path(kept)) == 300
    assert [found.session.id for found in again.search("number 299")] == [kept]


def test_nothing_finds_it_any_more(store):
    """It is not among the removed either, and what stands beside it is untouched."""
    chat, other = tell_a_secret(store), talk(store, "hi", "hello")
    store.purge(chat)

    assert store.sessions(removed=True) == store.search(SECRET) == store.search(SECRET[3:7]) == ()
    assert [each.id for each in store.sessions()] == [other]
    assert texts(store.path(other)) == ["hi", "hello"]
    with pytest.raises(NotFoundError):
        store.path(chat)


def test_the_tables_of_a_server_are_written_anew(postgresql, opened):
    """No dead row is left in them."""
    url = postgresql.fresh()
    store = opened(url)
    talk(store, "hi")
    store.purge(tell_a_secret(store))

    postgresql.rows(url, "CREATE EXTENSION IF NOT EXISTS pageinspect")
    pages = "SELECT get_raw_page('{0}', page::int) FROM generate_series(0, pg_relation_size('{0}') / 8192 - 1) AS page"
    for table in ("messages", "parts", "conversations"):
        raw = b"".join(page for (page,) in postgresql.rows(url, pages.format(table)))
        assert SECRET.encode() not in raw


def test_who_still_reads_is_waited_for(file_url, opened, tmp_path):
    """Another program in the middle of reading keeps the old log alive; when it is done the log goes."""
    store = opened(file_url)
    chat = tell_a_secret(store)
    reader = sqlite3.connect(tmp_path / "data" / "persona.db", check_same_thread=False, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchall()
    threading.Timer(0.3, reader.execute, ("ROLLBACK",)).start()

    store.purge(chat)

    assert SECRET.encode() not in bytes_of(tmp_path / "data")
    reader.close()


def test_who_never_stops_reading_is_named(file_url, opened, tmp_path, monkeypatch):
    """The conversation is gone, and it is said when its bytes will be."""
    for module in (engine, purging):
        monkeypatch.setattr(module, "BUSY_SECONDS", 0.2)
    store = opened(file_url)
    chat = tell_a_secret(store)
    reader = sqlite3.connect(tmp_path / "data" / "persona.db", isolation_level=None)
    reader.execute("PRAGMA busy_timeout=0")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM messages").fetchall()

    with pytest.raises(UnavailableError, match="another program still reads") as caught:
        store.purge(chat)

    assert caught.value.hint
    assert store.search(SECRET) == ()
    reader.close()
