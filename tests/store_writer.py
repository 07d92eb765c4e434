"""What a process beside ours does to the store; a module of its own, so that a fresh process can import it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from brain.models import Message
from brain.store import Store

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier


def write_conversation(url: str, voice: str, ready: Barrier, count: int) -> None:
    """Opens the store when all are ready, and adds `count` messages to a conversation of its own."""
    now = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    ready.wait()
    store = Store(url)
    conversation, parent = store.begin(voice, now), None
    for number in range(count):
        message = Message(from_creator=bool(number % 2), content=f"{voice} {number}")
        parent = store.add(conversation, message, parent=parent, now=now)
    store.close()
