"""The audit log: what the topic filter did with every turn, in lines of JSON that hold each other in place.

    {"action":"fallback","allowed":false,…,"hash":"02ac…",…,"previous":"7d5e…","rule":"platform:instagram",…}

A line is the canonical JSON of its entry: sorted keys, no spaces, ASCII. `hash` is the SHA-256 of that JSON without
`hash`, and `previous` is the hash of the entry before; so a line that was edited, removed, moved or put in is found.
A chain cannot tell where it ought to end: a cut tail leaves a shorter chain, which is sound, and whoever may write the
file may write a new one. Against both helps an anchor: a hash that was noted elsewhere, and that `verify` looks for.

A process that is killed while it writes leaves a torn line without an end. The entry after it stands on a line of its
own and holds the SHA-256 of what was torn, so that nobody can pass off a line of theirs as torn.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, ValidationError

from brain.errors import DataError, NotFoundError
from brain.file_lock import locked
from brain.models import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

GENESIS = "0" * 64
_CHANGED = "is no entry of this log, or was changed"
_MOVED = "does not follow the entry before it: one was changed, removed, moved or put in"
_NOT_TORN = "tells of a torn line before it that is not there"
_NO_ANCHOR = "the expected hash is not in it: its end was cut off, or it was written anew"


class AuditEntry(Value):
    """One turn, without its words.

    `time` is UTC. `conversation` is a keyed hash, None where nothing is kept of the talk. `policy` is the digest of the
    policy in force. `layer`, `rule`, `category`, `allowed` and `unsure` are the verdict, and `action` is what was done
    about it. `turn_ms` is how long the whole turn took, the model's time included. `reply` (what was said) and
    `evidence` (what was found) are None unless the operator keeps the words. `torn` is the SHA-256 of the torn line
    before it, if there is one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # a later version may add keys; the hash covers them too

    time: datetime
    conversation: str | None
    model: str
    policy_version: int
    policy: str
    layer: str  # no literals of ours: a log is read for longer than one version of this program is used
    rule: str | None
    category: str | None
    allowed: bool
    unsure: bool
    action: str
    turn_ms: int
    reply: str | None = None
    evidence: str | None = None
    torn: str | None = None
    previous: str = GENESIS
    hash: str = ""


class Audit(Value):
    """What `verify` found: how many entries are sound, their first and last time, and the last one's hash, `head`.

    `torn` counts unfinished lines, which break nothing. `why` says what is wrong, and is empty when nothing is;
    `broken` is the number of the line where the chain breaks, counted from 1.
    """

    entries: int
    first: datetime | None
    last: datetime | None
    head: str
    torn: int
    broken: int | None
    why: str

    @property
    def sound(self) -> bool:
        """Whether every line is as it was written and the anchor, if one was given, is among them."""
        return not self.why


def sealed(entry: AuditEntry) -> bytes:
    """The entry as its line, with its hash and its line break."""
    fields = entry.model_dump(mode="json", exclude={"hash"})
    return _canonical({**fields, "hash": _sha256(_canonical(fields))}) + b"\n"


def sound_fields(line: bytes) -> dict[str, Any] | None:
    """What a line holds, if its own hash is right."""
    try:
        fields = json.loads(line)
        if not isinstance(fields, dict) or _canonical(fields) != line:
            return None
    except (ValueError, RecursionError):
        return None
    unsealed = {name: value for name, value in fields.items() if name != "hash"}
    return fields if fields.get("hash") == _sha256(_canonical(unsealed)) else None


def torn_hash(lines: Sequence[bytes]) -> str | None:
    """How the next entry names the unfinished lines before it; None when there are none."""
    return _sha256(b"\n".join(lines)) if lines else None


def verify(path: Path, *, expect: str | None = None) -> Audit:
    """Follows the chain from its first line. `expect` is a hash that was noted earlier, and must be in it.

    Raises NotFoundError or DataError when the file cannot be read.
    """
    count, torn, head, anchored = 0, 0, GENESIS, expect is None
    times: list[datetime] = []
    broken, why, ended = None, "", True
    unfinished: list[bytes] = []
    for number, whole in enumerate(_lines(path), start=1):
        line, ended = whole.removesuffix(b"\n"), whole.endswith(b"\n")
        entry = _entry(line)
        if entry is None:
            unfinished.append(line)
            continue
        if why := _break(entry, head, unfinished):
            broken = number - len(unfinished) if why == _CHANGED else number
            break
        count, head, torn = count + 1, entry.hash, torn + bool(unfinished)
        times = [*times[:1], entry.time]
        anchored = anchored or head == expect
        unfinished = []
    else:
        if unfinished and ended:
            broken, why = number - len(unfinished) + 1, _CHANGED
        elif not anchored:
            why = _NO_ANCHOR
        torn += bool(unfinished and not ended)
    first, last = (times[0], times[-1]) if times else (None, None)
    return Audit(entries=count, first=first, last=last, head=head, torn=torn, broken=broken, why=why)


def entries(path: Path) -> Iterator[AuditEntry]:
    """Every entry whose own hash is right, in order; `verify` tells whether one is missing. Raises as it does."""
    for line in _lines(path):
        if entry := _entry(line.removesuffix(b"\n")):
            yield entry


def _entry(line: bytes) -> AuditEntry | None:
    fields = sound_fields(line)
    try:
        return AuditEntry.model_validate(fields) if fields else None
    except ValidationError:
        return None


def _break(entry: AuditEntry, head: str, unfinished: Sequence[bytes]) -> str:
    if entry.torn != torn_hash(unfinished):
        return _CHANGED if unfinished else _NOT_TORN
    return "" if entry.previous == head else _MOVED


def _lines(path: Path) -> Iterator[bytes]:
    """The lines as they stand now; what is being written meanwhile is left alone."""
    try:
        with path.open("rb") as file:
            with locked(file.fileno(), shared=True):
                left = os.fstat(file.fileno()).st_size
            while left > 0 and (line := file.readline(left)):
                left -= len(line)
                yield line
    except FileNotFoundError as exc:
        raise NotFoundError(f"{path}: no audit log", hint="The first reply begins one, unless `audit` is off.") from exc
    except OSError as exc:
        raise DataError(f"{path}: cannot be read ({exc.strerror})", hint="Check the file and its permissions.") from exc


def _canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
