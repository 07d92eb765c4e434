"""Walks in the tree of a conversation, and the moves of its head. A child always has a greater id than its parent."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from brain.store.rows import HAS_TEXT, SAID, conversation_row, message_row, move, stored
from brain.store.tables import messages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.store.values import StoredMessage


def path_to(connection: sa.Connection, message: int | None) -> tuple[StoredMessage, ...]:
    """From the first message to this one; nothing for None."""
    rows = connection.execute(sa.select(*SAID).where(on_path_to(message), HAS_TEXT).order_by(messages.c.id))
    return tuple(stored(row) for row in rows)


def head_of(connection: sa.Connection, conversation: str) -> StoredMessage | None:
    """Where the conversation stands; None before its first message."""
    head = conversation_row(connection, conversation).head
    return stored(message_row(connection, head)) if head is not None else None


def on_path_to(message: int | None) -> sa.ColumnElement[bool]:
    """What is true of the messages from the first to this one."""
    walk = sa.select(messages.c.id, messages.c.parent).where(messages.c.id == message).cte("walk", recursive=True)
    walk = walk.union_all(sa.select(messages.c.id, messages.c.parent).where(messages.c.id == walk.c.parent))
    return messages.c.id.in_(sa.select(walk.c.id))


def whole_tree(connection: sa.Connection, conversation: str) -> tuple[StoredMessage, ...]:
    """Every message that has text, in the order they came."""
    query = sa.select(*SAID).where(messages.c.conversation == conversation, HAS_TEXT).order_by(messages.c.id)
    return tuple(stored(row) for row in connection.execute(query))


def siblings(connection: sa.Connection, message: int) -> tuple[int, ...]:
    """The message and what else was said by the same side at that place, oldest first."""
    row = message_row(connection, message)
    query = sa.select(messages.c.id).where(
        messages.c.conversation == row.conversation,
        messages.c.parent.is_(None) if row.parent is None else messages.c.parent == row.parent,
        messages.c.from_creator == row.from_creator,
        HAS_TEXT,
    )
    return tuple(connection.scalars(query.order_by(messages.c.id)))


def choose(connection: sa.Connection, conversation: str, message: int) -> None:
    """Moves the head to the message, and the tip to the newest one below it."""
    conversation_row(connection, conversation)
    message_row(connection, message, conversation)
    below = sa.select(messages.c.id).where(messages.c.id == message).cte("below", recursive=True)
    below = below.union_all(sa.select(messages.c.id).where(messages.c.parent == below.c.id, HAS_TEXT))
    move(connection, conversation, head=message, tip=connection.scalar(sa.select(sa.func.max(below.c.id))))


def step_back(connection: sa.Connection, conversation: str, exchanges: int) -> int:
    """Moves the head to before the last exchanges; how many there were to undo."""
    path = path_to(connection, conversation_row(connection, conversation).head)
    starts = [place for place, own in enumerate(path) if _opens(path[:place], own)]
    done = min(max(exchanges, 0), len(starts))
    if done:
        first = starts[-done]
        move(connection, conversation, head=path[first].parent)
    return done


def step_forward(connection: sa.Connection, conversation: str, exchanges: int) -> int:
    """Moves the head towards the tip; how many exchanges there were to do again."""
    row: Any = conversation_row(connection, conversation)
    line = path_to(connection, row.tip)
    undone = line if row.head is None else [own for own in line if own.id > row.head]
    if not undone or undone[0].parent != row.head:
        return 0
    ends = [own.id for own, after in pairwise(undone) if own.message.from_creator and not after.message.from_creator]
    ends.append(undone[-1].id)
    done = min(max(exchanges, 0), len(ends))
    if done:
        move(connection, conversation, head=ends[done - 1])
    return done


def _opens(before: Sequence[StoredMessage], own: StoredMessage) -> bool:
    """Whether an exchange begins here: the user speaks, after the client or first."""
    return not own.message.from_creator and (not before or before[-1].message.from_creator)
