"""Reads conversations out of a file of any form we know, told by its content; what comes out is fit to be shown.

A file is someone else's until it is read: every text loses its terminal escapes and what else nobody meant to write.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from brain.errors import DataError
from brain.transcripts.chat_jsonl import read_chat
from brain.transcripts.cleaning import brought_in
from brain.transcripts.json_document import KIND, read_json
from brain.transcripts.tavern import HEADER_KEYS, read_tavern

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from brain.transcripts.values import Transcript

MAX_BYTES = 64_000_000
_FORMS = "Sessions are read from our JSON (export -f json), OpenAI chat JSONL and SillyTavern chats."


class Reading(NamedTuple):
    """The conversations of a file and the name of its form; `left_out` counts what has no place."""

    form: str
    transcripts: tuple[Transcript, ...]
    left_out: Counter[str]


def read_transcripts(content: bytes, source: str, *, voice: str, now: datetime) -> Reading:
    """The conversations of a file that is read already, in order; those without a message are left out.

    They are with `voice` where the form does not say with whom. Raises DataError, which names source, place and fix.
    """
    if len(content) > MAX_BYTES:
        raise DataError(f"{source}: is more than {MAX_BYTES / 1e6:.0f} MB", hint="Split it.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DataError(f"{source}: is not UTF-8 (byte {exc.start:,})", hint="Save it again as UTF-8.") from exc
    try:
        found = _read(text, source, voice=voice, now=now)
        found = _cleaned(found)
    except RecursionError as exc:
        raise DataError(f"{source}: is nested too deep", hint=_FORMS) from exc
    if not found.transcripts:
        raise DataError(f"{source}: holds no message", hint=_FORMS)
    return found


def _cleaned(found: Reading) -> Reading:
    clean = [brought_in(transcript) for transcript in found.transcripts]
    lost = Counter({"unreadable explanation": _explained(found.transcripts) - _explained(clean)})
    kept = tuple(transcript for transcript in clean if transcript.entries)
    return found._replace(transcripts=kept, left_out=found.left_out + lost)


def _explained(transcripts: Iterable[Transcript]) -> int:
    return sum(entry.turn is not None for transcript in transcripts for entry in transcript.entries)


def _read(text: str, source: str, *, voice: str, now: datetime) -> Reading:
    document = _whole(text, source)
    if isinstance(document, dict) and document.get("kind") == KIND:
        return Reading("JSON", read_json(document, source), Counter())
    if isinstance(document, list):
        lines = list(enumerate(document, 1))
    elif document is not None:
        lines = [(1, document)]
    else:
        lines = _lines(text, source)
    first = lines[0][1] if lines else None
    if isinstance(first, dict) and "messages" in first:
        return _chats(lines, source, voice=voice, now=now)
    if isinstance(first, dict) and HEADER_KEYS & first.keys():
        transcript, left_out = read_tavern(lines, source, voice=voice, now=now)
        return Reading("SillyTavern chat", (transcript,), left_out)
    raise DataError(f"{source}: is no file of conversations that we know", hint=_FORMS)


def _chats(lines: list[tuple[int, Any]], source: str, *, voice: str, now: datetime) -> Reading:
    transcripts: list[Transcript] = []
    left_out: Counter[str] = Counter()
    for number, fields in lines:
        if not isinstance(fields, dict):
            raise DataError(f"{source}: line {number} is not an object {{ }}", hint=_FORMS)
        transcript, missing = read_chat(fields, f"{source}: line {number}", voice=voice, now=now)
        transcripts.append(transcript)
        left_out += missing
    return Reading("OpenAI chat JSONL", tuple(transcripts), left_out)


def _whole(text: str, source: str) -> Any:
    """The text as one JSON document; None when it is several lines of JSON."""
    try:
        return _parsed(text)
    except json.JSONDecodeError as exc:
        first = next((line for line in text.split("\n") if line.strip()), "")
        if _is_json(first):
            return None
        if not first:
            raise DataError(f"{source}: is empty", hint=_FORMS) from exc
        raise DataError(
            f"{source}: is not JSON (line {exc.lineno}, column {exc.colno}: {exc.msg})", hint=_FORMS
        ) from exc
    except ValueError as exc:
        raise DataError(f"{source}: is not JSON that can be read ({exc})", hint=_FORMS) from exc


def _lines(text: str, source: str) -> list[tuple[int, Any]]:
    """Every line that is not blank, parsed, with its number."""
    parsed: list[tuple[int, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            parsed.append((number, _parsed(line)))
        except json.JSONDecodeError as exc:
            raise DataError(
                f"{source}: line {number} is not JSON (column {exc.colno}: {exc.msg})", hint="Mend or drop that line."
            ) from exc
        except ValueError as exc:
            raise DataError(f"{source}: line {number} is not JSON that can be read ({exc})", hint=_FORMS) from exc
    return parsed


def _parsed(text: str) -> Any:
    return json.loads(text, parse_constant=_no_constant)


def _is_json(line: str) -> bool:
    try:
        _parsed(line)
    except ValueError:
        return False
    return True


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
