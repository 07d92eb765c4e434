"""Reads a client's real conversations, strictly, and says exactly what is wrong with them.

`conversations.json` is a list of labelled conversations:

    [{"chat_history": {"messages": [
        {"from_creator": false, "content": "hi", "timestamp": "2026-05-02T23:10:00+02:00"}]},
      "output": "oh hello"}]

`timestamp` is optional and ISO 8601; roles may alternate freely; `output` answers the last message.
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, NoReturn

import dspy
from pydantic import ValidationError

from brain.errors import DataError
from brain.models import LabeledConversation, Persona
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024
_EXAMPLE = '[{"chat_history": {"messages": [{"from_creator": false, "content": "hi"}]}, "output": "oh hello"}]'


def load_conversations(path: Path) -> tuple[LabeledConversation, ...]:
    """Every labelled conversation of the file, in order.

    Raises DataError, which names the file, the index of the entry and the fix.
    """
    return parse_conversations(path, read_dataset(path))


def parse_conversations(path: Path, content: bytes) -> tuple[LabeledConversation, ...]:
    """`load_conversations` for a file that is read already; `path` is for the words of an error."""
    rows = _parse(path, content)
    if not isinstance(rows, list):
        raise DataError(f"{path}: the top level is {_kind(rows)}, not a list", hint=f"The shape is {_EXAMPLE}")
    if not rows:
        raise DataError(f"{path}: holds no conversation", hint=f"The shape is {_EXAMPLE}")
    return tuple(_labeled(path, index, row) for index, row in enumerate(rows))


def to_example(conversation: LabeledConversation) -> dspy.Example:
    """The conversation as DSPy sees it: input `conversation`, label `reply`."""
    return dspy.Example(conversation=conversation.chat_history, reply=conversation.output).with_inputs("conversation")


def to_trainset(conversations: Sequence[LabeledConversation]) -> list[dspy.Example]:
    """The whole file as a DSPy trainset."""
    return [to_example(conversation) for conversation in conversations]


def load_persona(path: Path, *, name: str = "") -> Persona:
    """The persona of a persona.toml; `name` is its id when it gives none.

    Raises DataError, which names the file, the key and the fix.
    """
    try:
        return Persona.model_validate(({"id": name} if name else {}) | tomllib.loads(read_dataset(path).decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise DataError(f"{path}: is not TOML ({exc})", hint="Correct that line.") from exc
    except ValidationError as exc:
        known = ", ".join(Persona.model_fields)
        raise DataError(f"{path}: {_first(exc)}", hint=f"The keys are: {known}.") from exc


def read_dataset(path: Path) -> bytes:
    """The bytes of the file, once. Raises DataError when it is missing, unreadable or too large."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DataError(
                f"{path}: is {size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read",
                hint="Keep the newest or best few thousand conversations; more teach little.",
            )
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise DataError(f"{path}: no such file", hint="Give the path of a file that exists.") from exc
    except IsADirectoryError as exc:
        raise DataError(f"{path}: is a folder", hint="Give the path of the file inside it.") from exc
    except OSError as exc:
        raise DataError(f"{path}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc


def _parse(path: Path, content: bytes) -> Any:
    if not content.strip():
        raise DataError(f"{path}: is empty", hint=f"The shape is {_EXAMPLE}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DataError(
            f"{path}: is not UTF-8 (byte {exc.start:,})", hint="Save it again with the encoding UTF-8."
        ) from exc
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        raise DataError(
            f"{path}: is not JSON (line {exc.lineno}, column {exc.colno}: {exc.msg})",
            hint="Look at that line: a comma, a quote or a bracket is missing or too many.",
        ) from exc
    except RecursionError as exc:
        raise DataError(f"{path}: is nested too deep", hint=f"The shape is {_EXAMPLE}") from exc
    except ValueError as exc:
        raise DataError(f"{path}: is not JSON ({exc})", hint="JSON has no such number.") from exc


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _labeled(path: Path, index: int, row: object) -> LabeledConversation:
    if not isinstance(row, dict):
        raise DataError(f"{path}[{index}]: is {_kind(row)}, not an object", hint=f"The shape is {_EXAMPLE}")
    try:
        labeled = LabeledConversation.model_validate(row)
    except ValidationError as exc:
        raise DataError(f"{path}[{index}]: {_first(exc)}", hint=_fix(exc)) from exc
    if not labeled.chat_history.messages:
        raise DataError(
            f"{path}[{index}]: chat_history.messages is empty",
            hint="Give the message that `output` answers, or drop the entry.",
        )
    if not display(labeled.chat_history.last_from_other).strip():
        raise DataError(
            f"{path}[{index}]: the other person says nothing in it",
            hint="Give the message that `output` answers, with `from_creator` false, or drop the entry.",
        )
    return labeled


def _first(exc: ValidationError) -> str:
    error = exc.errors()[0]
    where = ""
    for step in error["loc"]:
        where += f"[{step}]" if isinstance(step, int) else f".{step}" if where else str(step)
    if error["type"] == "missing":
        return f"{where} is missing"
    text = str(error["msg"]).removeprefix("Value error, ")
    return f"{where} {text}" if text.startswith("has ") else f"{where}: {text[:1].lower()}{text[1:]}"


def _fix(exc: ValidationError) -> str:
    error = exc.errors()[0]
    key = error["loc"][-1] if error["loc"] else ""
    fixes = {
        "from_creator": "`from_creator` is true for the client's own messages and false for the other person's.",
        "content": "Give the message its `content` (text), or drop the message.",
        "output": "Give the client's real reply as `output` (text), or drop the entry.",
        "timestamp": "Write it like 2026-05-02T23:10:00+02:00, or leave it out.",
    }
    return fixes.get(str(key), f"The shape is {_EXAMPLE}")


def _kind(value: object) -> str:
    kinds: dict[type, str] = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        type(None): "null",
    }
    return kinds[type(value)]
