"""Writes the audit log: one line a turn, from any number of processes at once.

Every turn is logged, also the clean ones: a log of hits alone could not show that the filter ran at all, and a line
costs half a kilobyte and less than a millisecond.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from brain.audit import GENESIS, AuditEntry, sealed, sound_fields, torn_hash
from brain.errors import UnavailableError
from brain.file_lock import locked
from brain.private_files import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import FileIO
    from pathlib import Path

    from brain.config import Settings
    from brain.models import Turn
    from brain.policy.policy import Policy

_KEY_BYTES = 32
_CHUNK = 16 * 1024  # bytes; room for a few dozen lines without words

Recorder = Callable[["Turn", str | None], None]


class AuditLog:
    """A log file, readable by its owner alone, and beside it the key that hides the ids of conversations.

    An entry outlives a killed process; a power cut may take the last moments. The key stays with the log: without it
    nobody can tell which conversation an entry is of, not even by trying every id.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._key = b""

    def append(self, entry: AuditEntry) -> None:
        """Adds the entry at the end of the chain. Raises UnavailableError when the file cannot be written in time."""
        with _ours(self.path) as file:
            before, previous, torn = _end(file)
            _write(file, before + sealed(entry.model_copy(update={"previous": previous, "torn": torn})))

    def hashed(self, conversation: str) -> str:
        """The id of a conversation as the log keeps it. Raises UnavailableError when the key cannot be kept."""
        if not self._key:
            with _ours(self.path.with_suffix(".key")) as file:
                key = _read(file, 0, _KEY_BYTES)
                if len(key) < _KEY_BYTES:  # new, or its first process was killed before it was written
                    key = secrets.token_bytes(_KEY_BYTES)
                    file.truncate(0)
                    _write(file, key)
            self._key = key
        return hmac.new(self._key, conversation.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


class TurnRecorder:
    """Writes down each turn. A log that cannot be written is told to `warn` once, and never costs a reply."""

    def __init__(
        self,
        log: AuditLog,
        policy: Policy,
        *,
        words: bool,
        warn: Callable[[str], object],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`words` keeps the reply, and what was found in it, too; `clock` gives times with their zone."""
        self._log, self._words, self._warn, self._clock = log, words, warn, clock
        self._version, self._digest = policy.version, policy_digest(policy)
        self._warned = False

    def __call__(self, turn: Turn, conversation: str | None) -> None:
        """Logs the turn of a conversation; None where nothing is kept of the talk."""
        try:
            self._log.append(self._entry(turn, conversation))
        except UnavailableError as exc:
            if not self._warned:
                self._warn(f"{exc.message}; the chat goes on without it. {exc.hint}")
            self._warned = True

    def _entry(self, turn: Turn, conversation: str | None) -> AuditEntry:
        verdict = turn.verdict
        return AuditEntry(
            time=self._clock().astimezone(UTC),
            conversation=None if conversation is None else self._log.hashed(conversation),
            model=turn.model,
            policy_version=self._version,
            policy=self._digest,
            layer=verdict.layer,
            rule=verdict.rule,
            category=verdict.category,
            allowed=verdict.allowed,
            unsure=verdict.unsure,
            action=verdict.action,
            turn_ms=round(turn.usage.seconds * 1000),
            reply=turn.reply if self._words else None,
            evidence=verdict.evidence if self._words else None,
        )


def build_recorder(settings: Settings, policy: Policy, *, warn: Callable[[str], object]) -> Recorder:
    """What writes down each turn as the settings want it; it does nothing when they want no log."""
    if not settings.audit:
        return lambda _turn, _conversation: None
    return TurnRecorder(AuditLog(log_path(settings)), policy, words=settings.audit_text, warn=warn)


def log_path(settings: Settings) -> Path:
    """Where the log of these settings is."""
    return settings.data_dir / "audit.jsonl"


def policy_digest(policy: Policy) -> str:
    """The SHA-256 of everything a policy says, its lexicon too; the same on every machine."""
    content = json.dumps(policy.model_dump(), sort_keys=True, default=sorted)
    return hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()


@contextmanager
def _ours(path: Path) -> Iterator[FileIO]:
    """The file, ours alone until we leave; made when it is new, for its owner only."""
    try:
        make_private_folder(path.parent)
        with open(path, "a+b", buffering=0, opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            os.chmod(path, 0o600)
            with locked(file.fileno()):
                yield file
    except OSError as exc:
        raise UnavailableError(
            f"{path}: the audit log cannot be written ({exc.strerror})",
            hint="Check its folder and the room on the disk, or set `audit = false`.",
        ) from exc


def _end(file: FileIO) -> tuple[bytes, str, str | None]:
    """What to write before the next line, the hash it follows, and how it names what was torn before it."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return b"", GENESIS, None
    wanted = _CHUNK
    while True:
        start = max(size - wanted, 0)
        lines = _read(file, start, size).split(b"\n")
        if start:
            lines = lines[1:]  # the first is cut
        if found := _last(lines, from_first=start == 0):
            return found
        wanted *= 4


def _last(lines: list[bytes], *, from_first: bool) -> tuple[bytes, str, str | None] | None:
    """`_end`, from the last lines alone; None when it takes more of them."""
    ended = bool(lines) and not lines[-1]
    if ended and len(lines) > 1:
        fields = sound_fields(lines[-2])
        # What follows a line that was changed cannot mend the chain; `verify` names that line.
        return b"", fields["hash"] if fields else str(torn_hash(lines[-2:-1])), None
    for place in range(len(lines) - 1, -1, -1):
        if fields := sound_fields(lines[place]):
            return b"\n", fields["hash"], torn_hash(lines[place + 1 :])
    return (b"\n", GENESIS, torn_hash(lines)) if from_first else None


def _read(file: FileIO, start: int, end: int) -> bytes:
    file.seek(start)
    content = b""
    while len(content) < end - start and (part := file.read(end - start - len(content))):
        content += part
    return content


def _write(file: FileIO, content: bytes) -> None:
    """All of it at the end, or nothing when the disk is full."""
    size = file.seek(0, os.SEEK_END)
    try:
        while content:
            content = content[file.write(content) :]
    except OSError:
        file.truncate(size)
        raise
