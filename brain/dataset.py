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
    rows = parse_json(str(path), content)
    if not isinstance(rows, list):
        raise DataError(f"{path}: the top level is {_kind(rows)}, not a list", hint=f"The shape is {_EXAMPLE}")
    if not rows:
        raise DataError(f"{path}: holds no conversation", hint=f"The shape is {_EXAMPLE}")
    return tuple(parse_labeled(f"{path}[{index}]", row) for index, row in enumerate(rows))


def parse_json(where: str, content: bytes) -> Any:
    """The one JSON document of a file or a line, which `where` names. Raises DataError, with place and fix."""
    if not content.strip():
        raise DataError(f"{where}: is empty", hint=f"The shape is {_EXAMPLE}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise DataError(
            f"{where}: is not UTF-8 (byte {exc.start:,})", hint="Save it again with the encoding UTF-8."
        ) from exc
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        raise DataError(
            f"{where}: is not JSON (line {exc.lineno}, column {exc.colno}: {exc.msg})",
            hint="Look at that line: a comma, a quote or a bracket is missing or too many.",
        ) from exc
    except RecursionError as exc:
        raise DataError(f"{where}: is nested too deep", hint=f"The shape is {_EXAMPLE}") from exc
    except ValueError as exc:
        raise DataError(f"{where}: is not JSON ({exc})", hint="JSON has no such number.") from exc


def parse_labeled(where: str, row: object) -> LabeledConversation:
    """A labelled conversation from a JSON value, which `where` names. Raises DataError, with key and fix."""
    if not isinstance(row, dict):
        raise DataError(f"{where}: is {_kind(row)}, not an object", hint=f"The shape is {_EXAMPLE}")
    try:
        labeled = LabeledConversation.model_validate(row)
    except ValidationError as exc:
        raise DataError(f"{where}: {_first(exc)}", hint=_fix(exc)) from exc
    if not labeled.chat_history.messages:
        raise DataError(
            f"{where}: chat_history.messages is empty",
            hint="Give the message that `output` answers, or drop the entry.",
        )
    if not display(labeled.chat_history.last_from_other).strip():
        raise DataError(
            f"{where}: the other person says nothing in it",
            hint="Give the message that `output` answers, with `from_creator` false, or drop the entry.",
        )
    return labeled


def dump_conversations(conversations: Sequence[LabeledConversation]) -> bytes:
    """The reverse of `parse_conversations`: a conversations.json, unknown keys included."""
    rows = [conversation.model_dump(mode="json", exclude_unset=True) for conversation in conversations]
    # A half of a character pair may stand in an unknown key; JSON can only escape it.
    return f"{json.dumps(rows, ensure_ascii=False, indent=1)}\n".encode(errors="backslashreplace")


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


def read_dataset(path: Path, *, most: int = MAX_BYTES) -> bytes:
    """The bytes of the file, once. Raises DataError when it is missing, unreadable or has more than `most` bytes."""
    try:
        size = path.stat().st_size
        if size > most:
            raise _too_large(path, f"{size / 1e6:,.0f} MB", most)
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError as exc:
        raise DataError(f"{path}: no such file", hint="Give the path of a file that exists.") from exc
    except IsADirectoryError as exc:
        raise DataError(f"{path}: is a folder", hint="Give the path of the file inside it.") from exc
    except OSError as exc:
        raise DataError(f"{path}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc
    if len(content) > most:  # a device has no size, and no end
        raise _too_large(path, "larger", most)
    return content


def _too_large(path: Path, size: str, most: int) -> DataError:
    return DataError(
        f"{path}: is {size}; at most {most / 1e6:.0f} MB are read",
        hint="Keep the newest or best few thousand conversations; more teach little.",
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


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
