"""Instructions are proposed on some prompts and prove themselves on others, beside the first instruction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.answering import answering
from brain.errors import PersonaError
from optimizers.budget import Stopped
from optimizers.drafting import Drafter, Scoreboard
from optimizers.proposals import is_plain
from optimizers.quiet import quiet
from optimizers.race import race
from optimizers.variant import applied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evals.results import Answer
    from optimizers.practice import Practice, Standing
    from optimizers.variant import Variant

CONFIRMED = 2  # instructions that prove themselves at most
_FEWEST = 5  # replies that a figure is told of


class Prompts(NamedTuple):
    """Numbers of prompts: those to propose and choose with, and those that decide."""

    tune: Sequence[int]
    confirm: Sequence[int]


def proposed(
    practice: Practice,
    start: Variant,
    prompts: Prompts,
    run: Callable[[Drafter, Scoreboard], None],
    *,
    bar: float,
) -> Iterator[Variant]:
    """Lets `run` propose and try instructions, then the best of them face the first one on prompts of their own.

    Stopped on its way, an instruction is taken only when it is already better on the prompts it was chosen with.
    Raises Stopped.
    """
    drafter = Drafter(practice, start)
    board = Scoreboard(practice, drafter.replier.reply.signature.instructions, prompts.tune)
    try:
        with answering(practice.model, applied(practice.program, start, practice.rows)), quiet():
            for number in prompts.tune:
                board.add(number, drafter(number=number))
            run(drafter, board)
    except PersonaError as exc:
        raise Stopped(f"no instruction could be proposed: {exc.message}", exc) from exc
    except (Stopped, KeyboardInterrupt):
        for one in _ahead(practice, start, board)[:1]:
            if practice.measures.gap(one.judged, board.group(board.first), seed=practice.seed).low > 0:
                yield one.variant
        raise
    challengers = [one.variant for one in _ahead(practice, start, board)[:CONFIRMED]]
    yield race(practice, start, challengers, bar=bar, numbers=prompts.confirm)


def _ahead(practice: Practice, start: Variant, board: Scoreboard) -> list[Standing]:
    """The instructions that did better than the first one on all prompts to choose with, the best first.

    All that was tried is noted, also what is no plain text or says what the policy forbids, and is not taken.
    """
    ahead: list[Standing] = []
    for instruction, said in board.said.items():
        if len(said) < _FEWEST:
            continue
        if instruction == board.first:
            _standing(practice, start, said)
            continue
        standing = _standing(practice, start.model_copy(update={"instruction": instruction}), said)
        usable = is_plain(instruction) and practice.program.filter.rules.check(instruction, ()).allowed
        whole = len(said) == len(board.numbers)
        if usable and whole and standing.estimate.value > board.value(board.group(board.first)):
            ahead.append(standing)
    return sorted(ahead, key=lambda one: -one.estimate.value)


def _standing(practice: Practice, variant: Variant, said: dict[int, Answer]) -> Standing:
    numbers = sorted(said)
    standing = practice.standing_of(variant, numbers, [said[number] for number in numbers])
    practice.tried.setdefault(variant, standing)
    return standing
