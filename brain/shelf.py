"""The voices there are, and what each says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from brain.artifact import check_name, find_artifact, read_manifest, versions
from brain.bundled import BUNDLED
from brain.errors import DataError, NotFoundError
from brain.lessons import lessons
from brain.models import Persona, Recipe, Value
from brain.origin import bundled_origin
from brain.places import voice_names

if TYPE_CHECKING:
    from pathlib import Path

    from brain.config import Settings
    from brain.manifest import Manifest


class Shelved(Value):
    """A voice in a list.

    `current` is the version chosen as the default, or the newest, None before the bundled voice is compiled.
    `rows` are its labelled replies, `model` the one it was compiled to sound unlike, `lessons` what the user has put
    right so far. `problem` tells why something of it cannot be read.
    """

    name: str
    default: bool
    bundled: bool
    current: int | None
    versions: tuple[int, ...]
    rows: int | None = None
    compiled: datetime | None = None
    model: str | None = None
    lessons: int | None = None
    problem: str | None = None


class Description(Value):
    """A version of a voice; `waiting` lessons came after it was compiled.

    The bundled voice has no version, folder and embedder before it is compiled.
    """

    name: str
    version: int | None
    versions: tuple[int, ...]
    current: int | None
    default: bool
    folder: str
    compiled: datetime | None
    rows: int
    model: str | None
    embedder: str
    recipe: Recipe
    persona: Persona
    card: tuple[str, ...]
    scores: dict[str, float]
    notes: dict[str, Any]
    lessons: int
    waiting: int


def shelf(settings: Settings) -> tuple[Shelved, ...]:
    """Every voice by name; the bundled one is always among them."""
    return tuple(_shelved(settings, name) for name in sorted({BUNDLED, *voice_names(settings.home)}))


def describe(settings: Settings, voice: str) -> Description:
    """One version of a voice, `NAME` (its current one) or `NAME@VERSION`. Raises NotFoundError, and
    ArtifactError for one that cannot be read.
    """
    if voice == BUNDLED and current_version(settings, voice) is None:
        return _uncompiled(settings)
    folder = find_version(settings, voice)
    name = folder.parent.name
    manifest = read_manifest(folder)
    kept = len(lessons(settings.voices_dir, name))
    return Description(
        name=name,
        version=int(folder.name),
        versions=versions(settings.voices_dir, name),
        current=current_version(settings, name),
        default=_is_default(settings, name),
        folder=str(folder),
        compiled=manifest.created,
        rows=manifest.rows,
        model=manifest.listened,
        embedder=manifest.embedder,
        recipe=manifest.recipe,
        persona=manifest.persona,
        card=manifest.card,
        scores=manifest.scores,
        notes=manifest.notes,
        lessons=kept,
        waiting=max(kept - _seen(manifest), 0),
    )


def _uncompiled(settings: Settings) -> Description:
    """The bundled voice as it comes with this program."""
    origin, kept = bundled_origin(), len(lessons(settings.voices_dir, BUNDLED))
    return Description(
        name=BUNDLED,
        version=None,
        versions=(),
        current=None,
        default=_is_default(settings, BUNDLED),
        folder="",
        compiled=None,
        rows=len(origin.conversations),
        model=None,
        embedder="",
        recipe=Recipe(),
        persona=origin.persona,
        card=(),
        scores={},
        notes={},
        lessons=kept,
        waiting=kept,
    )


def find_version(settings: Settings, voice: str) -> Path:
    """The folder of a voice's current version, or of `NAME@VERSION`. Raises NotFoundError, ArtifactError."""
    name, at, _ = voice.partition("@")
    check_name(name)
    current = current_version(settings, name)
    if name == BUNDLED and current is None:
        raise NotFoundError(f"{BUNDLED} is not compiled yet.", hint="The first chat does it, or: persona compile")
    return find_artifact(settings.voices_dir, voice if at or current is None else f"{name}@{current}")


def current_version(settings: Settings, name: str) -> int | None:
    """The version that was chosen together with the voice as the default one, or the newest; None without any."""
    known = versions(settings.voices_dir, name)
    chosen, _, number = settings.voice.partition("@")
    if chosen == name and number.isdecimal() and int(number) in known:
        return int(number)
    return known[-1] if known else None


def _shelved(settings: Settings, name: str) -> Shelved:
    voices = settings.voices_dir
    current = current_version(settings, name)
    found: dict[str, Any] = {}
    try:
        found["lessons"] = len(lessons(voices, name))
        if current is not None:
            found |= _told(read_manifest(voices / name / str(current)))
    except DataError as exc:
        found["problem"] = exc.message
    return Shelved(
        name=name,
        default=_is_default(settings, name),
        bundled=name == BUNDLED,
        current=current,
        versions=versions(voices, name),
        **found,
    )


def _told(manifest: Manifest) -> dict[str, Any]:
    return {"rows": manifest.rows, "compiled": manifest.created, "model": manifest.listened}


def _seen(manifest: Manifest) -> int:
    """How many lessons there were when it was compiled."""
    return int(manifest.notes.get("lessons", 0)) + int(manifest.notes.get("lessons_left_out", 0))


def _is_default(settings: Settings, name: str) -> bool:
    return settings.voice.partition("@")[0] == name
