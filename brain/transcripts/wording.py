"""What the formats for people say beside the messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from brain.transcripts.values import Transcript

YOU = "You"


def facts(transcript: Transcript) -> str:
    """With whom, since when, how long, and the id to come back to it."""
    count = len(transcript.path)
    messages = "1 message" if count == 1 else f"{count:,} messages"
    return f"With {transcript.voice} · {moment(transcript.created)} · {messages} · session {transcript.id}"


def moment(at: datetime) -> str:
    """Date and time to the minute, by the clock it was taken from."""
    return f"{at:%Y-%m-%d %H:%M}"
