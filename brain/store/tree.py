"""Walks in the tree of a conversation, and the moves of its head. A child always has a greater id than its parent."""

from __future__ import annotations

from itertools import chain, pairwise, takewhile
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from brain.store.rows import HAS_TEXT, SAID, conversation_row, message_row, move, stored
from brain.store.tables import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.store.values import StoredMessage

_PLACE = (messages.c.id, messages.c.parent, messages.c.from_creator, HAS_TEXT.label("has_text"))
_FIRST_PIECE, _GROWTH = 4, 4


def path_to(connection: sa.Connection, message: int | None) -> tuple[StoredMessage, ...]:
    """From the first message to this one; nothing for None."""
    rows = connection.execute(sa.select(*SAID).where(on_path_to(message), HAS_TEXT).order_by(messages.c.id))
    return tuple(stored(row) for row in rows)


def head_of(connection: sa.Connection, conversation: str) -> StoredMessage | None:
    """Where the conversation stands; None before its first message. Reads no other message's text."""
    line = back_from(connection, conversation_row(connection, conversation).head)
    return next((stored(message_row(connection, own.id)) for own in line if own.has_text), None)


def back_from(connection: sa.Connection, message: int | None) -> Iterator[Any]:
    """The way from this message to the first, without texts; read in growing pieces, so a short look stays cheap.

    Here a reply appears also without text: something may be said below one of which nothing was kept in the end.
    """
    length = _FIRST_PIECE
    while message is not None:
        piece = connection.execute(_piece(message, length)).all()
        yield from piece
        message = piece[-1].parent if piece else None
        length *= _GROWTH


def _piece(message: int, length: int) -> sa.Select[Any]:
    line = sa.select(*_PLACE, sa.literal(1).label("number")).where(messages.c.id == message).cte(recursive=True)
    above = sa.select(*_PLACE, line.c.number + 1).where(messages.c.id == line.c.parent, line.c.number < length)
    line = line.union_all(above)
    return sa.select(line).order_by(line.c.number)


def on_path_to(message: int | None) -> sa.ColumnElement[bool]:
    """What is true of the messages from the first to this one."""
    walk = sa.select(messages.c.id, messages.c.parent).where(messages.c.id == message).cte("walk", recursive=True)
    walk = walk.union_all(sa.select(messages.c.id, messages.c.parent).where(messages.c.id == walk.c.parent))
    return messages.c.id.in_(sa.select(walk.c.id))


def is_on_path_to(connection: sa.Connection, message: int | None, own: int) -> bool:
    """Whether `own` is this message, or one of those before it."""
    return connection.scalar(sa.select(messages.c.id).where(messages.c.id == own, on_path_to(message))) is not None


def whole_tree(connection: sa.Connection, conversation: str) -> tuple[StoredMessage, ...]:
    """Every message that has text, in the order they came."""
    query = sa.select(*SAID).where(messages.c.conversation == conversation, HAS_TEXT).order_by(messages.c.id)
    return tuple(stored(row) for row in connection.execute(query))


def siblings(connection: sa.Connection, message: int) -> tuple[int, ...]:
    """The message and what else was said by the same side at that place, oldest first."""
    row = message_row(connection, message)
    if row.parent is None:
        place = sa.and_(messages.c.conversation == row.conversation, messages.c.parent.is_(None))
    else:  # its conversation goes without saying, and could tempt a database to read the whole of it
        place = messages.c.parent == row.parent
    query = sa.select(messages.c.id).where(place, messages.c.from_creator == row.from_creator, HAS_TEXT)
    return tuple(connection.scalars(query.order_by(messages.c.id)))


def choose(connection: sa.Connection, conversation: str, message: int) -> None:
    """Moves the head to the message, and the tip to the newest one below it."""
    conversation_row(connection, conversation)
    message_row(connection, message, conversation)
    later = sa.select(*_PLACE).where(messages.c.conversation == conversation, messages.c.id > message)
    below, tip = {message}, message
    for own in connection.execute(later.order_by(messages.c.id)):
        if own.parent in below:
            below.add(own.id)
            tip = own.id if own.has_text else tip
    move(connection, conversation, head=message, tip=tip)


def step_back(connection: sa.Connection, conversation: str, exchanges: int) -> int:
    """Moves the head to before the last exchanges; how many there were to undo."""
    line = back_from(connection, conversation_row(connection, conversation).head)
    said = (own for own in line if own.has_text)
    places = (own.parent for own, before in pairwise(chain(said, [None])) if _opens(before, own))
    undone = [place for _, place in zip(range(exchanges), places, strict=False)]
    if undone:
        move(connection, conversation, head=undone[-1])
    return len(undone)


def step_forward(connection: sa.Connection, conversation: str, exchanges: int) -> int:
    """Moves the head towards the tip; how many exchanges there were to do again."""
    row: Any = conversation_row(connection, conversation)
    line = back_from(connection, row.tip)
    undone = [*takewhile(lambda own: row.head is None or own.id > row.head, line)][::-1]
    said = [own for own in undone if own.has_text]
    if not said or undone[0].parent != row.head:
        return 0
    ends = [own.id for own, after in pairwise(said) if _opens(own, after)]
    ends.append(said[-1].id)
    done = min(max(exchanges, 0), len(ends))
    if done:
        move(connection, conversation, head=ends[done - 1])
    return done


def _opens(before: Any, own: Any) -> bool:
    """Whether an exchange begins here: the user speaks, after the client or first."""
    return not own.from_creator and (before is None or before.from_creator)
