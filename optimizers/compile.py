"""From a file of conversations to a saved voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.artifact import check_name, new_manifest, save_artifact, sha256
from brain.dataset import load_persona, parse_conversations, read_dataset, to_trainset
from brain.errors import DataError
from brain.lms.embedder import load_embedder
from brain.models import Persona
from brain.modules.chat import ChatProgram
from brain.voices import build_rules
from optimizers.knn_few_shot import DEFAULT_K, KNNFewShot, demo_scores

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from brain.config import Settings

PERSONA_FILE = "persona.toml"


def compile_voice(
    settings: Settings,
    file: Path,
    *,
    name: str,
    persona: Path | None = None,
    k: int = DEFAULT_K,
    notes: dict[str, Any] | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Path:
    """Reads, checks, embeds and saves; the folder of the new version. Nothing is written when the data is unusable.

    The persona comes from `persona`, or from a persona.toml beside the file, or is no more than the name. `tick`
    hears how many messages are embedded. Raises DataError.
    """
    check_name(name)
    dataset = read_dataset(file)
    conversations = parse_conversations(file, dataset)
    student = ChatProgram(_persona(file, name, persona), build_rules(settings))
    trainset = to_trainset(conversations)
    program = KNNFewShot(load_embedder(), k=k, tick=tick).compile(student, trainset=trainset)
    kept = len(program.replier.bank)
    if not kept:
        raise DataError(
            f"{file}: the policy forbids every reply in it", hint="Look at the policy file, then compile again."
        )
    told = {"conversations": len(conversations), "left_out": len(conversations) - kept, **(notes or {})}
    scores = demo_scores(program.replier.bank, program.replier.reply.k)
    manifest = new_manifest(program, dataset_sha256=sha256(dataset), notes=told, scores=scores)
    return save_artifact(settings.voices_dir, name, program, manifest, dataset=dataset)


def _persona(file: Path, name: str, persona: Path | None) -> Persona:
    beside = file.with_name(PERSONA_FILE)
    if persona is not None or beside.is_file():
        return load_persona(persona or beside, name=name)
    return Persona(name=name.replace("-", " ").replace("_", " ").title(), id=name)
