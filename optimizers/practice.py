"""The ground an optimizer stands on: conversations of the practice half, and nothing of the proof half.

The practice half (evals/halves.py) is split again. One half of it teaches: it is the bank, the ear and the card of the
program that is tried. Of the other half some conversations are asked, and what is left is what the measures are fitted
on; so neither bank nor measure has seen a reply that is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from brain.answering import Voice, answer_now, suit
from brain.dataset import to_example
from brain.errors import DataError, PersonaError
from evals.answer_log import digest
from evals.cases import draw
from evals.halves import halves
from evals.measures import Measures
from evals.results import Answer, answer_of
from optimizers.knn_few_shot import KNNFewShot
from optimizers.variant import Variant, applied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.lms.build import Model
    from brain.modules.chat import ChatProgram
    from evals.answer_log import AnswerLog
    from evals.cases import Case
    from evals.measures import Estimate, Judged
    from optimizers.material import Material

SEEDS = 64  # a turn may use several, one a draft
_SLOWEST = 0.95


class Parts(NamedTuple):
    """Indices of the file's conversations, all of them of its practice half: what teaches, and what is asked."""

    teach: tuple[int, ...]
    ask: tuple[int, ...]


class Standing(NamedTuple):
    """How a variant did on a set of prompts; `seconds` are those of 19 turns in 20 at most."""

    variant: Variant
    prompts: int
    estimate: Estimate
    judged: Judged
    seconds: float

    def told(self) -> dict[str, Any]:
        """As the manifest tells it."""
        figures = self.estimate._asdict() | {"seconds": self.seconds}
        rounded = {{"value": "headline"}.get(name, name): round(figure, 3) for name, figure in figures.items()}
        return {**self.variant.model_dump(exclude_defaults=True), "prompts": self.prompts, **rounded}


def parts_of(count: int, kept: set[int]) -> Parts:
    """The parts of a file of so many conversations; `kept` are those that the policy allows, each pair once."""
    practice = halves(count).practice
    inner = halves(len(practice))
    teach, ask = ([practice[at] for at in each if practice[at] in kept] for each in (inner.practice, inner.proof))
    return Parts(tuple(teach), tuple(ask))


class Practice:
    """Answers prompts with variants of a program, once each, and judges them. One LM call an answer and draft."""

    def __init__(self, material: Material, *, model: Model, log: AnswerLog, prompts: int = 40, seed: int = 0) -> None:
        """Asks `prompts` conversations at most, never more than half of those that do not teach. A few seconds.

        Raises DataError when too few of them may be used, or a party says nothing in them.
        """
        self.model, self.log, self.seed = model, log, seed
        conversations, whole = material.conversations, material.program.replier.bank
        parts = parts_of(len(conversations), {int(whole.row(at).id) for at in range(len(whole))})
        trainset = [to_example(conversations[at]).copy(id=str(at)) for at in parts.teach]
        taught = {str(at) for at in parts.teach}
        drafts = [draft for draft in material.drafts if draft.id in taught]
        optimizer = KNNFewShot(whole.embed, k=material.program.replier.recipe.k, drafts=drafts)
        self.program = optimizer.compile(material.student, trainset=trainset)
        suit(self.program, model, listened=model.spec if drafts else None)
        bank = self.program.replier.bank
        self.rows = {row.id: row for row in map(bank.row, range(len(bank)))}
        drawn = draw(
            [conversations[at] for at in parts.ask],
            [str(at) for at in parts.ask],
            most=min(prompts, len(parts.ask) // 2),
            seed=seed,
        )
        if not drawn.cases or not self.rows:
            raise DataError("Too few of these conversations may be used.", hint="--with knn needs none to practise on.")
        self.cases, self.measured_on = drawn.cases, len(drawn.rest)
        self.measures = Measures.of(drawn.rest, whole.embed, seed=seed)
        self.tried: dict[Variant, Standing] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Practice:
        return self

    @property
    def everything(self) -> range:
        """The numbers of all prompts."""
        return range(len(self.cases))

    def answers(self, variant: Variant, numbers: Sequence[int]) -> list[Answer]:
        """Its answers to these prompts; what the log has is not asked again. Raises Stopped."""
        program = applied(self.program, variant, self.rows)
        return [self._answer(program, variant, number) for number in numbers]

    def _answer(self, program: ChatProgram, variant: Variant, number: int) -> Answer:
        case, seed = self.cases[number], self.seed_of(number)
        key = self.key("turn", variant.model_dump(mode="json"), number)
        if (kept := self.log.get(key)) is not None:
            return kept
        try:
            answer = _as_answer(program, self.model, case, seed)
        except PersonaError as exc:  # what no other turn would meet: this reply was empty, or this prompt too long
            answer = Answer(reply="", trouble=exc.message)
        self.log.add(key, answer)
        return answer

    def key(self, kind: str, what: object, number: int) -> str:
        """The name in the log of what was said to a prompt."""
        case = self.cases[number]
        asked = case.conversation.model_dump(mode="json"), case.now.isoformat()
        return digest(kind, what, asked, self.seed_of(number))

    def seed_of(self, number: int) -> int:
        """The model's dice for a prompt, the same for every variant."""
        return SEEDS * (self.seed + number)

    def standing(self, variant: Variant, numbers: Sequence[int]) -> Standing:
        """How it does on these prompts. Raises Stopped."""
        found = self.standing_of(variant, numbers, self.answers(variant, numbers))
        if variant not in self.tried or self.tried[variant].prompts <= found.prompts:
            self.tried[variant] = found
        return found

    def standing_of(self, variant: Variant, numbers: Sequence[int], answers: Sequence[Answer]) -> Standing:
        """What these answers of a variant to these prompts are worth."""
        judged = self.judged(numbers, [answer.reply for answer in answers])
        estimate = self.measures.estimate(judged, seed=self.seed)
        seconds = float(np.quantile([answer.seconds for answer in answers], _SLOWEST))
        return Standing(variant, len(answers), estimate, judged, seconds)

    def judged(self, numbers: Sequence[int], replies: Sequence[str]) -> Judged:
        """Replies to these prompts, as the measures hear them."""
        return self.measures.judge([self.cases[number] for number in numbers], replies)


def _as_answer(program: ChatProgram, model: Model, case: Case, seed: int) -> Answer:
    turn = answer_now(Voice("practice", program), model, case.conversation, case.now, config={"seed": seed})
    return answer_of(turn)
