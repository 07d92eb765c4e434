"""The development set of the topic filter: messages with a label, and the halves they come in.

A set is JSONL, one message a line:

    {"id": "en-017", "text": "dinner at mine on friday?", "category": "in_person", "violation": true,
     "technique": "direct", "language": "en", "context": [{"role": "user", "content": "are you free?"}]}

`context` (oldest first) and `role` may be left out. The half `tune` is looked at while rules are improved, `proof` is
not; a file tells its half by the end of its name (`…_tune.jsonl`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import Field, ValidationError

from brain.errors import DataError
from brain.models import Message, Role, Value
from evals.topics.text_files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Half = Literal["tune", "proof", "given"]
PACKAGED = Path(__file__).parent / "data"
_EXAMPLE = (
    '{"id": "1", "text": "hi", "category": "in_person", "violation": false, "technique": "plain", "language": "en"}'
)
_FIXES = {
    "missing": "Add it.",
    "extra_forbidden": "Drop it, or look for a slip in its name.",
    "bool_type": "Write true or false, without quotes.",
    "string_type": "Write it in quotes.",
    "literal_error": "Use one of the values it names.",
}


class Said(Value):
    """One message of what was said before; `user` is the fan, `assistant` the creator."""

    role: Role
    content: str = Field(min_length=1)


class TopicExample(Value):
    """A message with its label.

    `category` is what it breaks or, where `violation` is false, what it looks like. `role` is `reply` for what the
    creator is about to send, `fan` for what the other person wrote.
    """

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    role: Literal["reply", "fan"] = "reply"
    context: tuple[Said, ...] = ()
    category: str = Field(min_length=1)
    violation: bool = Field(strict=True)
    technique: str = Field(min_length=1)
    language: str = Field(min_length=1)

    @property
    def turns(self) -> tuple[Message, ...]:
        """The context as the rules take it."""
        return tuple(Message(from_creator=said.role == "assistant", content=said.content) for said in self.context)


class ExampleSet(NamedTuple):
    """The messages of one file; `given` is the half of a file whose name tells none."""

    name: str
    half: Half
    examples: tuple[TopicExample, ...]


def load_sets(paths: Sequence[Path] = (), halves: Iterable[Half] = ("tune", "proof")) -> tuple[ExampleSet, ...]:
    """The sets of these files, or the packaged ones; a file that tells no half is always read.

    Raises DataError, which names the file, the line and the fix.
    """
    wanted = {*halves, "given"}
    found = sorted(paths or PACKAGED.glob("*.jsonl"))
    sets = tuple(ExampleSet(path.stem, half_of(path), load_examples(path)) for path in found if half_of(path) in wanted)
    if not sets:
        raise DataError("no set of this half", hint="Choose another --half, or give a file with --set.")
    _refuse_equal_ids(sets)
    return sets


def half_of(path: Path) -> Half:
    """The half that the end of a file's name tells."""
    if path.stem.endswith("_tune"):
        return "tune"
    return "proof" if path.stem.endswith("_proof") else "given"


def load_examples(path: Path) -> tuple[TopicExample, ...]:
    """Every message of a JSONL file, in order. Raises DataError, which names the file, the line and the fix."""
    lines = enumerate(read_text(path).split("\n"), start=1)
    examples = tuple(_parse(path, number, line) for number, line in lines if line.strip())
    if not examples:
        raise DataError(f"{path}: holds no message", hint=f"A line looks like {_EXAMPLE}")
    return examples


def _parse(path: Path, number: int, line: str) -> TopicExample:
    try:
        row: Any = json.loads(line)
    except ValueError as exc:
        raise DataError(f"{path}, line {number}: is not JSON", hint=f"A line looks like {_EXAMPLE}") from exc
    if not isinstance(row, dict):
        raise DataError(f"{path}, line {number}: is not an object", hint=f"A line looks like {_EXAMPLE}")
    try:
        return TopicExample.model_validate(row)
    except ValidationError as exc:
        error = exc.errors()[0]
        key = ".".join(str(part) for part in error["loc"])
        what = "is missing" if error["type"] == "missing" else error["msg"][:1].lower() + error["msg"][1:]
        hint = _FIXES.get(error["type"], f"A line looks like {_EXAMPLE}")
        raise DataError(f"{path}, line {number}: `{key}`: {what}", hint=hint) from exc


def _refuse_equal_ids(sets: Iterable[ExampleSet]) -> None:
    seen: dict[str, str] = {}
    for one in sets:
        for example in one.examples:
            if example.id in seen:
                where = f"{seen[example.id]} and {one.name}" if seen[example.id] != one.name else one.name
                raise DataError(f"the id {example.id!r} stands twice, in {where}", hint="Give each message its own id.")
            seen[example.id] = one.name
