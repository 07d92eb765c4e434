"""Bootstrap: which real replies stand as demos for every message, by random search over whole sets of them.

In spirit `dspy.BootstrapFewShotWithRandomSearch`, and not that class: its sets are made of the model's own answers, or
of sizes drawn between one and none when those are forbidden, it scores one reply at a time, and it prints. The demos
here are the client's replies alone, sets are scored on groups of replies, and the same demos for every message leave
the head of the prompt as it is, so that a prefix cache keeps it.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from optimizers.race import laps, race

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizers.practice import Practice
    from optimizers.variant import Variant

_SETS = 12
_USUAL = 3  # demos, where the recipe has none


def bootstrap(practice: Practice, start: Variant, *, bar: float) -> Iterator[Variant]:
    """The best set of demos, or the start when none is better. Costs `bootstrap_calls`; raises Stopped."""
    dice = random.Random(practice.seed)
    ids = sorted(practice.rows, key=int)
    size = start.recipe.k or _USUAL
    sizes = [min(size * (1 + number % 2), len(ids)) for number in range(_SETS)]
    sets = [tuple(dice.sample(ids, size)) for size in sizes]
    challengers = [_standing(start, each) for each in dict.fromkeys(sets)]
    yield race(practice, start, challengers, bar=bar, numbers=practice.everything)


def bootstrap_calls(start: Variant, prompts: int) -> int:
    """LM calls at most, if every turn is a normal one."""
    return prompts * start.recipe.candidates + laps([start] * _SETS, prompts)


def _standing(start: Variant, demos: tuple[str, ...]) -> Variant:
    """These demos for every message, and none that are found anew; where they stand is left to the adapter."""
    recipe = start.recipe.model_copy(update={"k": 0, "layout": "head"})
    return start.model_copy(update={"recipe": recipe, "demos": demos})
