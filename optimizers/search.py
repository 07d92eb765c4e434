"""Search: which demos, how many, where they stand, and what helps the reply besides, one question after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from brain.models import Layout, Recipe, Strategy
from optimizers.race import laps, race

if TYPE_CHECKING:
    from collections.abc import Iterator

    from optimizers.practice import Practice
    from optimizers.variant import Variant

# What moves a small model's voice most is asked first; what multiplies the cost of a turn, last.
SPACE: dict[str, tuple[Any, ...]] = {
    "rhythm": (True, False),
    "k": (0, 1, 3, 6),
    "strategy": get_args(Strategy),
    "layout": get_args(Layout),
    "card": (True, False),
    "candidates": (1, 2, 4),
}


def search(practice: Practice, start: Variant, *, bar: float) -> Iterator[Variant]:
    """The best recipe after each question. Costs at most `search_calls`; raises Stopped."""
    best = start
    for name in SPACE:
        best = race(practice, best, _asked(best, name), bar=bar, numbers=practice.everything)
        yield best


def search_calls(start: Variant, prompts: int) -> int:
    """LM calls at most, if every turn is a normal one."""
    return prompts * start.recipe.candidates + sum(laps(_asked(start, name), prompts) for name in SPACE)


def _asked(best: Variant, name: str) -> list[Variant]:
    """The other answers to a question; none where there is nothing to ask."""
    if name in {"strategy", "layout"} and not best.recipe.k:
        return []
    recipes = [Recipe(**{**best.recipe.model_dump(), name: value}) for value in SPACE[name]]
    return [best.model_copy(update={"recipe": recipe}) for recipe in recipes if recipe != best.recipe]
