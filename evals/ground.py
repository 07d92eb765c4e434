"""What the systems of one voice stand on: its artifact, and the practice half, which is all they may learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.voices import build_rules
from evals.answer_log import code_digest, digest
from evals.learning import learned_from, part_of, relearned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.artifact import Artifact
    from brain.config import Settings
    from brain.demos import DemoBank
    from brain.lms.build import Model
    from brain.models import LabeledConversation, Recipe
    from brain.modules.chat import ChatProgram
    from brain.modules.learned import Learned


class Ground(NamedTuple):
    """What the systems of one voice stand on: its artifact, and the practice half it may learn from."""

    artifact: Artifact
    settings: Settings
    model: Model
    practice: tuple[LabeledConversation, ...]
    bank: DemoBank
    learned: Learned

    @classmethod
    def of(cls, artifact: Artifact, settings: Settings, model: Model, practice: Sequence[int]) -> Ground:
        """`practice` are indices of the artifact's conversations."""
        conversations = artifact.conversations()
        seen = tuple(conversations[at] for at in practice)
        bank = part_of(artifact.bank, map(str, practice))
        return cls(artifact, settings, model, seen, bank, learned_from(bank, seen, artifact.drafts))

    def labelled(self) -> list[LabeledConversation]:
        """The conversations behind the bank: those of the practice half that the policy allows."""
        conversations = self.artifact.conversations()
        return [conversations[int(self.bank.row(at).id)] for at in range(len(self.bank))]

    @property
    def recipe(self) -> Recipe:
        """The artifact's own."""
        return self.artifact.manifest.recipe

    def program(
        self, recipe: Recipe | None = None, bank: DemoBank | None = None, learned: Learned | None = None
    ) -> ChatProgram:
        """The artifact's program as it would be had it seen the practice half alone, unless told otherwise."""
        return relearned(
            self.artifact,
            self.settings,
            self.model,
            self.bank if bank is None else bank,
            self.learned if learned is None else learned,
            recipe or self.recipe,
        )

    def key(self, *parts: object) -> str:
        """A digest of everything an answer depends on, beside the prompt and its seed."""
        said = self.settings.model_dump(
            mode="json", include={"temperature", "num_ctx", "history", "read_situation", "api_base"}
        )
        rules = build_rules(self.settings).policy.model_dump()
        manifest = self.artifact.manifest
        files = [manifest.files, manifest.persona.model_dump(), manifest.listened]
        return digest(code_digest(), files, self.bank.sha256, self.model.spec, said, rules, *parts)
