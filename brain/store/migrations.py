"""Makes a new store, and brings an older one up to date; whoever comes first does it, everybody else waits.

A step is frozen once it was released: it says in plain SQL what changed, and never looks at `tables`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from brain.errors import DataError, PersonaError, UnavailableError
from brain.store.engine import reason
from brain.store.refusals import refusal
from brain.store.search_index import SQLITE_INDEX, postgresql_index
from brain.store.tables import SCHEMA_VERSION, metadata, schema_version

if TYPE_CHECKING:
    from brain.store.engine import Database

_LOCK = 0x70657273  # one number for all who bring a PostgreSQL up to date
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR")
_AFRESH = "Move it away to start afresh."


def bring_up_to_date(database: Database) -> None:
    """Leaves the store in the newest version.

    Raises DataError when it is not ours, newer than this program, or damaged; KeyRefusedError and UnavailableError when
    a server does not let us in.
    """
    try:
        with database.first() as connection:
            if _version(connection, database) == SCHEMA_VERSION:
                return
        with database.write() as connection:
            _migrate(connection, database)
    except UnavailableError as exc:
        raise _unusable(database, exc.__cause__) from exc
    except sa.exc.DBAPIError as exc:
        raise _unusable(database, exc) from exc


def _migrate(connection: sa.Connection, database: Database) -> None:
    if not database.is_sqlite:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    version = _version(connection, database)
    if version is None:
        index = SQLITE_INDEX if database.is_sqlite else _suited_index(connection, database)
        metadata.create_all(connection, checkfirst=False)
        _run(connection, index)
        connection.execute(sa.insert(schema_version).values(version=SCHEMA_VERSION))
    elif version < SCHEMA_VERSION:
        for step in range(version, SCHEMA_VERSION):
            _run(connection, _STEPS[step])
        connection.execute(sa.update(schema_version).values(version=SCHEMA_VERSION))


def _version(connection: sa.Connection, database: Database) -> int | None:
    """None for a database in which nothing stands yet, or nothing that would be in our way."""
    tables = set(sa.inspect(connection).get_table_names())
    if schema_version.name not in tables:
        in_the_way = tables if database.is_sqlite else tables & set(metadata.tables)
        if in_the_way:
            raise DataError(f"{database.place}: holds another program's tables", hint=_AFRESH)
        return None
    version: int | None = connection.scalar(sa.select(schema_version.c.version))
    if version is not None and version > SCHEMA_VERSION:
        raise DataError(
            f"{database.place}: was written by a newer version of this program", hint="Update this program."
        )
    if version is None or version < 1:
        raise DataError(f"{database.place}: holds another program's tables", hint=_AFRESH)
    return version


def _suited_index(connection: sa.Connection, database: Database) -> tuple[str, ...]:
    encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise DataError(
            f"{database.place}: holds its text as {encoding}, and not every message can be written so.",
            hint="Make one for it: createdb -E UTF8 -T template0 NAME",
        )
    icu = connection.scalar(sa.text("SELECT count(*) FROM pg_collation WHERE collname = 'und-x-icu'"))
    return postgresql_index(icu=bool(icu))


def _unusable(database: Database, error: object) -> PersonaError:
    assert isinstance(error, sa.exc.SQLAlchemyError), "nothing else is told"
    if getattr(getattr(error, "orig", None), "sqlite_errorname", "").startswith(_PASSING):
        return database.unavailable(error)
    if database.is_sqlite:
        return DataError(f"{database.place}: cannot be opened ({reason(error)})", hint=_AFRESH)
    return refusal(database.place, error)


def _run(connection: sa.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(sa.text(statement))


# Only SQLite ever held a store of version 1.
_STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "ALTER TABLE conversations ADD COLUMN tip INTEGER",
        "ALTER TABLE conversations ADD COLUMN title TEXT",
        "ALTER TABLE conversations ADD COLUMN deleted VARCHAR",
        "UPDATE conversations SET tip = head",
        "ALTER TABLE messages ADD COLUMN state VARCHAR DEFAULT 'done' NOT NULL",
        "ALTER TABLE messages ADD COLUMN owner VARCHAR",
        "ALTER TABLE messages ADD COLUMN heartbeat DOUBLE",
        "ALTER TABLE messages ADD COLUMN head_before INTEGER",
        "ALTER TABLE messages ADD COLUMN prompt JSON",
        "CREATE INDEX ix_messages_parent ON messages (parent)",
        "CREATE INDEX messages_streaming ON messages (state) WHERE state = 'streaming'",
        """CREATE TABLE parts (
            conversation VARCHAR NOT NULL REFERENCES conversations (id),
            "key" VARCHAR NOT NULL,
            role VARCHAR NOT NULL,
            content TEXT NOT NULL,
            PRIMARY KEY (conversation, "key")
        )""",
        *SQLITE_INDEX,
        "INSERT INTO messages_search(messages_search) VALUES ('rebuild')",
    ),
}
