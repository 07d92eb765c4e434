"""A conversation made of messages that are there already: a fork of one, or one that was brought in from a file."""

from __future__ import annotations

import secrets
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from brain.errors import DataError
from brain.store.prompts import copy_parts
from brain.store.rows import HAS_TEXT, conversation_row, move, utc, writable
from brain.store.tables import conversations, messages
from brain.store.tree import choose, on_path_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from brain.models import State
    from brain.store.values import StoredMessage

_ID_BYTES = 4
_COPIED = ("from_creator", "content", "timestamp", "turn", "prompt")
_FREE_IN_POSTGRESQL = sa.text(
    "SELECT nextval(pg_get_serial_sequence('messages', 'id')) FROM generate_series(1, :count)"
)


def begin(connection: sa.Connection, voice: str, *, now: datetime, updated: datetime, title: str | None) -> str:
    """An empty conversation; its id, short enough to be typed."""
    conversation = _new_id(connection)
    name = writable(title or "").strip() or None
    connection.execute(
        sa.insert(conversations).values(
            id=conversation, voice=voice, created=utc(now), updated=utc(updated), title=name
        )
    )
    return conversation


def _new_id(connection: sa.Connection) -> str:
    while True:
        drawn = secrets.token_hex(_ID_BYTES)
        if connection.scalar(sa.select(conversations.c.id).where(conversations.c.id == drawn)) is None:
            return drawn


def fork(connection: sa.Connection, conversation: str, now: datetime) -> str:
    """A new conversation with a copy of everything on the path to the head."""
    source = conversation_row(connection, conversation)
    said = sa.select(messages).where(on_path_to(source.head), HAS_TEXT)
    rows = connection.execute(said.order_by(messages.c.id)).all()
    target = begin(connection, source.voice, now=now, updated=now, title=source.title)
    copy_parts(connection, conversation, target, [row.prompt for row in rows if row.prompt])
    line = [None, *_free_ids(connection, len(rows))]
    copies = [
        {name: getattr(row, name) for name in _COPIED}
        | {"id": own, "parent": parent, "conversation": target, "state": _settled(row.state)}
        for row, (parent, own) in zip(rows, pairwise(line), strict=True)
    ]
    if copies:
        connection.execute(sa.insert(messages), copies)
    move(connection, target, head=line[-1], tip=line[-1])
    return target


def plant(
    connection: sa.Connection,
    target: str,
    tree: Sequence[StoredMessage],
    *,
    head: int | None,
    turns: Mapping[int, dict[str, Any]],
    now: datetime,
) -> None:
    """Puts a whole tree into an empty conversation; every message gets a new id, and the head stands where it stood.

    Raises DataError when a message comes before its parent, an id comes twice, or there is no such head.
    """
    ids: dict[int | None, int | None] = {None: None}
    for own, free in zip(tree, _free_ids(connection, len(tree)), strict=True):
        if own.id in ids or own.parent not in ids:
            raise DataError(
                f"Message {own.id} has no place in its conversation.", hint="Give each its own id, parents first."
            )
        ids[own.id] = free
    if head not in ids:
        raise DataError(f"The conversation has no message {head} to stand at.", hint="Name one of its messages.")
    rows = [
        {
            "id": ids[own.id],
            "parent": ids[own.parent],
            "conversation": target,
            "from_creator": own.message.from_creator,
            "content": writable(own.message.content),
            "timestamp": (own.message.timestamp or now).isoformat(),
            "turn": turns.get(own.id),
            "state": _settled(own.state),
        }
        for own in tree
    ]
    if rows:
        connection.execute(sa.insert(messages), rows)
        place = ids[tree[-1].id if head is None else head]
        assert place is not None, "every message has a number by now"
        choose(connection, target, place)


def _free_ids(connection: sa.Connection, count: int) -> Sequence[int]:
    """So many numbers for messages, each greater than the one before; nobody else gets them."""
    if connection.dialect.name == "sqlite":  # where this connection is the only one that writes
        last = connection.scalar(sa.select(sa.func.max(messages.c.id))) or 0
        return range(last + 1, last + 1 + count)
    return connection.scalars(_FREE_IN_POSTGRESQL, {"count": count}).all()


def _settled(state: State) -> State:
    """Of a reply that is being written elsewhere, a copy has no more than what was there."""
    return "interrupted" if state == "streaming" else state
