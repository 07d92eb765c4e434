"""SillyTavern's chat format: a header line, then a message a line; other replies to the same message are its swipes.

    {"user_name": "You", "character_name": "nela", "create_date": "2026-05-04T10:30:00.000Z", "chat_metadata": {}}
    {"name": "You", "is_user": true, "is_system": false, "send_date": "2026-05-04T10:30:00.000Z", "mes": "hi"}
    {"name": "nela", "is_user": false, …, "mes": "hello", "swipe_id": 1, "swipes": ["hey", "hello"], "swipe_info": […]}

Read in its source: https://github.com/SillyTavern/SillyTavern, public/script.js and src/endpoints/chats.js.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from brain.errors import DataError
from brain.naming import voice_name
from brain.places import VOICE_NAME, is_path
from brain.transcripts.tavern_dates import read_date, write_date
from brain.transcripts.values import Entry, Read, Transcript
from brain.transcripts.wording import YOU

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

HEADER_KEYS = frozenset({"user_name", "character_name", "chat_metadata"})
_EXAMPLE = '{"name": "You", "is_user": true, "mes": "hi"}'


def write_tavern(transcript: Transcript) -> Iterator[str]:
    """The lines of the file: the messages from the first to the head, each reply with its alternatives."""
    yield _line(
        {
            "user_name": YOU,
            "character_name": transcript.voice,
            "create_date": write_date(transcript.created),
            "chat_metadata": {},
        }
    )
    for entry in transcript.path:
        yield _line(_fields(entry, transcript))


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _fields(entry: Entry, transcript: Transcript) -> dict[str, Any]:
    shared = {
        "name": transcript.voice if entry.from_creator else YOU,
        "is_user": not entry.from_creator,
        "is_system": False,
        "mes": entry.content,
        **_info(entry, transcript.created),
    }
    if not entry.from_creator:
        return shared
    swipes = transcript.beside(entry)
    return {
        **shared,
        "swipe_id": swipes.index(entry),
        "swipes": [swipe.content for swipe in swipes],
        "swipe_info": [_info(swipe, transcript.created) for swipe in swipes],
    }


def _info(entry: Entry, otherwise: datetime) -> dict[str, Any]:
    model = (entry.turn or {}).get("model")
    extra = {"model": model} if isinstance(model, str) else {}
    if entry.mark:
        extra["note"] = entry.mark
    return {"send_date": write_date(entry.timestamp or otherwise), "extra": extra}


def read_tavern(lines: Sequence[tuple[int, Any]], source: str, *, voice: str, now: datetime) -> Read:
    """The conversation of a file whose lines are parsed already, each with its number; and what has no place in it.

    It is with the character of the header, or with `voice` where that names nobody.
    Hidden (system) and empty messages are left out. Raises DataError, which names the line.
    """
    header = lines[0][1]
    entries: list[Entry] = []
    head: int | None = None
    left_out: Counter[str] = Counter()
    for number, fields in lines[1:]:
        where = f"{source}: line {number}"
        if not isinstance(fields, dict) or not isinstance(fields.get("mes"), str):
            raise DataError(f"{where} has no text `mes`", hint=f"The shape is {_EXAMPLE}")
        if fields.get("is_system"):
            left_out["hidden message"] += 1
        elif not fields["mes"].strip():
            left_out["empty message"] += 1
        else:
            chosen, texts = _alternatives(fields)
            first = len(entries) + 1
            parent, head = head, first + chosen
            entries.extend(_entry(first + place, parent, fields, text, place) for place, text in enumerate(texts))
    created = read_date(header.get("create_date")) or now
    transcript = Transcript(
        id="", voice=_voice(header) or voice, created=created, updated=now, head=head, entries=tuple(entries)
    )
    return Read(transcript, left_out)


def _voice(header: dict[str, Any]) -> str:
    """Our own name of the character; empty when the header names nobody."""
    name = header.get("character_name")
    if not isinstance(name, str):
        return ""
    return name if VOICE_NAME.fullmatch(name) or is_path(name) else voice_name(name)


def _alternatives(fields: dict[str, Any]) -> tuple[int, list[str]]:
    """Which text was chosen, and all there are; what `mes` says counts, because an edit may have left the swipes."""
    swipes, chosen, text = fields.get("swipes"), fields.get("swipe_id"), fields["mes"]
    if fields.get("is_user") or not isinstance(swipes, list) or not isinstance(chosen, int):
        return 0, [text]
    texts = [text if place == chosen else swipe for place, swipe in enumerate(swipes)]
    kept = [(place, each) for place, each in enumerate(texts) if isinstance(each, str) and each.strip()]
    places = [place for place, _ in kept]
    return (places.index(chosen), [each for _, each in kept]) if chosen in places else (0, [text])


def _entry(key: int, parent: int | None, fields: dict[str, Any], text: str, place: int) -> Entry:
    infos = fields.get("swipe_info")
    info = infos[place] if isinstance(infos, list) and place < len(infos) else None
    at = read_date(info.get("send_date")) if isinstance(info, dict) else None
    return Entry(
        id=key,
        parent=parent,
        from_creator=not fields.get("is_user"),
        content=text,
        timestamp=at or read_date(fields.get("send_date")),
    )
