"""A compiled program on disk: a folder of JSON, JSON Lines and one array; no pickle anywhere.

    NAME/3/manifest.json   schema version, package versions, hashes, embedder, recipe, card, persona, scores
           program.json    DSPy's own state of the program
           demos.jsonl     the labelled replies, one a line
           vectors.npy     their unit vectors, float32, shape (rows, dimension)
           learned.npz     the ear and the runs of words that are the client's, as plain arrays
           drafts.jsonl    what a model wrote for some of the messages, when one was listened to
           conversations.json   the file it was compiled from; a chat never reads it, evaluation does

It is written to a temporary folder beside its place and renamed, so that a half-written one is never found. The
manifest holds the SHA-256 of the other files: what was changed by hand is refused, never half-loaded.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from brain.dataset import load_conversations
from brain.demos import DemoBank, Embedder, Vectors
from brain.errors import ArtifactError, NotFoundError, UnavailableError
from brain.manifest import SCHEMA_VERSION, Manifest, sha256, signature_hash
from brain.models import Draft, LabeledConversation
from brain.modules.chat import ChatProgram
from brain.modules.learned import Learned, dump_learned, load_learned
from brain.places import VOICE_NAME, is_path, voice_versions
from brain.private_files import make_private_folder
from brain.removed import removed_versions
from brain.saved_state import completed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.policy.rules import Rules

DATASET = "conversations.json"
_DRAFTS = "drafts.jsonl"
_RECOMPILE = "Compile it again: persona compile NAME"


class Artifact(NamedTuple):
    """A loaded artifact: where it lay, what it says of itself, and its demos."""

    path: Path
    manifest: Manifest
    state: dict[str, Any]
    bank: DemoBank
    learned: Learned
    drafts: tuple[Draft, ...] = ()

    def conversations(self) -> tuple[LabeledConversation, ...]:
        """What it was compiled from; a demo's id is the index in it. Raises ArtifactError when it was changed."""
        file = self.path / DATASET
        if not file.is_file() or sha256(file.read_bytes()) != self.manifest.dataset_sha256:
            raise ArtifactError(f"{file}: is not the file that was compiled", hint=_RECOMPILE)
        return load_conversations(file)

    @property
    def label(self) -> str:
        """`NAME@VERSION`, or the folder's name when it lies elsewhere."""
        return f"{self.path.parent.name}@{self.path.name}" if self.path.name.isdigit() else self.path.name

    def program(self, rules: Rules, **options: Any) -> ChatProgram:
        """The compiled program, ready to answer. Options are those of ChatProgram."""
        program = ChatProgram(self.manifest.persona, rules, **options)
        program.replier.use(self.bank, self.manifest.recipe, self.learned)
        try:
            program.load_state(completed(self.state, program.dump_state()))
        except ArtifactError as exc:
            raise ArtifactError(f"{self.path}: {exc.message}", hint=_RECOMPILE) from exc
        except (AttributeError, LookupError, TypeError, ValueError) as exc:
            raise ArtifactError(f"{self.path}: program.json is of another program ({exc!r})", hint=_RECOMPILE) from exc
        return program


def is_name(name: str) -> bool:
    """Whether a voice, and so a folder, can be called this."""
    return bool(VOICE_NAME.fullmatch(name))


def check_name(name: str) -> None:
    """Raises ArtifactError for what cannot be the name of a voice."""
    if not is_name(name):
        raise ArtifactError(f"{name!r} is no name for a voice", hint="Small letters, digits, - and _ only.")


def versions(voices: Path, name: str) -> tuple[int, ...]:
    """The saved versions of a voice, oldest first."""
    return voice_versions(voices / name)


def save_artifact(
    voices: Path,
    name: str,
    program: ChatProgram,
    manifest: Manifest,
    *,
    dataset: bytes,
    drafts: Sequence[Draft] = (),
) -> Path:
    """Writes the next version of the voice and returns its folder.

    `dataset` is the conversations.json it was compiled from, `drafts` what was listened to.
    Raises ArtifactError for an unusable name, UnavailableError when it cannot be written.
    """
    check_name(name)
    bank = program.replier.bank
    contents = {
        "program.json": json.dumps(program.dump_state(), ensure_ascii=False, indent=1).encode(),
        "demos.jsonl": bank.encoded,
        "vectors.npy": _array(bank.vectors),
        "learned.npz": dump_learned(program.replier.learned),
    }
    if drafts:
        contents[_DRAFTS] = "".join(f"{draft.model_dump_json()}\n" for draft in drafts).encode()
    sealed = manifest.model_copy(update={"files": {file: sha256(content) for file, content in contents.items()}})
    contents[DATASET] = dataset
    contents["manifest.json"] = sealed.model_dump_json(indent=1).encode()
    try:
        return _written(voices, name, contents)
    except OSError as exc:
        raise UnavailableError(
            f"{voices / name}: the voice cannot be saved ({exc.strerror})",
            hint="Check the permissions of that folder and the room on the disk.",
        ) from exc


def _written(voices: Path, name: str, contents: Mapping[str, bytes]) -> Path:
    """The files in a folder of their own, under the next number: all of them, or none."""
    make_private_folder(voices / name)
    temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=voices / name))
    try:
        for file, content in contents.items():
            _write(temporary / file, content)
        return _take_number(temporary, voices, name)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def _array(vectors: Vectors) -> bytes:
    file = io.BytesIO()
    np.save(file, vectors, allow_pickle=False)
    return file.getvalue()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _take_number(temporary: Path, voices: Path, name: str) -> Path:
    """Renames to the next free number; another process may take one at the same time."""
    number = max((*versions(voices, name), *removed_versions(voices, name)), default=0)
    while True:
        number += 1
        target = voices / name / str(number)
        if target.exists():
            continue
        try:
            return temporary.rename(target)
        except OSError:
            if not target.exists():
                raise


def find_artifact(voices: Path, voice: str) -> Path:
    """The folder of `NAME` (its newest version), `NAME@VERSION` or a path. Raises NotFoundError."""
    if is_path(voice):
        path = Path(voice).expanduser()
        if not path.is_dir():
            raise NotFoundError(f"{voice}: no such folder", hint="Give a voice's name, or an artifact's folder.")
        return path
    name, _, number = voice.partition("@")
    known = versions(voices, name)
    if not known:
        raise NotFoundError(
            f"There is no voice called {name!r}.",
            hint=f"persona voices lists them; persona voices add FILE --name {name}",
        )
    if not number:
        return voices / name / str(known[-1])
    if not number.isdecimal() or int(number) not in known:
        raise NotFoundError(f"{name} has no version {number}.", hint=f"It has: {', '.join(map(str, known))}.")
    return voices / name / str(int(number))


def load_artifact(path: Path, embed: Embedder) -> Artifact:
    """The artifact in this folder. Raises ArtifactError when it is corrupt, half-written, foreign or newer."""
    manifest = read_manifest(path)
    contents = {file: _read(path, file, digest) for file, digest in manifest.files.items()}
    missing = {"program.json", "demos.jsonl", "vectors.npy", "learned.npz"} - contents.keys()
    if missing:
        raise ArtifactError(f"{path}: its manifest names no {min(missing)}", hint=_RECOMPILE)
    if manifest.signature_sha256 != signature_hash():
        raise ArtifactError(f"{path}: was compiled for other signatures", hint=_RECOMPILE)
    if manifest.embedder != embed.id:
        raise ArtifactError(
            f"{path}: was compiled with embedder {manifest.embedder}, this is {embed.id}", hint=_RECOMPILE
        )
    try:
        vectors = np.lib.format.read_array(io.BytesIO(contents["vectors.npy"]), allow_pickle=False)
        state = json.loads(contents["program.json"])
        bank = DemoBank(contents["demos.jsonl"], vectors, embed)
        drafts = tuple(map(Draft.model_validate_json, contents.get(_DRAFTS, b"").splitlines()))
        learned = load_learned(
            contents["learned.npz"], longest=manifest.longest, card=manifest.card, accent=manifest.accent
        )
    except (LookupError, ValueError, zipfile.BadZipFile, ArtifactError) as exc:
        raise ArtifactError(f"{path}: cannot be read ({exc})", hint=_RECOMPILE) from exc
    return Artifact(path, manifest, state, bank, learned, drafts)


def read_manifest(path: Path) -> Manifest:
    """What the artifact in this folder says of itself. Raises ArtifactError when it cannot be told."""
    file = path / "manifest.json"
    try:
        fields = json.loads(file.read_bytes())
    except FileNotFoundError as exc:
        raise ArtifactError(f"{path}: has no manifest.json, so it is no compiled voice", hint=_RECOMPILE) from exc
    except (OSError, ValueError, RecursionError) as exc:
        raise ArtifactError(f"{file}: cannot be read ({exc})", hint=_RECOMPILE) from exc
    if not isinstance(fields, dict) or fields.get("kind") != "persona-artifact":
        raise ArtifactError(f"{file}: is not a manifest of ours", hint=_RECOMPILE)
    version = fields.get("schema_version")
    if not isinstance(version, int) or version != SCHEMA_VERSION:
        newer = isinstance(version, int) and version > SCHEMA_VERSION
        raise ArtifactError(
            f"{file}: has schema version {version!r}; this program reads {SCHEMA_VERSION}",
            hint="Update this program." if newer else _RECOMPILE,
        )
    try:
        return Manifest.model_validate(fields)
    except ValidationError as exc:
        where = ".".join(str(step) for step in exc.errors()[0]["loc"])
        raise ArtifactError(f"{file}: {where}: {exc.errors()[0]['msg']}", hint=_RECOMPILE) from exc


def _read(folder: Path, file: str, digest: str) -> bytes:
    if Path(file).name != file:
        raise ArtifactError(f"{folder}: its manifest points outside of it ({file!r})", hint=_RECOMPILE)
    try:
        content = (folder / file).read_bytes()
    except OSError as exc:
        raise ArtifactError(f"{folder / file}: cannot be read ({exc.strerror})", hint=_RECOMPILE) from exc
    if sha256(content) != digest:
        raise ArtifactError(f"{folder / file}: is not the file that was compiled", hint=_RECOMPILE)
    return content
