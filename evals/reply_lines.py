"""What `persona score --jsonl` reads: a reply a line.

    {"id": 7, "reply": "sold out", "context": [{"role": "user", "content": "how was the market?"}], "group": "b"}

`context` (oldest turn first; whatever reply came before it is "assistant") and `group` are optional.
"""

from __future__ import annotations

import json
import math
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, ValidationError

from brain.errors import DataError
from brain.models import Conversation, Message

LONGEST = 20_000
SHAPE = '{"id": 1, "reply": "hey", "context": [{"role": "user", "content": "hi"}]}'

Scalar = StrictStr | StrictBool | StrictInt | Annotated[float, Field(strict=True, allow_inf_nan=False)] | None


class _Turn(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["user", "assistant"]
    content: StrictStr


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    id: Scalar = None
    reply: StrictStr
    context: tuple[_Turn, ...] | None = None
    group: Scalar = None


class ReplyLine(NamedTuple):
    """One reply to score; `conversation` has no messages where no context was given."""

    id: Scalar
    reply: str
    conversation: Conversation
    group: Scalar


class BadLine(NamedTuple):
    """A line that cannot be used: its id, or its number where it has none, and what is wrong with it."""

    id: Scalar
    error: str


def read_lines(content: bytes) -> list[ReplyLine | BadLine]:
    """Every line that is not blank, in order. A line without an id goes by its number, counted from 1."""
    found: list[ReplyLine | BadLine] = []
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            try:
                found.append(_reply_line(line, number))
            except DataError as exc:
                identity = _identity(line)
                hint = f" ({exc.hint})" if exc.hint else ""
                found.append(BadLine(number if identity is None else identity, f"line {number}: {exc.message}{hint}"))
    return found


def _reply_line(line: bytes, number: int) -> ReplyLine:
    try:
        read = _Line.model_validate_json(line.decode())
    except UnicodeDecodeError as exc:
        raise DataError(f"is not UTF-8 (byte {exc.start:,})", hint="Save it again with the encoding UTF-8.") from exc
    except ValidationError as exc:
        raise DataError(_first(exc), hint=f"The shape is {SHAPE}") from exc
    if len(read.reply) > LONGEST:
        raise DataError(
            f"reply: has {len(read.reply):,} characters; at most {LONGEST:,} are scored",
            hint="Is it one message?",
        )
    turns = [turn for turn in read.context or () if turn.content.strip()]
    messages = tuple(Message(from_creator=turn.role == "assistant", content=turn.content) for turn in turns)
    return ReplyLine(number if read.id is None else read.id, read.reply, Conversation(messages=messages), read.group)


def _first(exc: ValidationError) -> str:
    error = exc.errors(include_url=False, include_input=False)[0]
    steps = [
        step for step in error["loc"] if isinstance(step, int) or step in {*_Line.model_fields, *_Turn.model_fields}
    ]
    where = ".".join(map(str, steps))
    if where in {"id", "group"}:
        return f"{where}: is not a text, a whole or finite number, true, false or null"
    if error["type"] == "missing":
        return f"{where} is missing"
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def _identity(line: bytes) -> Scalar:
    """The id of a line that cannot be used, when it has one that JSON can write."""
    try:
        fields = json.loads(line.decode(errors="replace"))
    except (ValueError, RecursionError):
        return None
    found = fields.get("id") if isinstance(fields, dict) else None
    if isinstance(found, float) and not math.isfinite(found):
        return None
    return found if isinstance(found, str | bool | int | float) else None
