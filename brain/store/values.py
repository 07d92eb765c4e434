"""What the store answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.models import Conversation, Message, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class StoredMessage(NamedTuple):
    """A message and its place in the tree."""

    id: int
    parent: int | None
    message: Message
    state: State = "done"


class Asked(NamedTuple):
    """Where a question and its reply stand; `message` is None when an older one is answered again."""

    message: int | None
    reply: int


class Interrupted(NamedTuple):
    """A reply whose process died, and how many words of it were kept."""

    conversation: str
    voice: str
    reply: int
    words: int


class SessionInfo(NamedTuple):
    """One conversation at a glance: `messages` lie on the path to its head, `first` is what the user said first."""

    id: str
    voice: str
    title: str | None
    created: datetime
    updated: datetime
    messages: int
    first: str
    deleted: datetime | None


class Found(NamedTuple):
    """A conversation that was searched for, and the message that speaks for it."""

    session: SessionInfo
    excerpt: str
    message: int


def as_conversation(path: Sequence[StoredMessage]) -> Conversation:
    """The messages alone."""
    return Conversation(messages=tuple(stored.message for stored in path))
