"""From conversations to a saved voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.artifact import check_name, save_artifact
from brain.bundled import BUNDLED, bundled_data
from brain.dataset import to_trainset
from brain.errors import DataError
from brain.lessons import lessons
from brain.lms.build import EMBEDDED
from brain.lms.embedder import load_embedder
from brain.manifest import new_manifest, sha256
from brain.modules.chat import ChatProgram
from brain.modules.learned import learn
from brain.origin import bundled_origin
from brain.sanitise import display
from brain.voices import build_rules
from brain.watcher import Unwatched
from optimizers.judge_demos import judge_demos
from optimizers.knn_few_shot import DEFAULT_K, KNNFewShot, demo_scores, heard_in
from optimizers.listening import kept_drafts
from optimizers.material import Material, check_enough
from optimizers.variant import applied

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from brain.config import Settings
    from brain.demos import DemoBank
    from brain.models import LabeledConversation
    from brain.origin import Origin
    from brain.watcher import Watcher
    from optimizers.listening import Listening
    from optimizers.material import Found

FEWEST_HEARD = 20  # replies: with fewer nothing can be learned from a model's drafts


def compile_voice(
    settings: Settings,
    origin: Origin,
    *,
    name: str,
    k: int = DEFAULT_K,
    listening: Listening | None = None,
    optimize: Callable[[Material], Found] | None = None,
    watcher: Watcher | None = None,
) -> Path:
    """Checks, embeds and saves; the folder of the new version. Nothing is written when nothing can be learned.

    The user's lessons for the voice are learned too. `optimize` finds something better than the default recipe (see
    optimizers/optimize.py). `watcher` hears how many messages are embedded. With `listening` a model is heard before
    (see optimizers/listening.py), unless there are too few conversations for it. Raises DataError, and what `optimize`
    raises.
    """
    check_name(name)
    learned = lessons(settings.voices_dir, name)
    source, origin = origin, origin.taught(learned)
    if optimize is not None:
        check_enough(len(origin.conversations))
    student = ChatProgram(
        origin.persona,
        build_rules(settings),
        window=settings.history,
        read_situation=settings.read_situation,
    )
    trainset = to_trainset(origin.conversations)
    watcher = watcher or Unwatched()
    watcher.begin(len(trainset), "messages read")
    program = KNNFewShot(load_embedder(), k=k, tick=watcher.tick).compile(student, trainset=trainset)
    watcher.stop()
    kept = len(program.replier.bank)
    if origin.conversations and not kept:
        raise DataError(
            f"{origin.where}: the policy forbids every reply in it",
            hint="Look at the policy file, then compile again.",
        )
    drafts = listening.drafts(program, origin.conversations) if listening and kept >= FEWEST_HEARD else ()
    if drafts:
        bank = program.replier.bank
        program.replier.use(bank, learned=learn(bank, heard_in(trainset), drafts=drafts))
    told = _told(source, origin, program.replier.bank, learned)
    scores = demo_scores(program.replier.bank, program.replier.reply.k)
    if optimize is not None:
        found = optimize(Material(name, origin.dataset, origin.conversations, student, program, drafts))
        bank = program.replier.bank
        program = applied(program, found.variant, {row.id: row for row in map(bank.row, range(kept))})
        told, scores = {**told, **found.notes}, {**scores, **found.scores}
    program.filter.judge.demos = judge_demos(program.filter.rules)
    listened = listening.model if listening and drafts else None
    manifest = new_manifest(
        program, dataset_sha256=sha256(origin.dataset), listened=listened, notes=told, scores=scores
    )
    return save_artifact(settings.voices_dir, name, program, manifest, dataset=origin.dataset, drafts=drafts)


def compile_bundled(settings: Settings) -> Path:
    """The bundled voice, with the drafts of the embedded model that come with it: a second, and no LM call."""
    heard = kept_drafts(bundled_data() / "drafts.jsonl", EMBEDDED)
    return compile_voice(settings, bundled_origin(), name=BUNDLED, listening=heard)


def _told(source: Origin, origin: Origin, bank: DemoBank, learned: Sequence[LabeledConversation]) -> dict[str, Any]:
    """What the manifest tells of the data; a lesson counts as left out when the policy forbids its reply."""
    told: dict[str, Any] = {
        "conversations": len(origin.conversations),
        "left_out": len(origin.conversations) - len(bank),
    }
    if source.bundled:
        told |= {"bundled": True, "source_sha256": sha256(source.dataset)}
    if learned:
        known = {(row.message, row.reply) for row in map(bank.row, range(len(bank)))}
        pairs = [(display(one.chat_history.last_from_other), display(one.output)) for one in learned]
        told["lessons"] = sum(pair in known for pair in pairs)
        told["lessons_left_out"] = len(pairs) - told["lessons"]
    return told
