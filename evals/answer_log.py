"""Every answer is on disk before the next is asked for, so that an evaluation can be stopped and taken up again.

    {"key": "9f2c…", "answer": {"reply": "…", "seconds": 0.8, …}}

A line an answer; the key is a digest of everything that the answer depends on. The file holds private replies: only its
owner may read it.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from brain.errors import DataError
from brain.models import Value
from evals.results import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Line(Value):
    key: str
    answer: Answer


class AnswerLog:
    """The answers of one voice. A line that was cut off when the machine died is passed over."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """Reads what is there; with `fresh` nothing of it counts. Raises DataError when it cannot be read."""
        self.path = path
        self._kept = {} if fresh else {line.key: line.answer for line in _lines(path)}
        self.reused = self.added = 0

    def get(self, key: str) -> Answer | None:
        """The answer that was kept under this key."""
        return self._kept.get(key)

    def add(self, key: str, answer: Answer) -> None:
        """Keeps an answer, on disk before this returns. Raises DataError when it cannot be written."""
        self._kept[key] = answer
        line = f"{_Line(key=key, answer=answer).model_dump_json()}\n".encode(errors="replace")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.fchmod(descriptor, 0o600)
                os.write(descriptor, _after_cut(descriptor) + line)
            finally:
                os.close(descriptor)
        except OSError as exc:
            raise DataError(f"{self.path}: cannot be written ({exc.strerror})", hint="Check its permissions.") from exc
        self.added += 1


def digest(*parts: Any) -> str:
    """A short name for all of this, the same in every process: values that JSON knows, and sets of texts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=_plain).encode(errors="replace")).hexdigest()[:32]


@lru_cache(maxsize=1)
def code_digest() -> str:
    """The program's own code: what another version of it answered is never reused."""
    here = Path(__file__).resolve().parent
    ours = (here / f"{name}.py" for name in ("systems", "ground", "learning", "chat_adapter", "prompt_cost"))
    sources = [*(here.parent / "brain").rglob("*.py"), *ours]
    return digest([hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(sources) if path.is_file()])


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)


def _after_cut(descriptor: int) -> bytes:
    """A line break, when the last line of the file has none."""
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if not end:
        return b""
    os.lseek(descriptor, end - 1, os.SEEK_SET)
    return b"" if os.read(descriptor, 1) == b"\n" else b"\n"


def _lines(path: Path) -> Iterator[_Line]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as exc:
        raise DataError(f"{path}: cannot be read ({exc.strerror})", hint="Remove it, or use --fresh.") from exc
    for line in content.splitlines():
        try:
            yield _Line.model_validate_json(line)
        except ValidationError:
            continue
