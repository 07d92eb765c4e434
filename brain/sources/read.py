"""Reads somebody else's file, whatever its name: what it is shows in its content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brain.dataset import load_persona, parse_json, parse_labeled, read_dataset
from brain.errors import DataError
from brain.sources.card import is_card, read_card, read_png_card
from brain.sources.dialogue import GAP
from brain.sources.fitting import fitted
from brain.sources.png import SIGNATURE
from brain.sources.rows import Row, listed, read_rows
from brain.sources.source import Source, cleaned
from brain.sources.talk import talk_source
from brain.sources.telegram import is_telegram, read_telegram
from brain.sources.turns import OPENAI, SHAREGPT, read_turns
from brain.sources.whatsapp import is_whatsapp, read_whatsapp

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from pathlib import Path

    from brain.sources.talk import Ask

MOST_BYTES = 256 * 1024 * 1024
FORMS = (
    "conversations.json, OpenAI chat JSONL, ShareGPT JSON, a character card (JSON or PNG), "
    "a WhatsApp export (.txt), a Telegram export (result.json)"
)
_JSON = re.compile(r"\{|\[\s*(?:[\[\]{\"\d-]|$)")  # a file of settings begins with a bracket and a word
_OWN = "conversations.json"
_PERSONA = "persona.toml"


def read_source(path: Path, *, client: str | None = None, ask: Ask | None = None, gap: timedelta = GAP) -> Source:
    """What the file holds, the newest of it where it is very large.

    In a chat export `client` names the client, or `ask` chooses among the speakers.

    Raises DataError, one line: what is wrong, where, and what next.
    """
    content = read_dataset(path, most=MOST_BYTES)
    return fitted(_read(path, content, client=client, ask=ask, gap=gap))


def _read(path: Path, content: bytes, *, client: str | None, ask: Ask | None, gap: timedelta) -> Source:
    if content.startswith(SIGNATURE):
        return read_png_card(path, content)
    if content.startswith(b"PK\x03\x04"):
        raise DataError(f"{path}: is a ZIP file", hint="Unpack it, and give the file inside that holds the chat.")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:400].decode(errors="replace")
    if is_whatsapp(start):
        return talk_source(path, read_whatsapp(path, _decoded(path, content)), client=client, ask=ask, gap=gap)
    if not _JSON.match(start):
        raise _unknown(path)
    rows = read_rows(path, content)
    document = parse_json(str(path), content) if rows is None else None
    if is_telegram(document):
        return talk_source(path, read_telegram(path, document), client=client, ask=ask, gap=gap)
    if is_card(document):
        return read_card(path, document)
    return _read_rows(path, listed(path, document) if rows is None else rows)


def _read_rows(path: Path, rows: Sequence[Row]) -> Source:
    keys = rows[0].value.keys() if rows and isinstance(rows[0].value, dict) else set()
    if "chat_history" in keys:
        return _own(path, rows)
    for form in (OPENAI, SHAREGPT):
        if form.key in keys:
            return read_turns(path, rows, form)
    raise _unknown(path)


def _own(path: Path, rows: Sequence[Row]) -> Source:
    """Our own form, with the persona.toml beside it, if there is one."""
    read = [parse_labeled(row.where, row.value) for row in rows]
    kept = cleaned(read)
    if not kept:
        raise DataError(f"{path}: nothing in it can be shown", hint="It holds control characters alone.")
    notes = (f"{len(read) - len(kept):,} rows are left out: they repeat others.",) if len(kept) < len(read) else ()
    beside = path.with_name(_PERSONA)
    persona = load_persona(beside, name="voice") if beside.is_file() else None
    return Source(_OWN, kept, persona, notes=notes)


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise DataError(
            f"{path}: line {line:,} is not UTF-8", hint="Export the chat again, or save it as UTF-8."
        ) from exc


def _unknown(path: Path) -> DataError:
    return DataError(f"{path}: is none of the files that can be read", hint=f"They are: {FORMS}.")
