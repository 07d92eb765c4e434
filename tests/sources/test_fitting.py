"""What is kept of a source can be read again, however large it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from brain.dataset import dump_conversations, parse_conversations
from brain.models import Conversation, LabeledConversation, Message
from brain.sources.fitting import fitted
from brain.sources.source import Source

DAY = datetime(2026, 5, 4, 10, 30)


def said(number: int, at: datetime | None = None) -> LabeledConversation:
    message = Message(from_creator=False, content=f"hi {number}", timestamp=at)
    return LabeledConversation(chat_history=Conversation(messages=(message,)), output="hello " * 100)


def kept(source: Source, most: int) -> list[str]:
    fit = fitted(source, most=most)
    assert len(dump_conversations(fit.conversations)) <= most
    assert parse_conversations(Path("f.json"), dump_conversations(fit.conversations)) == fit.conversations
    return [one.chat_history.last_from_other for one in fit.conversations]


def test_the_newest_are_kept_in_their_order() -> None:
    """Wherever they stand; and that is told."""
    source = Source("x", tuple(said(number, DAY - timedelta(days=number % 4)) for number in range(8)), notes=("a.",))

    assert kept(source, 3_500) == ["hi 0", "hi 1", "hi 4", "hi 5"]
    assert fitted(source, most=3_500).notes[1].startswith("The newest 4 of 8 replies")


def test_without_times_the_last_are_the_newest() -> None:
    """As in a file that was written on and on."""
    assert kept(Source("x", tuple(map(said, range(8)))), 1_700) == ["hi 6", "hi 7"]


def test_what_fits_is_left_alone() -> None:
    """All but a few sources."""
    source = Source("x", tuple(map(said, range(8))))

    assert fitted(source) is source
