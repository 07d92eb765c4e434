"""An old store is brought up to date with everything in it; one that is not ours is left alone."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from fakes import them
from store.talks import NOW, talk, texts
from store.version_1 import write_version_1

from brain.errors import DataError
from brain.store.store import Store


@pytest.fixture
def file(tmp_path):
    return tmp_path / "data" / "persona.db"


def rows(file, statement):
    with contextlib.closing(sqlite3.connect(file)) as connection:
        found = connection.execute(statement).fetchall()
        connection.commit()
    return found


def test_a_store_of_version_1_keeps_all_and_gains_everything(file, file_url, opened):
    """Search, undo, states, prompts and deletion work in it as in a new one."""
    write_version_1(file)
    store = opened(file_url)
    chat = "0a1b2c3d"

    assert texts(store.path(chat)) == ["hi, is the kettle on?", "always", "good"]
    assert texts(store.tree(chat)) == ["hi, is the kettle on?", "no", "always", "good"]
    assert {own.state for own in store.tree(chat)} == {"done"}
    assert store.turn(2) == {"model": "m"}
    assert store.turn(1) is None
    assert store.alternatives(3) == (2, 3)
    assert store.latest() == (chat, "nela")
    assert [each.id for each in store.sessions()] == [chat]
    assert [found.session.id for found in store.search("kettle")] == [chat]
    assert store.undo(chat, 1) == store.redo(chat, 1) == 1
    asked = store.ask(chat, them("more"), parent=4, now=NOW)
    store.finish(asked.reply, "so", state="done", now=NOW, prompt=[[{"role": "user", "content": "more"}]])
    assert store.prompt(asked.reply) == (({"role": "user", "content": "more"},),)
    store.purge(chat)
    assert rows(file, "SELECT count(*) FROM messages") == [(0,)]


def test_old_and_new_stores_have_the_same_tables(file, file_url, tmp_path):
    """Column by column and index by index, so that no store is second class."""
    write_version_1(file)
    Store(file_url).close()
    new = tmp_path / "new.db"
    Store(f"sqlite:///{new}").close()

    for shape in (
        "SELECT name FROM sqlite_master ORDER BY name",
        'SELECT m.name, c.name, c."notnull", c.pk FROM sqlite_master m, pragma_table_info(m.name) c ORDER BY 1, 2',
        'SELECT m.name, f."from", f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f ORDER BY 1, 2',
        "SELECT m.name, i.name FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) i"
        " WHERE l.name NOT LIKE 'sqlite_%' ORDER BY 1, 2",
        "SELECT version FROM schema_version",
    ):
        assert rows(file, shape) == rows(new, shape)
        assert rows(new, shape)


def test_a_migration_that_breaks_off_changes_nothing(file, file_url):
    """A disk may fill up in the middle of it; the next start tries again."""
    write_version_1(file)
    rows(file, "CREATE TABLE parts (in_the_way TEXT)")
    with pytest.raises(DataError, match="cannot be opened"):
        Store(file_url)
    assert rows(file, "SELECT version FROM schema_version") == [(1,)]
    assert "tip" not in dict(rows(file, "SELECT name, 1 FROM pragma_table_info('conversations')"))
    rows(file, "DROP TABLE parts")

    store = Store(file_url)
    assert texts(store.path("0a1b2c3d")) == ["hi, is the kettle on?", "always", "good"]
    store.close()


def test_a_store_of_a_newer_program_is_refused(url, opened, file, request):
    """Its rows may mean something else."""
    opened(url).close()
    if url.startswith("sqlite"):
        rows(file, "UPDATE schema_version SET version = 99")
    else:
        request.getfixturevalue("postgresql").rows(url, "UPDATE schema_version SET version = 99")

    with pytest.raises(DataError, match="newer version") as caught:
        Store(url)

    assert caught.value.hint == "Update this program."


def test_a_file_that_is_no_database_is_refused_and_left_alone(file, file_url):
    """It may be something dear to its owner."""
    file.parent.mkdir()
    file.write_text("my holiday diary, and long enough for a header of SQLite " * 9)
    before = file.read_bytes()

    with pytest.raises(DataError) as caught:
        Store(file_url)

    assert "cannot be opened" in caught.value.message
    assert "persona.db" in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    assert file.read_bytes() == before


@pytest.mark.parametrize("table", ["messages (sender TEXT)", "schema_version (installed TEXT)"])
def test_a_database_of_another_program_is_refused_and_left_alone(file, file_url, table):
    """Our tables have no place in it."""
    file.parent.mkdir()
    rows(file, f"CREATE TABLE {table}")

    with pytest.raises(DataError) as caught:
        Store(file_url)

    assert caught.value.hint
    assert rows(file, "SELECT name FROM sqlite_master") == [(table.split()[0],)]


def test_another_programs_tables_on_a_server_are_refused_when_they_are_in_the_way(postgresql, opened):
    """Others may stand beside ours."""
    url = postgresql.fresh()
    postgresql.rows(url, "CREATE TABLE messages (sender text)")
    with pytest.raises(DataError, match="another program's tables"):
        Store(url)
    postgresql.rows(url, "ALTER TABLE messages RENAME TO letters")
    store = opened(url)

    assert texts(store.path(talk(store, "hi"))) == ["hi"]
