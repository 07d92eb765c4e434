"""Talks to put into a store, and what is seen of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from brain.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brain.store.store import Store
    from brain.store.values import StoredMessage

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=timezone(timedelta(hours=2)))
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def talk(store: Store, *contents: str, voice: str = "nela@1", at: datetime = NOW) -> str:
    """A conversation that the user begins and in which both take turns; its id."""
    conversation, parent = store.begin(voice, at), None
    for place, content in enumerate(contents):
        message = Message(from_creator=bool(place % 2), content=content)
        parent = store.add(conversation, message, parent=parent, now=at)
    return conversation


def texts(path: Iterable[StoredMessage]) -> list[str]:
    return [stored.message.content for stored in path]


def head(store: Store, conversation: str) -> int:
    """The message the conversation stands at."""
    return store.path(conversation)[-1].id
