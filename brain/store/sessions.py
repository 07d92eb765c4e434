"""Conversations at a glance: the list, the newest one, and what the user typed in them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from brain.errors import NotFoundError
from brain.store.rows import conversation_row
from brain.store.tables import conversations, messages
from brain.store.values import SessionInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BEGUN = conversations.c.tip.is_not(None)
NEWEST_FIRST = (conversations.c.updated.desc(), conversations.c.tip.desc())
_AT_ONCE = 500  # a statement takes some ten thousand values at most
_PATHS = sa.text(
    """WITH RECURSIVE walk(conversation, id, parent, from_creator) AS (
        SELECT c.id, m.id, m.parent, m.from_creator
            FROM conversations AS c JOIN messages AS m ON m.id = c.head WHERE c.id IN :wanted
        UNION ALL
        SELECT walk.conversation, m.id, m.parent, m.from_creator
            FROM walk JOIN messages AS m ON m.id = walk.parent)
    SELECT conversation, count(*) AS messages, min(CASE WHEN from_creator THEN NULL ELSE id END) AS first
        FROM walk GROUP BY conversation"""
).bindparams(sa.bindparam("wanted", expanding=True, type_=sa.String))


def infos(connection: sa.Connection, rows: Sequence[Any]) -> tuple[SessionInfo, ...]:
    """The facts of these rows of `conversations`, in their order."""
    return tuple(
        info
        for start in range(0, len(rows), _AT_ONCE)
        for info in _some_infos(connection, rows[start : start + _AT_ONCE])
    )


def _some_infos(connection: sa.Connection, rows: Sequence[Any]) -> list[SessionInfo]:
    paths = {path.conversation: path for path in connection.execute(_PATHS, {"wanted": [row.id for row in rows]})}
    first = contents(connection, (path.first for path in paths.values()))
    return [
        SessionInfo(
            id=row.id,
            voice=row.voice,
            title=row.title,
            created=datetime.fromisoformat(row.created),
            updated=datetime.fromisoformat(row.updated),
            messages=paths[row.id].messages if row.id in paths else 0,
            first=first.get(paths[row.id].first, "") if row.id in paths else "",
            deleted=datetime.fromisoformat(row.deleted) if row.deleted else None,
        )
        for row in rows
    ]


def contents(connection: sa.Connection, wanted: Iterable[int | None]) -> dict[int, str]:
    """The texts of messages by id."""
    query = sa.select(messages.c.id, messages.c.content).where(messages.c.id.in_([one for one in wanted if one]))
    return {row.id: row.content for row in connection.execute(query)}


def one_session(connection: sa.Connection, conversation: str) -> SessionInfo:
    """One conversation, removed or not. Raises NotFoundError."""
    return infos(connection, [conversation_row(connection, conversation)])[0]


def newest_sessions(
    connection: sa.Connection, *, voice: str | None, limit: int, removed: bool
) -> tuple[SessionInfo, ...]:
    """Those with a message in them, newest first."""
    query = sa.select(conversations).where(BEGUN, of(voice, removed=removed)).order_by(*NEWEST_FIRST).limit(limit)
    return infos(connection, connection.execute(query).all())


def latest(connection: sa.Connection, voice: str | None) -> tuple[str, str]:
    """Id and voice of the one that was last written to. Raises NotFoundError when there is none."""
    query = sa.select(conversations.c.id, conversations.c.voice).where(BEGUN, of(voice)).order_by(*NEWEST_FIRST)
    row = connection.execute(query.limit(1)).first()
    if row is None:
        raise NotFoundError("There is no conversation to continue yet.", hint="Start one: persona chat")
    return row.id, row.voice


def said(connection: sa.Connection, voice: str, most: int) -> list[str]:
    """What the user typed, newest first, the same words once."""
    query = (
        sa.select(messages.c.content)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .where(of(voice), messages.c.from_creator.is_(False))
        .order_by(messages.c.id.desc())
        .limit(most)
    )
    return list(dict.fromkeys(connection.scalars(query)))


def of(voice: str | None, *, removed: bool = False) -> sa.ColumnElement[bool]:
    """The conversations of a voice, or of all; those that were removed, or the others."""
    there = conversations.c.deleted.is_not(None) if removed else conversations.c.deleted.is_(None)
    return there if voice is None else sa.and_(there, conversations.c.voice == voice)
