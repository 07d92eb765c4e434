"""Says again, as a talk goes on, that an AI writes: a line of the program, whatever the voice is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.safety.notices import Notices

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from brain.models import Persona, Turn


class Reminder:
    """Counts from the start notice, with which the screen of every chat begins."""

    def __init__(self, note: Callable[[str], object]) -> None:
        self._note = note
        self._shown: datetime | None = None

    def begin(self, now: datetime) -> None:
        """The start notice was shown at `now`."""
        self._shown = now

    def after(self, turn: Turn, persona: Persona, now: datetime) -> None:
        """A reply is on screen; reminds when it is time, sooner where the other person may be a minor."""
        minor = turn.verdict.layer == "safety" and turn.verdict.category == "minor"
        text = Notices.of(persona).due(self._shown, now, minor=minor)
        if text is not None:
            self._note(text)
            self._shown = now
