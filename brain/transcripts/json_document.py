"""Our own format: conversations as one JSON document with every branch and what explains each reply.

Only the exact messages that the model was sent stay behind: they hold each conversation many times over.

{"kind": "persona-sessions", "schema_version": 1, "sessions": [
    {"id": "7f3k…", "voice": "nela", "title": null, "created": "…", "updated": "…", "head": 2, "entries": [
        {"id": 1, "parent": null, "from_creator": false, "content": "hi", "timestamp": "…", "state": "done"}, …]}]}

Keys that may be missing: `timestamp`, `state` and `turn` of a message, `title` of a session.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from brain.errors import DataError
from brain.transcripts.values import Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

KIND = "persona-sessions"
SCHEMA_VERSION = 1
_EXAMPLE = "Export a session again with: persona sessions export SESSION -f json"


def write_json(transcripts: Iterable[Transcript]) -> Iterator[str]:
    """The document, in pieces as the transcripts come."""
    yield f'{{"kind": "{KIND}", "schema_version": {SCHEMA_VERSION}, "sessions": ['
    between = "\n"
    for transcript in transcripts:
        yield between + json.dumps(as_fields(transcript), ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def as_fields(transcript: Transcript) -> dict[str, Any]:
    """One conversation of the document."""
    return transcript.model_dump(mode="json")


def read_json(fields: dict[str, Any], source: str) -> tuple[Transcript, ...]:
    """The conversations of a document that is parsed already; the inverse of `write_json`.

    Raises DataError, which names the session, the field and the fix; `source` is for its words.
    """
    version = fields.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise DataError(f"{source}: was written by a newer version of this program", hint="Update this program.")
    sessions = fields.get("sessions")
    if version != SCHEMA_VERSION or not isinstance(sessions, list):
        raise DataError(f"{source}: has no `sessions` of schema version {SCHEMA_VERSION}", hint=_EXAMPLE)
    return tuple(_transcript(session, f"{source}: session {number}") for number, session in enumerate(sessions, 1))


def _transcript(session: object, where: str) -> Transcript:
    try:
        return Transcript.model_validate(session)
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False)[0]
        at = ".".join(str(step) for step in error["loc"])
        what = error["msg"].removeprefix("Value error, ")
        raise DataError(f"{where}: {f'`{at}`: ' if at else ''}{what[:1].lower()}{what[1:]}", hint=_EXAMPLE) from exc
