"""GEPA and MIPROv2 on the reply's instruction, scored on groups of replies, and confirmed on prompts of their own.

Half of the practice prompts are for proposing and choosing, the other half decides: an instruction replaces the first
one only where the paired interval of the difference excludes zero there. Demos and recipe stay as they are.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import dspy

from brain.errors import UnavailableError
from optimizers.evolution import TOGETHER, evolve
from optimizers.proposals import InstructionsOnly, KeptProposer
from optimizers.proving import CONFIRMED, Prompts, proposed
from optimizers.race import laps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.lms.build import Model
    from optimizers.drafting import Drafter, Scoreboard
    from optimizers.practice import Practice
    from optimizers.variant import Variant

_ROUNDS = 8  # proposals of GEPA
_PROPOSALS = 6  # of MIPROv2, the first instruction among them
_TRIALS = 10
_READ, _READ_AT_ONCE = 12, 4  # real exchanges that MIPROv2 reads
_MARGIN = 4  # LM calls for the other things MIPROv2 asks


def check_installed(method: str) -> None:
    """Raises UnavailableError when a package that the method needs is missing; MIPROv2 would find out at its end."""
    if method != "mipro":
        return
    try:
        importlib.import_module("optuna")
    except ImportError as exc:
        raise UnavailableError("MIPROv2 needs optuna.", hint="pip install 'persona-brain[optimize]'") from exc


def gepa(practice: Practice, start: Variant, reflection: Model, *, bar: float) -> Iterator[Variant]:
    """The best instruction that GEPA evolves. Costs `instruction_calls`; raises Stopped."""
    prompts = _halves(practice)

    def run(drafter: Drafter, board: Scoreboard) -> None:
        evolve(drafter, board, reflection, KeptProposer(practice.log), turns=_gepa_turns(len(prompts.tune)))

    return proposed(practice, start, prompts, run, bar=bar)


def mipro(practice: Practice, start: Variant, reflection: Model, *, bar: float) -> Iterator[Variant]:
    """The best instruction that `dspy.MIPROv2` proposes. Costs `instruction_calls`; raises Stopped."""
    prompts = _halves(practice)

    def run(drafter: Drafter, board: Scoreboard) -> None:
        optimizer = InstructionsOnly(
            practice.log,
            metric=board.at_the_end,
            prompt_model=reflection.lm,
            task_model=practice.model.lm,
            auto=None,
            num_candidates=_PROPOSALS,
            num_threads=1,
            max_bootstrapped_demos=0,
            max_labeled_demos=0,
            seed=practice.seed + 1,
            track_stats=False,
        )
        rows = [practice.rows[id] for id in sorted(practice.rows, key=int)][:_READ]
        seen = [dspy.Example(message=row.message, reply=row.reply).with_inputs("message") for row in rows]
        optimizer.compile(
            drafter,
            trainset=seen,
            valset=[dspy.Example(number=number).with_inputs("number") for number in prompts.tune],
            num_trials=_TRIALS,
            minibatch=False,
            program_aware_proposer=False,
            fewshot_aware_proposer=False,
            view_data_batch_size=_READ_AT_ONCE,
        )

    return proposed(practice, start, prompts, run, bar=bar)


def instruction_calls(method: str, start: Variant, prompts: int) -> int:
    """LM calls at most, if every turn is a normal one."""
    tune = prompts // 2
    confirmed = laps([start] * (CONFIRMED + 1), prompts - tune)
    if method == "gepa":
        return start.recipe.candidates * _gepa_turns(tune) + 2 * _ROUNDS + confirmed
    proposing = _PROPOSALS + _READ // _READ_AT_ONCE + _MARGIN
    return start.recipe.candidates * tune * _PROPOSALS + proposing + confirmed


def _gepa_turns(tune: int) -> int:
    """The first instruction on all prompts, each proposal beside its parent on a few, every second one on all."""
    return tune + _ROUNDS * 2 * min(TOGETHER, tune) + _ROUNDS // 2 * tune


def _halves(practice: Practice) -> Prompts:
    count = len(practice.cases)
    return Prompts(range(1, count, 2), range(0, count, 2))
