"""The door to the database: who may read it, how lasting a write is, what is said when it fails."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys

import pytest
from fakes import them
from store.talks import NOW, talk

from brain.errors import DataError, UnavailableError
from brain.store import engine
from brain.store.engine import Database
from brain.store.store import Store


def test_nobody_else_on_the_machine_may_read_it(file_url, opened, tmp_path):
    """Folder and file are the user's alone, whatever the umask; the write-ahead log too."""
    old = os.umask(0)
    try:
        talk(opened(file_url), "hi")
    finally:
        os.umask(old)
    folder = tmp_path / "data"

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


def test_a_message_is_on_disk_before_anything_else_happens(file_url, opened, tmp_path):
    """Another program reads it at once: a crash after `add` loses nothing."""
    talk(opened(file_url), "hi")
    other = sqlite3.connect(tmp_path / "data" / "persona.db")

    assert other.execute("SELECT content FROM messages").fetchall() == [("hi",)]
    other.close()


def test_only_the_last_word_waits_for_the_disk(file_url):
    """A power cut may take a piece of a reply that grows, never a reply that had its end."""
    database = Database(file_url)
    levels = []
    for kind in ("write", "lasting", "write"):
        with database.write(kind) as connection:
            levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())

    assert levels == [1, 2, 1]  # NORMAL, FULL, NORMAL
    database.close()


def test_a_change_that_fails_halfway_is_none(store):
    """All or nothing, on both databases."""
    chat = talk(store, "hi")

    def fail_halfway():
        with store._database.write() as connection:
            connection.exec_driver_sql("DELETE FROM messages")
            connection.exec_driver_sql("SELECT no_such_column FROM messages")

    with pytest.raises(UnavailableError):
        fail_halfway()

    assert len(store.path(chat)) == 1


def test_a_folder_that_cannot_be_made_is_said(tmp_path, file_url):
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("not a folder")

    with pytest.raises(DataError) as caught:
        Store(file_url)

    assert "persona.db" in caught.value.message
    assert "permissions" in caught.value.hint


def test_a_store_that_stays_locked_is_said_in_one_line(file_url, opened, tmp_path, monkeypatch):
    """And what to do about it."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    store = opened(file_url)
    chat = talk(store, "hi")
    other = sqlite3.connect(tmp_path / "data" / "persona.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(UnavailableError, match="does not answer") as caught:
        store.ask(chat, them("there"), parent=None, now=NOW)

    assert "\n" not in caught.value.message
    assert "Close what else holds it open" in caught.value.hint
    assert [own.message.content for own in store.path(chat)] == ["hi"]
    other.close()


def test_a_store_that_is_locked_when_it_is_opened_is_not_taken_for_a_broken_one(file_url, tmp_path, monkeypatch):
    """Nobody is told to move it away."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    (tmp_path / "data").mkdir()
    other = sqlite3.connect(tmp_path / "data" / "persona.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(UnavailableError, match="does not answer") as caught:
        Store(file_url)

    assert "away" not in caught.value.hint
    other.close()


def test_a_server_that_ends_is_said_in_one_line_and_may_come_back(postgresql, opened):
    """The connection was cut; the next call makes a new one."""
    url = postgresql.fresh()
    store = opened(url)
    chat = talk(store, "hi")
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"

    def be_cut_off():
        with store._database.write() as connection:
            postgresql.rows(url, cut)
            connection.exec_driver_sql("DELETE FROM messages")

    with pytest.raises(UnavailableError, match="does not answer") as caught:
        be_cut_off()

    assert "\n" not in caught.value.message
    assert "Start the database" in caught.value.hint
    postgresql.rows(url, cut)
    assert [own.message.content for own in store.path(chat)] == ["hi"]


def test_opening_a_file_needs_no_driver_of_a_server(tmp_path):
    """It costs time and memory that most never need."""
    program = (
        "import sys; from brain.store.store import Store; Store(sys.argv[1]).close();"
        "print([name for name in ('psycopg', 'dspy', 'rich', 'prompt_toolkit') if name in sys.modules])"
    )
    url = f"sqlite:///{tmp_path / 'persona.db'}"
    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, check=True, text=True)

    assert done.stdout == "[]\n"


def test_a_missing_driver_is_said(tmp_path):
    """With the command that installs it."""
    program = (
        "import sys; sys.modules['psycopg'] = None; from brain.store.store import Store\n"
        "from brain.errors import PersonaError\n"
        "try: Store('postgresql://persona:geheim@127.0.0.1:1/chats')\n"
        "except PersonaError as exc: print(exc.exit_code, exc.message, exc.hint)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True, cwd=tmp_path)

    assert done.stdout.startswith("69 PostgreSQL needs the package psycopg")
    assert "pip install 'persona-brain[postgres]'" in done.stdout
    assert "geheim" not in done.stdout + done.stderr
