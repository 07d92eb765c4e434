"""Conversations between the store and a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.store.values import StoredMessage
from brain.transcripts.cleaning import cleaned
from brain.transcripts.values import Entry, Transcript

if TYPE_CHECKING:
    from brain.store.store import Store


def taken_from(store: Store, conversation: str) -> Transcript:
    """The whole conversation, fit to be shown. Raises NotFoundError."""
    info, tree, path = store.session(conversation), store.tree(conversation), store.path(conversation)
    turns = store.turns(conversation)
    entries = (
        Entry(
            id=stored.id,
            parent=stored.parent,
            from_creator=stored.message.from_creator,
            content=stored.message.content,
            timestamp=stored.message.timestamp,
            state=stored.state,
            turn=turns.get(stored.id),
        )
        for stored in tree
    )
    return cleaned(
        Transcript(
            id=info.id,
            voice=info.voice,
            title=info.title,
            created=info.created,
            updated=info.updated,
            head=path[-1].id if path else None,
            entries=tuple(entries),
        )
    )


def planted(store: Store, transcript: Transcript) -> str:
    """Stores a transcript as a conversation of its own; its new id."""
    session = store.plant(
        transcript.voice,
        [StoredMessage(entry.id, entry.parent, entry.message, entry.state) for entry in transcript.entries],
        now=transcript.created,
        updated=transcript.updated,
        title=transcript.title,
        head=transcript.head,
        turns={entry.id: entry.turn for entry in transcript.entries if entry.turn is not None},
    )
    if transcript.head is None:
        store.undo(session, len(transcript.entries))
    return session
