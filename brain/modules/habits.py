"""Habits of a hand that a small model cannot imitate and code can: how long, which case, how it ends.

They are learned from the client's replies and applied to a draft; a habit that the client keeps only sometimes is left
to the model.
"""

from __future__ import annotations

import re
import statistics
from typing import TYPE_CHECKING

from brain.models import Habits

if TYPE_CHECKING:
    from collections.abc import Sequence

_SENTENCE_END = re.compile(r"(?<=[.!?…])(?:\s+|$)|\n+")
_FINAL_STOP = re.compile(r"(?<![.\s])\.(?=\s*\Z)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ALWAYS, _NEVER = 0.95, 0.05
_SHORTEST_LIMIT = 8
_LONGEST_DECILE = 9


def learn_habits(replies: Sequence[str]) -> Habits:
    """The habits of these replies; those of nobody in particular when there is none."""
    if not replies:
        return Habits()
    counts = [len(reply.split()) for reply in replies]
    longest = (
        statistics.quantiles(counts, n=10, method="inclusive")[_LONGEST_DECILE - 1] if len(counts) > 1 else counts[0]
    )
    return Habits(
        longest=max(_SHORTEST_LIMIT, round(longest)),
        lowercase=sum(_lowered(reply) == reply for reply in replies) / len(replies),
        final_stop=sum(bool(_FINAL_STOP.search(reply)) for reply in replies) / len(replies),
    )


def kept(draft: str, habits: Habits) -> str:
    """The draft as this hand would have left it: shortened, in its case, with or without its last full stop."""
    text = shortened(draft, habits.longest)
    if habits.lowercase >= _ALWAYS:
        text = _lowered(text)
    if habits.final_stop <= _NEVER:
        text = _FINAL_STOP.sub("", text)
    return text if text.strip() else draft


def shortened(draft: str, longest: int) -> str:
    """The draft, ended after the last whole sentence within `longest` words; its first sentence always stays."""
    if len(draft.split()) <= longest:
        return draft
    end = 0
    for boundary in _SENTENCE_END.finditer(draft):
        if end and len(draft[: boundary.start()].split()) > longest:
            break
        end = boundary.start()
    return draft[:end].strip() or " ".join(draft.split()[:longest])


def _lowered(text: str) -> str:
    """In small letters, but for a word shouted in capitals."""
    return _WORD.sub(lambda word: word[0] if len(word[0]) > 1 and word[0].isupper() else word[0].lower(), text)
