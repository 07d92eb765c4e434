"""What the toolbar shows of the session, taken when something changes and not with every key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain import branches
from brain.terminal.toolbar import Status

if TYPE_CHECKING:
    from brain.branches import Place
    from brain.models import Turn
    from brain.session import ChatSession


class StatusLine:
    """The newest status; None before the chat is open."""

    def __init__(self) -> None:
        self.now: Status | None = None

    def take(self, session: ChatSession, turn: Turn | None) -> None:
        """The status after this turn; without one, of a conversation that has no reply yet."""
        place = branches.place(session)
        asked = turn is not None and turn.context_size > 0
        self.now = Status(
            voice=session.voice.label,
            model=session.model.spec,
            used=turn.context_tokens if turn and asked else None,
            size=turn.context_size if turn and asked else None,
            seconds=turn.usage.seconds if turn else None,
            place=(place.number, place.of) if place else None,
        )


def place_mark(place: Place | None) -> str:
    """The place as people read it: ‹2/3›. Empty where there is but one."""
    return f"‹{place.number}/{place.of}›" if place else ""
