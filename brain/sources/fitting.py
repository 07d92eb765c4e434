"""As much of a large source as can be kept: a conversations.json of any size could never be read again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from brain.dataset import MAX_BYTES, dump_conversations

if TYPE_CHECKING:
    from brain.models import LabeledConversation
    from brain.sources.source import Source

MOST_KEPT = MAX_BYTES * 3 // 4  # bytes; the rest is room for the lessons that are learned too
_NEVER = datetime.min.replace(tzinfo=UTC)


def fitted(source: Source, *, most: int = MOST_KEPT) -> Source:
    """The source with its newest conversations alone, where all of them need more than `most` bytes in a file.

    Those without a time count as the older, the earlier they stand.
    """
    sizes = [len(dump_conversations([one])) for one in source.conversations]
    if sum(sizes) <= most:
        return source
    newest = sorted(range(len(sizes)), key=lambda at: (_time(source.conversations[at]), at), reverse=True)
    kept: set[int] = set()
    for at in newest:
        most -= sizes[at]
        if most < 0:
            break
        kept.add(at)
    conversations = tuple(one for at, one in enumerate(source.conversations) if at in kept)
    note = f"The newest {len(kept):,} of {len(sizes):,} replies are kept: more do not fit into the file of a voice."
    return source._replace(conversations=conversations, notes=(*source.notes, note))


def _time(labeled: LabeledConversation) -> datetime:
    at = labeled.chat_history.messages[-1].timestamp
    return _NEVER if at is None else at if at.tzinfo else at.replace(tzinfo=UTC)
