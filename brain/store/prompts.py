"""The exact messages of each call of the model. What stands in many prompts of a conversation is kept once."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from brain.store.rows import message_row, writable
from brain.store.tables import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Prompt = tuple[tuple[dict[str, str], ...], ...]
_KEY_CHARACTERS = 32  # 128 bits: no two parts of a conversation ever share one
_ADD = sa.text(
    'INSERT INTO parts (conversation, "key", role, content) VALUES (:conversation, :key, :role, :content)'
    " ON CONFLICT DO NOTHING"
)


def keep_prompt(
    connection: sa.Connection, conversation: str, prompt: Sequence[Sequence[Mapping[str, str]]]
) -> list[list[str]] | None:
    """Stores what is new in it; the keys of all its parts, call by call. None when there was no call."""
    keys: list[list[str]] = []
    rows: dict[str, dict[str, str]] = {}
    for call in prompt:
        keys.append([])
        for part in call:
            role, content = writable(part["role"]), writable(part["content"])
            key = sha256(f"{role}\0{content}".encode()).hexdigest()[:_KEY_CHARACTERS]
            rows[key] = {"conversation": conversation, "key": key, "role": role, "content": content}
            keys[-1].append(key)
    if rows:
        connection.execute(_ADD, list(rows.values()))
    return keys or None


def read_prompt(connection: sa.Connection, message: int) -> Prompt:
    """The calls behind a reply, each a tuple of messages; nothing when none was kept."""
    row = message_row(connection, message)
    if not row.prompt:
        return ()
    wanted = parts.c.conversation == row.conversation, parts.c.key.in_(_all(row.prompt))
    known = {part.key: part for part in connection.execute(sa.select(parts).where(*wanted))}
    return tuple(tuple({"role": known[key].role, "content": known[key].content} for key in call) for call in row.prompt)


def copy_parts(connection: sa.Connection, source: str, target: str, prompts: Iterable[list[list[str]]]) -> None:
    """Gives another conversation the parts that these prompts need."""
    keys = {key for prompt in prompts for key in _all(prompt)}
    known = connection.execute(sa.select(parts).where(parts.c.conversation == source))
    rows = [{**part._mapping, "conversation": target} for part in known if part.key in keys]
    if rows:
        connection.execute(_ADD, rows)


def _all(prompt: list[list[str]]) -> set[str]:
    return {key for call in prompt for key in call}
