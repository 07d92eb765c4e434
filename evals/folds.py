"""Which replies are judged by a model that has not seen them, nor anything of the same conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from brain.models import LabeledConversation

_FOLDS = 5
_LONG = 30
LEAVE_ONE_OUT_BELOW = 30


def conversation_groups(conversations: Sequence[LabeledConversation]) -> list[int]:
    """The number of the conversation each entry belongs to: neighbours that share a message belong together."""
    groups: list[int] = []
    before: set[str] = set()
    for conversation in conversations:
        said = {message.content for message in conversation.chat_history.messages}
        groups.append((groups[-1] + (not said & before)) if groups else 0)
        before = said | {conversation.output}
    return groups


def fold_count(texts: Sequence[str], groups: Sequence[int] | None = None) -> int:
    """Five; below 30 texts as many as there are conversations (leave-one-out)."""
    return len(np.unique(_blocks(len(texts), groups))) if len(texts) < LEAVE_ONE_OUT_BELOW else _FOLDS


def contiguous_folds(texts: Sequence[str], count: int, groups: Sequence[int] | None = None) -> NDArray[np.intp]:
    """The fold of each text, 0 to count - 1, some of them perhaps empty.

    Folds are runs of whole conversations, about equally long; equal texts of 30 characters or more share the fold of
    the first of them, shorter ones are said again by nature, in later conversations too. Where all is one conversation
    it is cut into runs after all, since nothing else can be held out.
    """
    blocks = _blocks(len(texts), groups)
    sizes = np.bincount(blocks)
    middle = np.cumsum(sizes) - sizes / 2
    folds = np.minimum((middle * count / max(len(texts), 1)).astype(np.intp), count - 1)[blocks]
    first: dict[str, int] = {}
    for index, text in enumerate(texts):
        if len(text) >= _LONG:
            folds[index] = folds[first.setdefault(text, index)]
    return folds


def _blocks(count: int, groups: Sequence[int] | None) -> NDArray[np.intp]:
    """Conversations numbered in order of appearance; each text its own where no two conversations are told apart."""
    numbers: dict[int, int] = {}
    blocks = [numbers.setdefault(group, len(numbers)) for group in (range(count) if groups is None else groups)]
    return np.asarray(blocks if len(numbers) > 1 else range(count), np.intp)
