"""Conversations on disk: a tree of messages in one SQLite file (WAL), through SQLAlchemy Core.

Every message knows its parent, so another answer to the same message is a sibling and nothing is ever overwritten; a
conversation's `head` says where it stands. Rows are short commits: a message is on disk before its reply starts.
"""

from __future__ import annotations

import os
import random
import secrets
import sqlite3
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from brain.errors import DataError, NotFoundError, UnavailableError
from brain.models import Conversation, Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEMA_VERSION = 1
_BUSY_SECONDS = 10.0
_ID_BYTES = 4
_READS = "persona_reads"

_metadata = sa.MetaData()
_schema = sa.Table("schema_version", _metadata, sa.Column("version", sa.Integer, primary_key=True))
_conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("voice", sa.String, nullable=False),
    sa.Column("created", sa.String, nullable=False),
    sa.Column("updated", sa.String, nullable=False, index=True),
    sa.Column("head", sa.Integer),
)
_messages = sa.Table(
    "messages",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("parent", sa.ForeignKey("messages.id")),
    sa.Column("from_creator", sa.Boolean, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("timestamp", sa.String, nullable=False),
    sa.Column("turn", sa.JSON),  # why a reply reads as it does: situation, verdict, demos, usage
)
_SAID = (
    _messages.c.id,
    _messages.c.parent,
    _messages.c.from_creator,
    _messages.c.content,
    _messages.c.timestamp,
)


class StoredMessage(NamedTuple):
    """A message and its place in the tree."""

    id: int
    parent: int | None
    message: Message


class Store:
    """The conversations of one person on one machine. Safe from several processes and threads.

    What was added survives a killed process; a power cut may take the last moments. Every method raises
    UnavailableError when the file is locked for too long, full, or gone.
    """

    def __init__(self, url: str) -> None:
        """Opens the store, and makes it when it is new. Raises DataError when the file is no store of ours."""
        try:
            self._engine = _open(url)
        except OSError as exc:
            raise DataError(
                f"{url}: cannot be opened ({exc.strerror})", hint="Check its folder's permissions."
            ) from exc
        try:
            self._make_or_check(url)
        except BaseException:
            self.close()
            raise

    def _make_or_check(self, url: str) -> None:
        try:
            with self._engine.begin() as connection:
                tables = sa.inspect(connection).get_table_names()
                if tables and _schema.name not in tables:
                    raise DataError(f"{url}: holds another program's tables", hint="Move it away to start afresh.")
                _metadata.create_all(connection, checkfirst=True)
                version = connection.scalar(sa.select(_schema.c.version))
                if version is None:
                    connection.execute(sa.insert(_schema).values(version=SCHEMA_VERSION))
                    version = SCHEMA_VERSION
        except sa.exc.DatabaseError as exc:
            raise DataError(f"{url}: cannot be opened ({exc.orig})", hint="Move it away to start afresh.") from exc
        if version > SCHEMA_VERSION:
            raise DataError(f"{url}: was written by a newer version of this program", hint="Update this program.")

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    def begin(self, voice: str, now: datetime) -> str:
        """A new conversation with this voice; its id."""
        conversation = secrets.token_hex(_ID_BYTES)
        with self._write() as connection:
            connection.execute(
                sa.insert(_conversations).values(id=conversation, voice=voice, created=_utc(now), updated=_utc(now))
            )
        return conversation

    def add(
        self,
        conversation: str,
        message: Message,
        *,
        parent: int | None,
        now: datetime,
        turn: dict[str, Any] | None = None,
    ) -> int:
        """Adds a message under `parent` and moves the head to it; its id. On disk when it returns."""
        with self._write() as connection:
            key: int = connection.execute(
                sa.insert(_messages)
                .values(
                    conversation=conversation,
                    parent=parent,
                    from_creator=message.from_creator,
                    content=message.content,
                    timestamp=(message.timestamp or now).isoformat(),
                    turn=turn,
                )
                .returning(_messages.c.id)
            ).scalar_one()
            connection.execute(
                sa.update(_conversations).where(_conversations.c.id == conversation).values(head=key, updated=_utc(now))
            )
        return key

    def path(self, conversation: str) -> tuple[StoredMessage, ...]:
        """The messages from the first to the head."""
        with self._read() as connection:
            head = self._head(connection, conversation)
            rows = connection.execute(sa.select(*_SAID).where(_messages.c.conversation == conversation)).all()
        by_id = {row.id: row for row in rows}
        path: list[StoredMessage] = []
        while head is not None:
            row = by_id[head]
            path.append(_stored(row))
            head = row.parent
        return tuple(reversed(path))

    def turn(self, message: int) -> dict[str, Any] | None:
        """Why a reply reads as it does, as it was given to `add`."""
        with self._read() as connection:
            turn: dict[str, Any] | None = connection.scalar(
                sa.select(_messages.c.turn).where(_messages.c.id == message)
            )
        return turn

    def latest(self, voice: str | None = None) -> tuple[str, str]:
        """Id and voice of the conversation that was last written to. Raises NotFoundError when there is none."""
        query = sa.select(_conversations.c.id, _conversations.c.voice).where(_conversations.c.head.is_not(None))
        if voice is not None:
            query = query.where(_conversations.c.voice == voice)
        with self._read() as connection:
            row = connection.execute(query.order_by(_conversations.c.updated.desc()).limit(1)).first()
        if row is None:
            raise NotFoundError("There is no conversation to continue yet.", hint="Start one: persona chat")
        return row.id, row.voice

    def said(self, voice: str, *, most: int = 1000) -> Sequence[str]:
        """What the user typed to this voice, newest first: the input history."""
        query = (
            sa.select(_messages.c.content)
            .join(_conversations, _conversations.c.id == _messages.c.conversation)
            .where(_conversations.c.voice == voice, _messages.c.from_creator.is_(False))
            .order_by(_messages.c.id.desc())
            .limit(most)
        )
        with self._read() as connection:
            return [row.content for row in connection.execute(query)]

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with _told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with _told(), self._engine.connect().execution_options(**{_READS: True}) as connection:
            yield connection

    def _head(self, connection: sa.Connection, conversation: str) -> int | None:
        row = connection.execute(sa.select(_conversations.c.head).where(_conversations.c.id == conversation)).first()
        if row is None:
            raise NotFoundError(f"There is no conversation {conversation}.", hint="persona chat -c continues the last.")
        head: int | None = row.head
        return head


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sa.exc.DBAPIError as exc:
        raise UnavailableError(
            f"The conversation store does not answer ({exc.orig}).",
            hint="Close what else holds it open, or make room on the disk; then say it again.",
        ) from exc


def as_conversation(path: Sequence[StoredMessage]) -> Conversation:
    """The messages alone."""
    return Conversation(messages=tuple(stored.message for stored in path))


def _open(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        path = Path(parsed.database)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        os.chmod(path, 0o600)
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # our own BEGIN, so that a writer waits for its turn instead of failing
    connection.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000:.0f}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    """Turns WAL on. Several processes that open a new file at once get in each other's way, and SQLite, to avoid a
    deadlock, then fails without waiting (https://sqlite.org/c3ref/busy_handler.html); so the waiting is ours.
    """
    end = time.monotonic() + _BUSY_SECONDS
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
    """A writer takes its turn at once; readers wait for nobody."""
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _stored(row: Any) -> StoredMessage:
    message = Message(
        from_creator=row.from_creator, content=row.content, timestamp=datetime.fromisoformat(row.timestamp)
    )
    return StoredMessage(row.id, row.parent, message)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
