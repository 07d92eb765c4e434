"""Small files as other programs write them."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

from brain.sources.read import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from brain.sources.source import Source

CARD: dict[str, Any] = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "data": {
        "name": "Ada",
        "description": "{{char}} mends clocks and likes {{user}}.",
        "personality": "patient, dry",
        "scenario": "A workshop.",
        "first_mes": "Mind the springs.",
        "mes_example": "<START>\n{{user}}: is it fixed?\n{{char}}: nearly\nask me tomorrow\n"
        "<START>\nAda: hello {{user}}\n{{user}}: hi\n{{user}}: you there?\nAda: always",
        "creator_notes": "",
        "system_prompt": "",
        "post_history_instructions": "",
        "alternate_greetings": ["Evening."],
        "tags": [],
        "creator": "somebody",
        "character_version": "1",
        "extensions": {"odd/one": {"keep": [1, None, "ü"]}},
    },
}


def read(folder: Path, content: bytes | str, *, name: str = "file", **options: Any) -> Source:
    """What `read_source` finds in a file of this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_source(path, **options)


def pairs(source: Source) -> list[tuple[list[str], str]]:
    """Each labelled conversation: its history, the client's messages after `>`, and the reply."""
    return [
        (
            [f"{'>' if message.from_creator else ''}{message.content}" for message in one.chat_history.messages],
            one.output,
        )
        for one in source.conversations
    ]


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG, with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    """A picture of one pixel with more chunks in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixel + chunk(b"IEND", b"")


def packed(card: dict[str, Any]) -> bytes:
    """A card as it stands in a PNG."""
    return base64.b64encode(json.dumps(card).encode())
