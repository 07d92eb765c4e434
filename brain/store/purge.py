"""Removing a conversation for good: no byte of it stays in the files of the store.

SQLite leaves old text in free pages, in the ends of pages and in its log, and FTS5 keeps the words of a removed row
until its segments are merged; so the rows go with `secure_delete`, the index is merged, and the file is written anew
(https://sqlite.org/pragma.html#pragma_secure_delete, https://sqlite.org/fts5.html#the_optimize_command).
PostgreSQL writes its tables anew; its log and its backups are for whoever runs the server.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from brain.errors import UnavailableError
from brain.store.engine import BUSY_SECONDS
from brain.store.rows import conversation_row
from brain.store.tables import conversations, messages, parts

if TYPE_CHECKING:
    from brain.store.engine import Database

_PAUSE_SECONDS = 0.05


def purge(database: Database, conversation: str) -> None:
    """Removes it. Raises NotFoundError, and UnavailableError when another program keeps the old bytes in use."""
    with database.write("lasting") as connection:
        conversation_row(connection, conversation)
        for table in (messages, parts):
            connection.execute(sa.delete(table).where(table.c.conversation == conversation))
        connection.execute(sa.delete(conversations).where(conversations.c.id == conversation))
        if database.is_sqlite:
            connection.execute(sa.text("INSERT INTO messages_search(messages_search) VALUES ('optimize')"))
    with database.alone() as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("VACUUM")
            _empty_the_log(connection)
        else:
            connection.exec_driver_sql("VACUUM FULL messages, parts, conversations")


def _empty_the_log(connection: sa.Connection) -> None:
    """SQLite itself waits for readers, but not for another program that is about to do the same."""
    end = time.monotonic() + BUSY_SECONDS
    while connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one().busy:
        if time.monotonic() > end:
            raise UnavailableError(
                "The conversation is removed, but another program still reads the store and its old words with it.",
                hint="They go when the last program that has the store open is closed.",
            )
        time.sleep(_PAUSE_SECONDS)
