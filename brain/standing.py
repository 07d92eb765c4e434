"""Where one window stands in a conversation that others may be in as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.models import Conversation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.store.store import Store
    from brain.store.values import StoredMessage


class Standing:
    """A place in a conversation of the store; `at` is the message it stands on, None where that is not settled yet."""

    def __init__(self, store: Store, conversation: str | None) -> None:
        self.store = store
        self._conversation = conversation
        self.at: int | None = None

    @property
    def conversation(self) -> str | None:
        """The conversation it is in; None before the first message of a new one."""
        return self._conversation

    @conversation.setter
    def conversation(self, conversation: str | None) -> None:
        self._conversation, self.at = conversation, None

    def stand(self) -> bool:
        """Takes its own place in the conversation again; whether another window had moved on from there.

        Who writes goes on from what they see: where two windows are in one conversation, each has a branch of its own.
        """
        head = self.head
        moved = head is not None and self.at is not None and head.id != self.at
        if moved:
            assert self._conversation is not None, "it has a head"
            assert self.at is not None, "or it had not moved"
            self.store.choose(self._conversation, self.at)
        return moved

    def arrive(self) -> None:
        """Takes the place where the conversation stands for its own."""
        head = self.head
        self.at = head.id if head else None

    @property
    def path(self) -> tuple[StoredMessage, ...]:
        """What has been said, as it is stored, from the first message to where the conversation stands."""
        return self.store.path(self.conversation) if self.conversation else ()

    @property
    def head(self) -> StoredMessage | None:
        """Where the conversation stands; None before anything was said."""
        return self.store.head(self.conversation) if self.conversation else None

    @property
    def messages(self) -> Conversation:
        """What has been said so far."""
        return conversation_of(self.path)


def conversation_of(path: Sequence[StoredMessage]) -> Conversation:
    """The messages alone."""
    return Conversation(messages=tuple(stored.message for stored in path))
