"""One door to the database: reading, writing and writing for good, over SQLite (WAL) and PostgreSQL alike.

SQLite: a writer takes its turn at once and waits up to ten seconds for it; readers wait for nobody.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from brain.errors import DataError, UnavailableError
from brain.private_files import make_private_folder
from brain.store.address import file_of, place_of, read_address
from brain.store.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY_SECONDS = 10.0
_KIND = "persona_kind"
_BEGIN = {
    "read": ("BEGIN",),
    "write": ("PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE"),
    "lasting": ("PRAGMA synchronous=FULL", "BEGIN IMMEDIATE"),
    "alone": (),
}
Kind = Literal["read", "write", "lasting", "alone"]
"""What a connection is wanted for.

read     one view of the whole, blocks nobody
write    survives a killed process at once, a power cut after some moments
lasting  survives a power cut, with everything that was written before
alone    no transaction at all, for the few statements that cannot stand in one
"""


class Database:
    """An open database. Every use raises UnavailableError when it is locked for too long, full, or gone."""

    def __init__(self, url: str) -> None:
        """Makes the file and its folder when they are new. Raises ConfigError, DataError and UnavailableError."""
        address = read_address(url)
        self.place = place_of(address)
        self.is_sqlite = address.get_backend_name() == "sqlite"
        try:
            _make_file(address)
        except OSError as exc:
            raise DataError(
                f"{self.place}: cannot be opened ({exc.strerror})", hint="Check its folder's permissions."
            ) from exc
        try:
            self._engine = sa.create_engine(address, **_options(address))
        except ImportError as exc:
            raise UnavailableError(
                "PostgreSQL needs the package psycopg, which is not installed.",
                hint="Install it: pip install 'persona-brain[postgres]'",
            ) from exc
        if self.is_sqlite:
            sa.event.listen(self._engine, "connect", _prepare_sqlite)
            sa.event.listen(self._engine, "begin", _begin)

    def close(self) -> None:
        """Lets go of the file or the server."""
        self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that changes nothing."""
        with self._told(), self._connected("read") as connection:
            yield connection

    @contextmanager
    def write(self, kind: Kind = "write") -> Iterator[sa.Connection]:
        """A connection whose changes come all or not at all."""
        with self._told(), self._connected(kind) as connection, connection.begin():
            yield connection

    @contextmanager
    def alone(self) -> Iterator[sa.Connection]:
        """A connection without a transaction."""
        with self._told(), self._connected("alone") as connection:
            yield connection if self.is_sqlite else connection.execution_options(isolation_level="AUTOCOMMIT")

    def first(self) -> sa.Connection:
        """A connection to see what is there; what goes wrong is for the caller to tell."""
        return self._connected("read")

    def unavailable(self, error: sa.exc.SQLAlchemyError) -> UnavailableError:
        """What to say when it was open and a use of it failed."""
        if self.is_sqlite:
            hint = "Close what else holds it open, or make room on the disk; then say it again."
        else:
            hint = "Start the database, or check the way to it; then say it again."
        return UnavailableError(f"The conversation store does not answer ({reason(error)}).", hint=hint)

    def _connected(self, kind: Kind) -> sa.Connection:
        return self._engine.connect().execution_options(**{_KIND: kind})

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.DBAPIError, sa.exc.TimeoutError) as exc:
            raise self.unavailable(exc) from exc


def reason(error: sa.exc.SQLAlchemyError) -> str:
    """What the driver said, in one line."""
    return " ".join(str(getattr(error, "orig", None) or error).split())


def _make_file(address: sa.URL) -> None:
    path = file_of(address)
    if path is not None:
        make_private_folder(path.parent)
        path.touch(mode=0o600)
        os.chmod(path, 0o600)


def _options(address: sa.URL) -> dict[str, Any]:
    if address.get_backend_name() != "sqlite":
        timeout = {} if "connect_timeout" in address.query else {"connect_timeout": int(BUSY_SECONDS)}
        return {"connect_args": {"client_encoding": "utf8", **timeout}, "pool_pre_ping": True}
    if file_of(address) is None:
        # A database in memory is its connection: all threads take turns at the one.
        one = {"poolclass": sa.QueuePool, "pool_size": 1, "max_overflow": 0}
        return {**one, "connect_args": {"check_same_thread": False}}
    return {}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # our own BEGIN, so that a writer waits for its turn instead of failing
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
    _write_ahead(connection)
    for setting in ("foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY"):  # the last two: no copies stay behind
        connection.execute(f"PRAGMA {setting}")
    connection.create_function("persona_fold", 1, lambda text: text and fold(text), deterministic=True)


def _write_ahead(connection: Any) -> None:
    """Turns WAL on. Several processes that open a new file at once get in each other's way, and SQLite, to avoid a
    deadlock, then fails without waiting (https://sqlite.org/c3ref/busy_handler.html); so the waiting is ours.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(random.uniform(0.005, 0.05))
        else:
            return


def _begin(connection: sa.Connection) -> None:
    for statement in _BEGIN[connection.get_execution_options().get(_KIND, "write")]:
        connection.exec_driver_sql(statement)
