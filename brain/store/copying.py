"""A conversation made of messages that are there already: a fork of one, or one that was brought in from a file."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from brain.errors import DataError
from brain.store.prompts import copy_parts
from brain.store.rows import conversation_row, move, utc, writable
from brain.store.tables import conversations, messages
from brain.store.tree import on_path_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from brain.models import State
    from brain.store.values import StoredMessage

_ID_BYTES = 4


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
    rows = connection.execute(sa.select(messages).where(on_path_to(source.head)).order_by(messages.c.id)).all()
    target = begin(connection, source.voice, now=now, updated=now, title=source.title)
    copy_parts(connection, conversation, target, [row.prompt for row in rows if row.prompt])
    parent = None
    for row in rows:
        copied = {name: row._mapping[name] for name in ("from_creator", "content", "timestamp", "turn", "prompt")}
        parent = _insert(connection, target, parent, _settled(row.state), copied)
    move(connection, target, head=parent, tip=parent)
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
    ids: dict[int, int] = {}
    for own in tree:
        if own.id in ids or (own.parent is not None and own.parent not in ids):
            raise DataError(
                f"Message {own.id} has no place in its conversation.", hint="Give each its own id, parents first."
            )
        columns = {
            "from_creator": own.message.from_creator,
            "content": writable(own.message.content),
            "timestamp": (own.message.timestamp or now).isoformat(),
            "turn": turns.get(own.id),
        }
        parent = None if own.parent is None else ids[own.parent]
        ids[own.id] = _insert(connection, target, parent, _settled(own.state), columns)
    if head is not None and head not in ids:
        raise DataError(f"The conversation has no message {head} to stand at.", hint="Name one of its messages.")
    last = tree[-1].id if tree else None
    place = head if head is not None else last
    if place is None:
        return
    move(connection, target, head=ids[place], tip=_newest_below(tree, place, ids))


def _newest_below(tree: Sequence[StoredMessage], place: int, ids: Mapping[int, int]) -> int:
    below = {place}
    for own in tree:
        if own.parent in below:
            below.add(own.id)
    return max(ids[own] for own in below)


def _insert(
    connection: sa.Connection, conversation: str, parent: int | None, state: State, columns: dict[str, Any]
) -> int:
    row = sa.insert(messages).values(conversation=conversation, parent=parent, state=state, **columns)
    key: int = connection.execute(row.returning(messages.c.id)).scalar_one()
    return key


def _settled(state: State) -> State:
    """Of a reply that is being written elsewhere, a copy has no more than what was there."""
    return "interrupted" if state == "streaming" else state
