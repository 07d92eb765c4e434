"""The prompts of an evaluation: real conversations, and the reply that the client really gave."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Conversation, LabeledConversation

_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Case(NamedTuple):
    """A conversation to answer. `now` is when; where `dated` is false the file does not tell, and it is some noon."""

    id: str
    conversation: Conversation
    now: datetime
    real: str
    dated: bool = True

    @property
    def message(self) -> str:
        """What waits for an answer."""
        return self.conversation.last_from_other


class Drawn(NamedTuple):
    """The prompts, and the conversations left over."""

    cases: tuple[Case, ...]
    rest: tuple[LabeledConversation, ...]


def case_of(id: str, labeled: LabeledConversation) -> Case:
    """The conversation as a prompt, answered when its last message came."""
    timestamp = labeled.chat_history.messages[-1].timestamp
    return Case(id, labeled.chat_history, timestamp or _NOON, labeled.output, timestamp is not None)


def draw(conversations: Sequence[LabeledConversation], ids: Sequence[str], *, most: int, seed: int) -> Drawn:
    """`most` of them at most as prompts, the same ones first for the same seed; the rest in their own order."""
    order = list(range(len(conversations)))
    random.Random(seed).shuffle(order)
    chosen = order[: max(most, 0)]
    left = sorted(order[len(chosen) :])
    return Drawn(tuple(case_of(ids[at], conversations[at]) for at in chosen), tuple(conversations[at] for at in left))
