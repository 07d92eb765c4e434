"""Telegram's `result.json`: one chat, or everything with many chats (Telegram Desktop, machine-readable JSON).

{"name": "Sam", "type": "personal_chat", "messages": [
    {"id": 1, "type": "message", "date": "2026-05-02T23:10:00", "date_unixtime": "1777756200",
     "from": "Sam", "from_id": "user1", "text": ["see ", {"type": "link", "text": "example.org"}]}]}
{"chats": {"list": [ …such chats… ]}}
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from brain.errors import DataError
from brain.sources.dialogue import Said
from brain.sources.talk import Talk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FORM = "a Telegram export"
_STEP = timedelta(minutes=15)  # every zone is a multiple of it
_WIDEST = timedelta(hours=15)


class _Written(NamedTuple):
    """A message, and who wrote it by name and by Telegram's own id."""

    id: str
    name: str
    said: Said


def is_telegram(document: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON document looks like an export of Telegram."""
    if not isinstance(document, dict):
        return False
    if _list(document) is not None:
        return True
    messages = document.get("messages")
    if not isinstance(messages, list):
        return False
    first = messages[0] if messages else document
    return isinstance(first, dict) and ("type" in first or "from_id" in first) and "role" not in first


def read_telegram(path: Path, document: dict[str, Any]) -> Talk:
    """The chats of an export, service messages left out. Raises DataError, with the place of what cannot be read."""
    several = _list(document)
    if several is None:
        written = [list(_chat(path, document, ""))]
    else:
        written = [list(_chat(path, chat, f"chats.list[{number}].")) for number, chat in enumerate(several)]
    labels = _labels(one for chat in written for one in chat)
    return Talk(
        FORM, tuple(tuple(one.said._replace(speaker=labels[one.id]) for one in chat) for chat in written if chat)
    )


def _list(document: dict[str, Any]) -> list[Any] | None:
    """The chats of a full export; None for the export of one chat."""
    chats = document.get("chats")
    found = chats.get("list") if isinstance(chats, dict) else None
    return found if isinstance(found, list) else None


def _chat(path: Path, chat: object, where: str) -> Iterator[_Written]:
    messages = chat.get("messages", []) if isinstance(chat, dict) else None
    if not isinstance(messages, list):
        raise DataError(f"{path}: {where}messages is not a list", hint="Export the chat again, as JSON.")
    for number, message in enumerate(messages):
        if not isinstance(message, dict):
            raise DataError(f"{path}: {where}messages[{number}] is not an object", hint="Export the chat again.")
        if message.get("type", "message") != "message":
            continue
        name, text = message.get("from"), _text(message.get("text"))
        name = name if isinstance(name, str) and name.strip() else "Deleted account"
        id = message.get("from_id")
        id = str(id) if isinstance(id, str | int) else name
        if text.strip() and ("from" in message or "from_id" in message):
            own = "forwarded_from" not in message
            yield _Written(id, name, Said("", text, _time(message.get("date"), message.get("date_unixtime")), own))


def _text(text: object) -> str:
    """A text, or the texts of a list of entities in their order."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        parts = (part.get("text") if isinstance(part, dict) else part for part in text)
        return "".join(part for part in parts if isinstance(part, str))
    return ""


def _time(local: object, unix: object) -> datetime | None:
    """The local time with its zone, which only the two together tell."""
    time, utc = _local(local), _utc(unix)
    if time is None or utc is None or time.tzinfo is not None:
        return time or utc
    offset = round((time - utc.replace(tzinfo=None)) / _STEP) * _STEP
    return time.replace(tzinfo=timezone(offset)) if abs(offset) <= _WIDEST else utc


def _local(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _utc(seconds: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if isinstance(seconds, str | int) else None
    except (ValueError, OverflowError, OSError):
        return None


def _labels(written: Iterable[_Written]) -> dict[str, str]:
    """How each speaker is called: by their newest name, and by their id too where two share one."""
    names = {one.id: one.name for one in written}
    sharing: dict[str, list[str]] = defaultdict(list)
    for id, name in names.items():
        sharing[name].append(id)
    return {id: name if len(sharing[name]) == 1 else f"{name} ({id})" for id, name in names.items()}
