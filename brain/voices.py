"""Finds a voice, compiles the bundled one when it is missing, and makes its program ready to answer."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from brain.answering import Voice, suit
from brain.artifact import Artifact, find_artifact, load_artifact, versions
from brain.bundled import BUNDLED, bundled_data, policy_file
from brain.dataset import load_persona
from brain.errors import ArtifactError
from brain.judges import able_judge
from brain.lms.embedder import load_embedder
from brain.manifest import sha256
from brain.places import stored_name
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from brain.config import Settings
    from brain.lms.build import Model
    from brain.modules.chat import ChatProgram


def build_rules(settings: Settings) -> Rules:
    """The topic rules of the operator's policy file, or of the bundled one."""
    return Rules(load_policy(policy_file(settings)))


def open_voice(settings: Settings, model: Model, *, say: Callable[[str], object] = lambda _: None) -> Voice:
    """The voice of the settings, ready to answer; `say` hears what takes a moment.

    Raises NotFoundError when there is no such voice, ArtifactError when it cannot be used.
    """
    artifact = open_artifact(settings, say=say)
    program = build_program(artifact, settings, model)
    return Voice(artifact.label, program, stored_name(settings.voice), artifact.manifest.listened)


def build_program(artifact: Artifact, settings: Settings, model: Model) -> ChatProgram:
    """The compiled program as the settings and the model want it."""
    program = artifact.program(
        build_rules(settings),
        window=settings.history,
        read_situation=settings.read_situation,
    )
    if settings.candidates:
        recipe = artifact.manifest.recipe.model_copy(update={"candidates": settings.candidates})
        program.replier.use(artifact.bank, recipe)
    suit(program, model, listened=artifact.manifest.listened)
    program.country = settings.country
    program.filter.use_judge(able_judge(settings, model), seconds=settings.judge_timeout)
    return program


def open_artifact(settings: Settings, *, say: Callable[[str], object] = lambda _: None) -> Artifact:
    """The artifact of the voice. The bundled voice is compiled when it is missing, outdated or unusable."""
    if settings.voice != BUNDLED:
        return load_artifact(find_artifact(settings.voices_dir, settings.voice), load_embedder())
    reason = "first use"
    if versions(settings.voices_dir, BUNDLED):
        try:
            artifact = load_artifact(find_artifact(settings.voices_dir, BUNDLED), load_embedder())
        except ArtifactError as exc:
            reason = exc.message
        else:
            if not _outdated(artifact):
                return artifact
            reason = "its conversations have changed"
    say(f"Compiling the bundled voice {BUNDLED} ({reason})…")
    compile_bundled = importlib.import_module("optimizers.compile").compile_bundled  # brain never imports upward
    return load_artifact(compile_bundled(settings), load_embedder())


def _outdated(artifact: Artifact) -> bool:
    """Whether it is our own compile of data that has changed since; a user's own `nela` never is."""
    notes = artifact.manifest.notes
    if not notes.get("bundled"):
        return False
    data = bundled_data()
    return (
        sha256((data / "conversations.json").read_bytes())
        != notes.get("source_sha256", artifact.manifest.dataset_sha256)  # with lessons the voice has more than the file
        or load_persona(data / "persona.toml") != artifact.manifest.persona
    )
