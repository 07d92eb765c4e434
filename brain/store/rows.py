"""How values lie in the tables, and what every part of the store asks of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from brain.errors import NotFoundError
from brain.models import Message
from brain.store.tables import conversations, messages
from brain.store.values import StoredMessage

SAID = (
    messages.c.id,
    messages.c.parent,
    messages.c.from_creator,
    messages.c.content,
    messages.c.timestamp,
    messages.c.state,
)
HAS_TEXT = messages.c.content != ""


def stored(row: Any) -> StoredMessage:
    """A row of `SAID`."""
    message = Message(
        from_creator=row.from_creator, content=row.content, timestamp=datetime.fromisoformat(row.timestamp)
    )
    return StoredMessage(row.id, row.parent, message, row.state)


def utc(moment: datetime) -> str:
    """Always as long, so that later is greater also where letters are compared by the rules of a language."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def writable(text: str) -> str:
    """What both databases can hold of a text: no NUL, no half characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def conversation_row(connection: sa.Connection, conversation: str) -> Any:
    """Its row. Raises NotFoundError."""
    row = connection.execute(sa.select(conversations).where(conversations.c.id == conversation)).first()
    if row is None:
        raise NotFoundError(f"There is no conversation {conversation}.", hint="persona chat -c continues the last.")
    return row


def message_row(connection: sa.Connection, message: int, conversation: str | None = None) -> Any:
    """Its row; with `conversation`, only when it is one of it. Raises NotFoundError."""
    row = connection.execute(sa.select(messages).where(messages.c.id == message)).first()
    if row is None or conversation not in {None, row.conversation}:
        raise NotFoundError(f"There is no message {message} any more.", hint="The conversation may have been removed.")
    return row


def move(connection: sa.Connection, conversation: str, **columns: Any) -> None:
    """Changes the row of a conversation."""
    connection.execute(sa.update(conversations).where(conversations.c.id == conversation).values(**columns))
