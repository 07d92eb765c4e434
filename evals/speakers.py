"""Speakers to test the measure on: a folder with NAME/train.json and NAME/heldout.json for each.

Open set: the messages of the speakers who play the impostors are taken out of the client's file first, so that the
measure has never heard them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from brain.dataset import load_conversations
from brain.errors import DataError
from brain.models import Conversation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from brain.models import LabeledConversation

_FEWEST = 3


class Speaker(NamedTuple):
    """One person: conversations to learn from, and later ones."""

    name: str
    train: tuple[LabeledConversation, ...]
    heldout: tuple[LabeledConversation, ...]

    @property
    def replies(self) -> list[str]:
        """The held-out replies."""
        return [conversation.output for conversation in self.heldout]

    @property
    def said(self) -> set[str]:
        """Every text in either file that is known to be theirs."""
        rows = self.train + self.heldout
        return {row.output for row in rows} | {
            message.content for row in rows for message in row.chat_history.messages if message.from_creator
        }


def load_speakers(folder: Path) -> tuple[Speaker, ...]:
    """The speakers of the folder, by name. Raises DataError for fewer than three, or a file that cannot be read."""
    found = tuple(
        Speaker(path.parent.name, load_conversations(path), load_conversations(path.with_name("heldout.json")))
        for path in sorted(folder.glob("*/train.json"))
    )
    if len(found) < _FEWEST:
        raise DataError(
            f"{folder}: holds {len(found)} speakers; the measure is tested on {_FEWEST} or more",
            hint="Give a folder that holds NAME/train.json and NAME/heldout.json for each speaker.",
        )
    return found


def unheard(conversations: Sequence[LabeledConversation], texts: set[str]) -> list[LabeledConversation]:
    """The conversations without those messages of the other party."""
    return [
        row.model_copy(
            update={
                "chat_history": Conversation(
                    messages=tuple(m for m in row.chat_history.messages if m.from_creator or m.content not in texts)
                )
            }
        )
        for row in conversations
    ]


def some_of(
    conversations: Sequence[LabeledConversation], count: int, rng: np.random.Generator
) -> list[LabeledConversation]:
    """So many of them, drawn at random, in their order; all when there are not more."""
    if count >= len(conversations):
        return list(conversations)
    return [conversations[at] for at in np.sort(rng.choice(len(conversations), count, replace=False))]
