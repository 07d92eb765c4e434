"""From a file of conversations to a saved voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.artifact import check_name, save_artifact
from brain.bundled import BUNDLED, bundled_data
from brain.dataset import load_persona, parse_conversations, read_dataset, to_trainset
from brain.errors import DataError
from brain.lms.build import EMBEDDED
from brain.lms.embedder import load_embedder
from brain.manifest import new_manifest, sha256
from brain.models import Persona
from brain.modules.chat import ChatProgram
from brain.modules.learned import learn
from brain.voices import build_rules
from optimizers.judge_demos import judge_demos
from optimizers.knn_few_shot import DEFAULT_K, KNNFewShot, demo_scores, heard_in
from optimizers.listening import kept_drafts
from optimizers.material import Material, check_enough
from optimizers.variant import applied

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from brain.config import Settings
    from optimizers.listening import Listening
    from optimizers.material import Found

PERSONA_FILE = "persona.toml"
FEWEST_HEARD = 20  # replies: with fewer nothing can be learned from a model's drafts


def compile_voice(
    settings: Settings,
    file: Path,
    *,
    name: str,
    persona: Path | None = None,
    k: int = DEFAULT_K,
    listening: Listening | None = None,
    optimize: Callable[[Material], Found] | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> Path:
    """Reads, checks, embeds and saves; the folder of the new version. Nothing is written when the data is unusable.

    The persona comes from `persona`, or from a persona.toml beside the file, or is no more than the name. `optimize`
    finds something better than the default recipe (see optimizers/optimize.py). `tick` hears how many messages are
    embedded. With `listening` a model is heard before (see optimizers/listening.py), unless the file is too small for
    it. Raises DataError, and what `optimize` raises.
    """
    check_name(name)
    dataset = read_dataset(file)
    conversations = parse_conversations(file, dataset)
    if optimize is not None:
        check_enough(len(conversations))
    student = ChatProgram(
        _persona(file, name, persona),
        build_rules(settings),
        window=settings.history,
        characters=settings.characters,
        read_situation=settings.read_situation,
    )
    trainset = to_trainset(conversations)
    program = KNNFewShot(load_embedder(), k=k, tick=tick).compile(student, trainset=trainset)
    kept = len(program.replier.bank)
    if not kept:
        raise DataError(
            f"{file}: the policy forbids every reply in it", hint="Look at the policy file, then compile again."
        )
    drafts = listening.drafts(program, conversations) if listening and kept >= FEWEST_HEARD else ()
    if drafts:
        bank = program.replier.bank
        program.replier.use(bank, learned=learn(bank, heard_in(trainset), drafts=drafts))
    told: dict[str, Any] = {"conversations": len(conversations), "left_out": len(conversations) - kept}
    if name == BUNDLED and file == bundled_data() / file.name:
        told["bundled"] = True
    scores = demo_scores(program.replier.bank, program.replier.reply.k)
    if optimize is not None:
        found = optimize(Material(name, dataset, conversations, student, program, drafts))
        bank = program.replier.bank
        program = applied(program, found.variant, {row.id: row for row in map(bank.row, range(kept))})
        told, scores = {**told, **found.notes}, {**scores, **found.scores}
    program.filter.judge.demos = judge_demos(program.filter.rules)
    listened = listening.model if listening and drafts else None
    manifest = new_manifest(program, dataset_sha256=sha256(dataset), listened=listened, notes=told, scores=scores)
    return save_artifact(settings.voices_dir, name, program, manifest, dataset=dataset, drafts=drafts)


def compile_bundled(settings: Settings) -> Path:
    """The bundled voice, with the drafts of the embedded model that come with it: a second, and no LM call."""
    folder = bundled_data()
    return compile_voice(
        settings,
        folder / "conversations.json",
        name=BUNDLED,
        listening=kept_drafts(folder / "drafts.jsonl", EMBEDDED),
    )


def _persona(file: Path, name: str, persona: Path | None) -> Persona:
    beside = file.with_name(PERSONA_FILE)
    if persona is not None or beside.is_file():
        return load_persona(persona or beside, name=name)
    return Persona(name=name.replace("-", " ").replace("_", " ").title(), id=name)
