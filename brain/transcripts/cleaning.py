"""A transcript as it may be shown and stored, whoever wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from brain.models import Turn
from brain.sanitise import display

if TYPE_CHECKING:
    from pydantic import JsonValue

    from brain.transcripts.values import Entry, Transcript


def cleaned(transcript: Transcript) -> Transcript:
    """The transcript without escapes and hidden text; a message of nothing else is left out of the tree."""
    kept: list[Entry] = []
    stands_for: dict[int | None, int | None] = {None: None}  # a message that is left out: the one before it
    for entry in transcript.entries:
        parent, content = stands_for[entry.parent], display(entry.content).strip()
        stands_for[entry.id] = entry.id if content else parent
        if content:
            kept.append(entry.model_copy(update={"parent": parent, "content": content}))
    return transcript.model_copy(
        update={
            "voice": _one_line(transcript.voice) or "imported",
            "title": _one_line(transcript.title or "") or None,
            "head": stands_for[transcript.head],
            "entries": tuple(kept),
        }
    )


def brought_in(transcript: Transcript) -> Transcript:
    """A cleaned transcript from elsewhere, as the store may take it.

    A reply that was still being written counts as interrupted, for nobody writes it here; and what explains a reply is
    kept only when it makes sense, for /why could not show it.
    """
    clean = cleaned(transcript)
    return clean.model_copy(update={"entries": tuple(_brought_in(entry) for entry in clean.entries)})


def _brought_in(entry: Entry) -> Entry:
    state = "interrupted" if entry.state == "streaming" else entry.state
    return entry.model_copy(update={"state": state, "turn": _explanation(entry.turn, entry.content)})


def _explanation(turn: dict[str, JsonValue] | None, reply: str) -> dict[str, JsonValue] | None:
    """What explains a reply, as the store keeps it."""
    if turn is None:
        return None
    try:
        found = Turn.model_validate({**{display(key): _clean(value) for key, value in turn.items()}, "reply": reply})
    except ValidationError:
        return None
    return found.model_dump(mode="json", exclude={"reply", "prompts"})


def _clean(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return display(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {display(key): _clean(each) for key, each in value.items()}
    return value


def _one_line(text: str) -> str:
    return " ".join(display(text).split())
