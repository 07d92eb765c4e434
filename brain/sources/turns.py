"""Dialogues that say whose turn each is: OpenAI's chat fine-tuning rows and ShareGPT's.

    {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "oh hello"}]}
    {"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "oh hello"}]}

https://platform.openai.com/docs/guides/supervised-fine-tuning; a reply of weight 0 is history and no label.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError
from brain.sanitise import display
from brain.sources.dialogue import Said, labeled
from brain.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from brain.sources.dialogue import Labeled
    from brain.sources.rows import Row

_CLIENT, _OTHER, _SYSTEM = "client", "other", "system"
_SPEAKERS = {
    "assistant": _CLIENT, "gpt": _CLIENT, "chatgpt": _CLIENT, "bot": _CLIENT, "model": _CLIENT,
    "user": _OTHER, "human": _OTHER,
    "system": _SYSTEM, "developer": _SYSTEM,
}  # fmt: skip
_ABOUT = 4_000  # characters of a system text that describes the client


class Form(NamedTuple):
    """A kind of file: in words, the key of its turns, and what a row of it looks like."""

    name: str
    key: str
    example: str


OPENAI = Form("OpenAI chat rows", "messages", '{"messages": [{"role": "user", "content": "hi"}, …]}')
SHAREGPT = Form("ShareGPT rows", "conversations", '{"conversations": [{"from": "human", "value": "hi"}, …]}')


def read_turns(path: Path, rows: Sequence[Row], form: Form) -> Source:
    """A labelled conversation for every reply. One system text for all says who the client is; others are left out.

    Raises DataError, with the row and the fix.
    """
    dialogues = [_dialogue(row, form) for row in rows]
    systems = Counter(
        said.text.strip() for turns in dialogues for said in turns if said.speaker == _SYSTEM and said.text.strip()
    )
    found = labeled([[said for said in turns if said.speaker != _SYSTEM] for turns in dialogues], _CLIENT)
    if not found.conversations:
        raise DataError(f"{path}: no reply in it answers anybody", hint=f"A row is {form.example}")
    about = display(next(iter(systems))) if len(systems) == 1 else ""
    return Source(form.name, found.conversations, about=about[:_ABOUT], notes=tuple(_notes(systems, about, found)))


def _notes(systems: Counter[str], about: str, found: Labeled) -> list[str]:
    notes = []
    if len(systems) > 1:
        notes.append(f"{len(systems):,} different system texts are left out: they cannot all describe one person.")
    elif len(about) > _ABOUT:
        notes.append(f"Of the system text the first {_ABOUT:,} characters are taken.")
    elif about:
        notes.append("The system text is taken for what is said about the client.")
    if found.replies > len(found.conversations):
        notes.append(f"{len(found.conversations):,} of {found.replies:,} replies are taken: newest first, each once.")
    return notes


def _dialogue(row: Row, form: Form) -> list[Said]:
    turns = row.value.get(form.key) if isinstance(row.value, dict) else None
    if not isinstance(turns, list):
        raise DataError(f"{row.where}: has no list `{form.key}`", hint=f"A row is {form.example}")
    return [said for number, turn in enumerate(turns) if (said := _said(turn, f"{row.where}: {form.key}[{number}]"))]


def _said(turn: object, where: str) -> Said | None:
    """None for turns of tools, and of roles that nobody speaks in."""
    if not isinstance(turn, dict):
        raise DataError(f"{where} is not an object", hint="A turn has a speaker and a text.")
    role = turn.get("role", turn.get("from"))
    if not isinstance(role, str):
        raise DataError(f"{where} has no speaker", hint="Give it a role: user or assistant (from: human or gpt).")
    speaker = _SPEAKERS.get(role.strip().lower())
    text = _text(turn.get("content", turn.get("value")))
    return Said(speaker, text, own=turn.get("weight") != 0) if speaker and text.strip() else None


def _text(content: object) -> str:
    """A text, or the texts of a list of parts; pictures and calls of tools have none."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = (part.get("text") if isinstance(part, dict) else part for part in content)
        return "\n".join(part for part in parts if isinstance(part, str))
    return ""
