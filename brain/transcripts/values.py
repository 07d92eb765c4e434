"""A conversation on its way out of the program or into it: the whole tree of its messages, and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple, Self

from pydantic import AfterValidator, Field, JsonValue, field_validator, model_validator

from brain.models import Message, State, Value

if TYPE_CHECKING:
    from collections import Counter

_MARKS: dict[State, str] = {
    "streaming": "unfinished",
    "stopped": "stopped",
    "cut": "cut off",
    "interrupted": "cut off",
    "edited": "edited",
}
_MAX_TITLE = 60


def of_our_time(at: datetime) -> datetime:
    """The moment itself. Raises ValueError for others: they are slips, and the calendar's ends fit in no time zone."""
    if not 1900 <= at.year <= 2200:
        raise ValueError("is no date of our time")
    return at


Moment = Annotated[datetime, AfterValidator(of_our_time)]


class Entry(Value):
    """One message of the tree; `parent` is the id of the one it answers or follows, None for a first message.

    `turn` explains a reply (model, situation, demos, verdict, usage), as the store keeps it.
    """

    id: int
    parent: int | None
    from_creator: bool
    content: str
    timestamp: Moment | None = None
    state: State = "done"
    turn: dict[str, JsonValue] | None = None

    @field_validator("content")
    @classmethod
    def _has_text(cls, content: str) -> str:
        if not content.strip():
            raise ValueError("has no text")
        return content

    @property
    def mark(self) -> str:
        """What a reader must know of a reply that is not simply whole; empty for one that is."""
        return _MARKS.get(self.state, "")

    @property
    def whole(self) -> bool:
        """Whether the text is all that was meant to be said."""
        return self.state in {"done", "edited"}

    @property
    def message(self) -> Message:
        """What was said, by whom and when."""
        return Message(from_creator=self.from_creator, content=self.content, timestamp=self.timestamp)


class Transcript(Value):
    """A conversation with all its branches. `head` is the id of the message it stands at, None before the first.

    Entries come parents first, each id greater than its parent's. Raises ValueError when they do not.
    """

    id: str
    voice: str = Field(min_length=1)
    title: str | None = None
    created: Moment
    updated: Moment
    head: int | None
    entries: tuple[Entry, ...] = ()

    @model_validator(mode="after")
    def _is_a_tree(self) -> Self:
        seen: set[int] = set()
        for entry in self.entries:
            if entry.id in seen:
                raise ValueError(f"two messages have the id {entry.id}")
            if entry.parent is not None and (entry.parent not in seen or entry.parent >= entry.id):
                raise ValueError(f"message {entry.id} follows {entry.parent}, which does not come before it")
            seen.add(entry.id)
        if self.head is not None and self.head not in seen:
            raise ValueError(f"it stands at message {self.head}, which it does not hold")
        return self

    @property
    def path(self) -> tuple[Entry, ...]:
        """The messages from the first to the head."""
        by_id = {entry.id: entry for entry in self.entries}
        path: list[Entry] = []
        at = self.head
        while at is not None:
            path.append(by_id[at])
            at = by_id[at].parent
        return tuple(reversed(path))

    @property
    def heading(self) -> str:
        """Its title, or the beginning of the user's first words; empty when nothing was said."""
        first = next((entry.content for entry in self.path if not entry.from_creator), "")
        words = " ".join((self.title or first).split())
        return words if len(words) <= _MAX_TITLE else f"{words[: _MAX_TITLE - 1].rstrip()}…"

    def beside(self, entry: Entry) -> tuple[Entry, ...]:
        """It and the other messages of its side at the same place, oldest first."""
        return tuple(
            other for other in self.entries if (other.parent, other.from_creator) == (entry.parent, entry.from_creator)
        )


class Read(NamedTuple):
    """One conversation as it was read; `left_out` counts what has no place in it, such as "system message"."""

    transcript: Transcript
    left_out: Counter[str]
