"""The reminder on screen: by the clock of the session, whatever the voice says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from brain.models import Persona, Turn, Usage, Verdict
from brain.terminal.reminder import Reminder

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
MARA = Persona(name="Mara", id="mara")
ORDINARY = Verdict(allowed=True)
MINOR = Verdict(allowed=True, layer="safety", category="minor", action="answered")


def turn(verdict: Verdict) -> Turn:
    return Turn(reply="ok", voice="mara@1", model="m", situation="s", verdict=verdict, demos=(), usage=Usage())


def test_nothing_is_said_in_a_short_talk() -> None:
    """The screen began with the notice."""
    notes: list[str] = []
    reminder = Reminder(notes.append)

    reminder.begin(NOON)
    reminder.after(turn(ORDINARY), MARA, NOON + timedelta(hours=2, minutes=59))

    assert notes == []


def test_it_comes_every_three_hours() -> None:
    """Counted from the last one."""
    notes: list[str] = []
    reminder = Reminder(notes.append)
    reminder.begin(NOON)
    for minutes in range(0, 7 * 60, 10):
        reminder.after(turn(ORDINARY), MARA, NOON + timedelta(minutes=minutes))

    assert len(notes) == 2
    assert all("AI" in note and "Mara" in note for note in notes)


def test_a_minor_hears_it_every_hour() -> None:
    """The verdict of the turn tells."""
    notes: list[str] = []
    reminder = Reminder(notes.append)
    reminder.begin(NOON)

    reminder.after(turn(MINOR), MARA, NOON + timedelta(hours=1))

    assert len(notes) == 1
