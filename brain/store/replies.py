"""Messages as they come: a question and the reply that grows under it, on disk at every moment.

A reply is a row before its first word is there. Its writer gives a sign of life with every piece; whoever starts later
tells by that, and by the writer's process, whether the rest is still to come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from brain.errors import NotFoundError
from brain.store.owner import is_gone
from brain.store.prompts import keep_prompt
from brain.store.rows import conversation_row, message_row, move, utc, writable
from brain.store.tables import conversations, messages
from brain.store.tree import is_on_path_to
from brain.store.values import Asked, Interrupted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from brain.models import Message, State

SILENT_SECONDS = 10.0


def add(
    connection: sa.Connection,
    conversation: str,
    message: Message,
    *,
    parent: int | None,
    now: datetime,
    turn: dict[str, Any] | None = None,
    state: State = "done",
) -> int:
    """A whole message under `parent`; head and tip move to it.

    A conversation that was removed meanwhile is back again: whoever speaks in it wants it.
    """
    _check_place(connection, conversation, parent)
    key = _insert(
        connection,
        conversation=conversation,
        parent=parent,
        from_creator=message.from_creator,
        content=writable(message.content),
        timestamp=(message.timestamp or now).isoformat(),
        turn=turn,
        state=state,
    )
    move(connection, conversation, head=key, tip=key, updated=utc(now), deleted=None)
    return key


def ask(
    connection: sa.Connection,
    conversation: str,
    message: Message | None,
    *,
    parent: int | None,
    now: datetime,
    owner: str,
) -> Asked:
    """The user's message and the empty row of its reply; without a message, another reply under `parent`.

    The head moves to what is answered. It goes back to where it stood if no word of another reply comes. A conversation
    that was removed meanwhile is back again: whoever speaks in it wants it.
    """
    head_before = conversation_row(connection, conversation).head
    asked = None
    if message is not None:
        asked = head_before = add(connection, conversation, message, parent=parent, now=now)
    else:
        _check_place(connection, conversation, parent)
        move(connection, conversation, head=parent, updated=utc(now), deleted=None)
    reply = _insert(
        connection,
        conversation=conversation,
        parent=parent if asked is None else asked,
        from_creator=True,
        content="",
        timestamp=now.isoformat(),
        state="streaming",
        owner=owner,
        heartbeat=now.timestamp(),
        head_before=head_before,
    )
    return Asked(asked, reply)


def grow(connection: sa.Connection, reply: int, text: str, *, now: datetime, owner: str) -> None:
    """What there is of a reply so far. With its first word the head moves to it, if it still waits there."""
    text = writable(text) if text.strip() else ""
    row = _grow(connection, reply, owner, content=text, heartbeat=now.timestamp(), state="streaming")
    if row and text:
        _arrive(connection, row, now)


def beat(connection: sa.Connection, reply: int, *, now: datetime, owner: str) -> None:
    """A sign of life of its writer."""
    _grow(connection, reply, owner, heartbeat=now.timestamp(), state="streaming")


def explain(
    connection: sa.Connection,
    reply: int,
    *,
    turn: dict[str, Any] | None,
    prompt: Sequence[Sequence[Mapping[str, str]]],
    owner: str,
) -> None:
    """Why a reply that is still growing reads as it does, so far."""
    row = _grow(connection, reply, owner, turn=turn)
    if row and (keys := keep_prompt(connection, row.conversation, prompt)):
        connection.execute(sa.update(messages).where(messages.c.id == reply).values(prompt=keys))


def finish(
    connection: sa.Connection,
    reply: int,
    text: str,
    *,
    state: State,
    now: datetime,
    turn: dict[str, Any] | None,
    prompt: Sequence[Sequence[Mapping[str, str]]],
    owner: str,
) -> None:
    """The last word on a reply; also on one that somebody took for dead meanwhile."""
    text = writable(text) if text.strip() else ""
    columns = {"content": text, "state": state, "timestamp": now.isoformat(), "turn": turn, "heartbeat": None}
    row = _update(connection, _own(reply, owner), **columns)
    if row is None:
        raise NotFoundError(f"There is no reply {reply} any more.", hint="Its conversation was removed for good.")
    keys = keep_prompt(connection, row.conversation, prompt)
    if keys:
        connection.execute(sa.update(messages).where(messages.c.id == reply).values(prompt=keys))
    if text:
        _arrive(connection, row, now)
    else:
        _go_back(connection, row)


def anything_unfinished(connection: sa.Connection) -> bool:
    """Whether a reply is being written, or was when its process died."""
    return connection.scalar(sa.select(messages.c.id).where(messages.c.state == "streaming").limit(1)) is not None


def recover(connection: sa.Connection, *, now: datetime, voice: str | None) -> tuple[Interrupted, ...]:
    """Marks the replies whose writer died, newest first; not a word is taken from them."""
    query = (
        sa.select(messages, conversations.c.voice, conversations.c.deleted)
        .join(conversations, conversations.c.id == messages.c.conversation)
        .where(messages.c.state == "streaming")
        .order_by(messages.c.id.desc())
        .with_for_update(of=messages)
    )
    if voice is not None:
        query = query.where(conversations.c.voice == voice)
    dead: list[Interrupted] = []
    for row in connection.execute(query).all():
        if now.timestamp() - row.heartbeat <= SILENT_SECONDS and not is_gone(row.owner):
            continue
        state = "interrupted" if row.content else "failed"
        connection.execute(sa.update(messages).where(messages.c.id == row.id).values(state=state))
        if not row.content:
            _go_back(connection, row)
        if row.deleted is None:
            dead.append(Interrupted(row.conversation, row.voice, row.id, len(row.content.split())))
    return tuple(dead)


def _check_place(connection: sa.Connection, conversation: str, parent: int | None) -> None:
    conversation_row(connection, conversation)
    if parent is not None:
        message_row(connection, parent, conversation)


def _insert(connection: sa.Connection, **columns: Any) -> int:
    key: int = connection.execute(sa.insert(messages).values(**columns).returning(messages.c.id)).scalar_one()
    return key


def _grow(connection: sa.Connection, reply: int, owner: str, **columns: Any) -> Any:
    """Changes a reply that had no last word yet: a piece that was on its way comes too late, and is in it already."""
    return _update(connection, sa.and_(_own(reply, owner), messages.c.heartbeat.is_not(None)), **columns)


def _own(reply: int, owner: str) -> sa.ColumnElement[bool]:
    """The number of a purged reply may be another's by now, so the owner counts."""
    return sa.and_(messages.c.id == reply, messages.c.owner == owner)


def _update(connection: sa.Connection, which: sa.ColumnElement[bool], **columns: Any) -> Any:
    changed = sa.update(messages).where(which).values(**columns)
    row = messages.c.id, messages.c.conversation, messages.c.parent, messages.c.head_before
    return connection.execute(changed.returning(*row)).first()


def _arrive(connection: sa.Connection, reply: Any, now: datetime) -> None:
    """Head and tip move to a reply with words, unless they were moved elsewhere meanwhile, or are below it already."""
    move(connection, reply.conversation, updated=utc(now))  # first, so that no other program moves them in between
    row = conversation_row(connection, reply.conversation)
    before = (reply.parent, reply.id)
    if row.head in before:
        move(connection, reply.conversation, head=reply.id)
    if row.tip in before or (row.head in before and not is_on_path_to(connection, row.tip, reply.id)):
        move(connection, reply.conversation, tip=reply.id)


def _go_back(connection: sa.Connection, reply: Any) -> None:
    """Nothing of it is kept: the conversation stands where it stood, unless its head went elsewhere."""
    head = conversations.c.head
    connection.execute(
        sa.update(conversations)
        .where(
            conversations.c.id == reply.conversation,
            sa.or_(head.is_not_distinct_from(reply.parent), head == reply.id),
        )
        .values(head=reply.head_before)
    )
