"""Small sets and talk for the tests of the topic measurement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from evals.topics.examples import TopicExample


def a_row(id: str = "1", text: str = "hello there", **changed: Any) -> dict[str, Any]:
    """One line of a set."""
    row = {"id": id, "text": text, "category": "social_platforms", "violation": False}
    return row | {"technique": "plain", "language": "en"} | changed


def an_example(id: str = "1", text: str = "hello there", **changed: Any) -> TopicExample:
    """The same as a value."""
    from evals.topics.examples import TopicExample

    return TopicExample.model_validate(a_row(id, text, **changed))


def written(path: Path, *rows: dict[str, Any]) -> Path:
    """A set as a file."""
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path
