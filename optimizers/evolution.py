"""GEPA (Agrawal et al. 2025) on one instruction: a model reads replies and what is wrong with them, and mends it.

`dspy.GEPA` scores one example at a time, and a single reply says nothing about a voice. So GEPA's own engine is given
an adapter that scores a minibatch together; the proposer of instructions is DSPy's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gepa import EvaluationBatch, optimize
from pydantic import ValidationError

from brain.answering import answering
from brain.errors import PersonaError
from optimizers.budget import Stopped
from optimizers.drafting import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.lms.build import Model
    from optimizers.drafting import Drafter, Scoreboard
    from optimizers.proposals import KeptProposer

TOGETHER = 6  # replies of a minibatch
_REPLY = "reply"
_MOST_FAILURES = 3


def evolve(drafter: Drafter, board: Scoreboard, reflection: Model, proposer: KeptProposer, *, turns: int) -> None:
    """Tries instructions until about so many `turns` were answered; the board has them all. Raises Stopped."""
    adapter = GroupAdapter(drafter, board, reflection, proposer)
    optimize(
        seed_candidate={_REPLY: board.first},
        trainset=board.numbers,
        valset=board.numbers,
        adapter=adapter,
        reflection_minibatch_size=min(TOGETHER, len(board.numbers)),
        skip_perfect_score=False,
        max_metric_calls=turns,
        track_best_outputs=False,
        logger=_Silent(),
        seed=board.practice.seed,
    )


class GroupAdapter:
    """What GEPA asks of a system: answers to prompts, their scores as a group, and new instructions."""

    def __init__(self, drafter: Drafter, board: Scoreboard, reflection: Model, proposer: KeptProposer) -> None:
        self.drafter, self.board, self.reflection, self.proposer = drafter, board, reflection, proposer
        self.failures = 0

    def evaluate(
        self,
        batch: Sequence[int],
        candidate: Mapping[str, str],
        capture_traces: bool = False,
    ) -> EvaluationBatch[int, str]:
        """One LM call a prompt that this instruction has not answered yet."""
        drafter = self.drafter.told(candidate[_REPLY])
        predictions = [drafter(number=number) for number in batch]
        for number, prediction in zip(batch, predictions, strict=True):
            self.board.add(number, prediction)
        return EvaluationBatch(
            outputs=[prediction.reply for prediction in predictions],
            scores=self.board.scores(candidate[_REPLY], batch),
            trajectories=list(batch) if capture_traces else None,
        )

    def make_reflective_dataset(
        self,
        candidate: Mapping[str, str],
        eval_batch: EvaluationBatch[int, str],
        components_to_update: Sequence[str],
    ) -> dict[str, list[dict[str, Any]]]:
        """What was asked and answered, and what to mend, in words."""
        records = [
            {
                "Inputs": {"conversation": in_words(self.board.practice.cases[number].conversation)},
                "Generated Outputs": {"reply": reply},
                "Feedback": self.board.feedback(number, candidate[_REPLY]),
            }
            for number, reply in zip(eval_batch.trajectories or (), eval_batch.outputs, strict=True)
        ]
        if records and (together := self.board.shortcomings(candidate[_REPLY])):
            records[0]["Feedback"] = f"{together} {records[0]['Feedback']}"
        return dict.fromkeys(components_to_update, records)

    def propose_new_texts(
        self,
        candidate: dict[str, str],
        reflective_dataset: Mapping[str, Sequence[Mapping[str, Any]]],
        components_to_update: list[str],
    ) -> dict[str, str]:
        """One LM call. GEPA goes on when it fails, for ever if need be; the third failure in a row raises Stopped."""
        try:
            with answering(self.reflection, self.board.practice.program):
                proposed = self.proposer(candidate, reflective_dataset, components_to_update)
        except (PersonaError, ValidationError, ValueError) as exc:
            self.failures += 1
            if self.failures >= _MOST_FAILURES:
                why = exc.message if isinstance(exc, PersonaError) else "what it proposes is empty or too long"
                raise Stopped(f"{self.reflection.spec} proposed no usable instruction: {why}") from exc
            raise
        self.failures = 0
        return proposed


class _Silent:
    """GEPA tells its every step."""

    def log(self, message: str) -> None:
        """Nothing."""
