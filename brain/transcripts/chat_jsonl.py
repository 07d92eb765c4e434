"""The chat format of the OpenAI API and its fine-tuning files: a conversation a line.

    {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "oh hello"}]}

A reply that is not whole carries `"weight": 0`, so that nothing learns from it
(https://platform.openai.com/docs/guides/fine-tuning). The format has no place for branches, times and titles.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from brain.errors import DataError
from brain.transcripts.values import Entry, Read, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from brain.models import State

_EXAMPLE = '{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "oh hello"}]}'
_SIDES = {"user": False, "assistant": True}
_LEFT_OUT = {"system", "developer", "tool", "function"}
_TEXT_PARTS = {"text", "input_text", "output_text"}


def write_chat_jsonl(transcripts: Iterable[Transcript]) -> Iterator[str]:
    """A line for every conversation: the messages from its first to its head."""
    for transcript in transcripts:
        messages = [_fields(entry) for entry in transcript.path]
        yield json.dumps({"messages": messages}, ensure_ascii=False) + "\n"


def _fields(entry: Entry) -> dict[str, Any]:
    fields: dict[str, Any] = {"role": "assistant" if entry.from_creator else "user", "content": entry.content}
    return fields if entry.whole else {**fields, "weight": 0}


def read_chat(fields: dict[str, Any], where: str, *, voice: str, now: datetime) -> Read:
    """The conversation of one line, and how many messages of which kind have no place in it.

    System, tool and empty messages are left out; of a message in parts its text is taken. A reply of weight 0 counts as
    stopped, for why nothing is to be learned from it is not told. Raises DataError.
    """
    messages = fields.get("messages")
    if not isinstance(messages, list):
        raise DataError(f"{where}: `messages` is not a list", hint=f"The shape is {_EXAMPLE}")
    entries: list[Entry] = []
    left_out: Counter[str] = Counter()
    for number, message in enumerate(messages, 1):
        role, text = _role_and_text(message, f"{where}: message {number}")
        if role not in _SIDES or not text.strip():
            left_out["empty message" if role in _SIDES else f"{role} message"] += 1
            continue
        parent = len(entries) or None
        state: State = "stopped" if _SIDES[role] and message.get("weight") == 0 else "done"
        entries.append(Entry(id=len(entries) + 1, parent=parent, from_creator=_SIDES[role], content=text, state=state))
    head = len(entries) or None
    transcript = Transcript(id="", voice=voice, created=now, updated=now, head=head, entries=tuple(entries))
    return Read(transcript, left_out)


def _role_and_text(message: object, where: str) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise DataError(f"{where} is not an object {{ }}", hint=f"The shape is {_EXAMPLE}")
    role = message.get("role")
    if not isinstance(role, str) or role not in {*_SIDES, *_LEFT_OUT}:
        raise DataError(f"{where}: `role` is {role!r}", hint="It is user, assistant or system.")
    return role, _text(message.get("content"), where)


def _text(content: object, where: str) -> str:
    """The text of a content: a text itself, a list of parts, or nothing at all."""
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise DataError(f"{where}: `content` is neither a text nor a list of parts", hint=f"The shape is {_EXAMPLE}")
    texts = [
        part["text"]
        for part in content
        if isinstance(part, dict) and part.get("type") in _TEXT_PARTS and isinstance(part.get("text"), str)
    ]
    return "\n".join(texts)
