"""One evaluation, from what was asked for to its result: prompts drawn, answers made or taken up, all of it judged."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from brain.dataset import load_conversations
from brain.errors import ConfigError
from brain.lms.build import build_model
from brain.places import stored_name
from brain.voices import build_rules, open_artifact
from evals.answer_log import AnswerLog, digest
from evals.choice import Choice, Other, chosen
from evals.ground import Ground
from evals.halves import halves
from evals.planning import plan, plan_heldout
from evals.runner import answer_all, evaluated, missing

if TYPE_CHECKING:
    from brain.artifact import Artifact
    from brain.config import Settings
    from brain.watcher import Watcher
    from evals.planning import Plan
    from evals.results import EvalResult


class Wanted(NamedTuple):
    """What is asked for, beside settings. `limit` 0 means all prompts there are; `systems` empty the usual ones."""

    limit: int = 40
    seed: int = 0
    systems: tuple[str, ...] = ()
    everything: bool = False
    candidates: int | None = None
    other: Path | None = None
    heldout: Path | None = None
    against: str | None = None
    fresh: bool = False


def evaluate(settings: Settings, wanted: Wanted, watcher: Watcher) -> EvalResult:
    """Runs the systems on the prompts and judges them; answers that are on disk already are not asked for again.

    KeyboardInterrupt stops it; the watcher hears what is kept. Raises ConfigError for what does not go together,
    DataError for too few conversations, and whatever the model fails with; then too every answer so far is kept.
    """
    artifact = open_artifact(settings, say=watcher.say)
    rival = _rival(settings, wanted, artifact, watcher)
    other = Other(_client(wanted.other), load_conversations(wanted.other)) if wanted.other else None
    planned = _planned(artifact, rival, wanted)
    log = AnswerLog(_log_file(settings), fresh=wanted.fresh)
    with closing(build_model(settings)) as model:
        ground = Ground.of(artifact, settings, model, planned.practice)
        choice = Choice(wanted.systems, wanted.everything, wanted.candidates, other)
        systems = chosen(ground, choice, _facing(rival, ground))
        calls = missing(planned.cases, systems, log, seed=wanted.seed)
        watcher.say(f"{len(planned.cases)} prompts, {len(systems)} systems, about {calls} LM calls on {model.spec}")
        wanted_replies = len(planned.cases) * len(systems)
        watcher.begin(wanted_replies, "replies")
        try:
            answers = answer_all(planned.cases, systems, log, seed=wanted.seed, watcher=watcher)
        except BaseException:
            watcher.stop()
            kept = f"New answers kept: {log.added}, of {wanted_replies} replies in all"
            watcher.say(f"Stopped. {kept}; the same command goes on from here.")
            raise
        watcher.stop()
    return evaluated(ground, planned, systems, answers, rules=build_rules(settings), seed=wanted.seed)


def _client(file: Path) -> str:
    """What a client's file says of whose it is: its folder's name, where its own is what every such file is called."""
    return file.resolve().parent.name if file.stem in {"conversations", "train", "heldout"} else file.stem


def _log_file(settings: Settings) -> Path:
    """One file a voice, whatever its version."""
    name = stored_name(settings.voice)
    return settings.state_dir / "evals" / f"{Path(name).name}-{digest(name)[:8]}.jsonl"


def _rival(settings: Settings, wanted: Wanted, artifact: Artifact, watcher: Watcher) -> Artifact | None:
    """The version to compare with. Raises ConfigError when the two have no unseen prompts in common."""
    if wanted.against is None:
        return None
    rival = open_artifact(settings.model_copy(update={"voice": wanted.against}), say=watcher.say)
    if rival.manifest.dataset_sha256 != artifact.manifest.dataset_sha256 and wanted.heldout is None:
        raise ConfigError(
            f"{artifact.label} and {rival.label} were compiled from different files, so that one may have seen what "
            "the other is asked",
            hint="Compile both from one file, or give prompts that neither has seen: --heldout FILE",
        )
    return rival


def _planned(artifact: Artifact, rival: Artifact | None, wanted: Wanted) -> Plan:
    if wanted.heldout is None:
        return plan(artifact, limit=wanted.limit, seed=wanted.seed)
    heldout = load_conversations(wanted.heldout)
    return plan_heldout(artifact, heldout, wanted.heldout.name, limit=wanted.limit, seed=wanted.seed, rival=rival)


def _facing(rival: Artifact | None, ground: Ground) -> Ground | None:
    """The other version, learned anew from its own practice half."""
    if rival is None:
        return None
    return Ground.of(rival, ground.settings, ground.model, halves(len(rival.conversations())).practice)
