"""The manifest of a compiled voice: what was compiled, from what and with what."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from brain.models import Persona, Recipe
from brain.signatures.context import ReadSituation
from brain.signatures.reply import Reply
from brain.signatures.topic_filter import JudgeTopics

if TYPE_CHECKING:
    from brain.modules.chat import ChatProgram

SCHEMA_VERSION = 2
_PACKAGES = ("persona-brain", "dspy", "numpy")
_LATER = frozenset({"earlier", "begun"})  # inputs with a default; what was compiled before they came is still read


class Manifest(BaseModel):
    """What was compiled, from what and with what."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: int = SCHEMA_VERSION
    kind: str = "persona-artifact"
    created: datetime
    versions: dict[str, str]
    dataset_sha256: str
    signature_sha256: str
    embedder: str
    dimension: int
    rows: int
    recipe: Recipe
    longest: int
    card: tuple[str, ...]
    listened: str | None = None
    accent: dict[Annotated[str, Field(min_length=1)], Annotated[float, Field(ge=-3.0, le=1.5)]] = Field(
        default_factory=dict
    )
    persona: Persona
    scores: dict[str, float] = Field(default_factory=dict)
    notes: dict[str, Any] = Field(default_factory=dict)
    files: dict[str, str] = Field(default_factory=dict, description="SHA-256 of each other file")


def sha256(content: bytes) -> str:
    """The digest of a file's content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def signature_hash() -> str:
    """SHA-256 of every signature's fields: names, kinds and types; not the instructions, which may be learned."""
    fields = [
        [signature.__name__, name, info.json_schema_extra["__dspy_field_type"], str(info.annotation)]
        for signature in (Reply, ReadSituation, JudgeTopics)
        for name, info in signature.fields.items()
        if name not in _LATER
    ]
    return sha256(json.dumps(fields).encode())


def new_manifest(program: ChatProgram, *, dataset_sha256: str, now: datetime | None = None, **more: Any) -> Manifest:
    """The manifest of a freshly compiled program. `more` may give `scores` and `notes`."""
    bank, learned = program.replier.bank, program.replier.learned
    return Manifest(
        created=now or datetime.now(UTC),
        versions={name: importlib.metadata.version(name) for name in _PACKAGES},
        dataset_sha256=dataset_sha256,
        signature_sha256=signature_hash(),
        embedder=bank.embedder,
        dimension=bank.vectors.shape[1],
        rows=len(bank),
        recipe=program.replier.recipe,
        longest=learned.longest,
        card=learned.card,
        accent=learned.accent,
        persona=program.persona,
        **more,
    )
