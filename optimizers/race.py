"""Which of several variants is better, on the same prompts with the same dice: successive halving, then a verdict.

Few prompts weed out, all of them decide (Jamieson and Talwalkar 2016). The holder loses only to a variant whose paired
interval excludes zero; among equals the cheaper one is taken, by the rule of one standard error (Breiman et al. 1984).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optimizers.practice import Practice, Standing
    from optimizers.variant import Variant

_FEWEST = 8
_SPAN = 3.92  # standard errors in a 95 % interval
_MOST_GIVEN_UP = 0.05  # of a headline, for something cheaper: with few prompts a standard error is wide


def race(
    practice: Practice, holder: Variant, challengers: Sequence[Variant], *, bar: float, numbers: Sequence[int]
) -> Variant:
    """The winner on the prompts of these numbers; `bar` is how many seconds 19 turns in 20 may take.

    Costs at most `laps(…)` turns. Raises Stopped, with the holder undefeated.
    """
    alive = [variant for variant in challengers if variant != holder]
    sizes = rungs(len(numbers))
    for size in sizes[:-1]:
        held = practice.standing(holder, numbers[:size])
        found = [practice.standing(variant, numbers[:size]) for variant in alive]
        alive = [one.variant for one in _ahead(practice, held, found, bar)]
        if not alive:
            break
    held = practice.standing(holder, numbers)
    return verdict(practice, held, [practice.standing(variant, numbers) for variant in alive], bar).variant


def rungs(count: int) -> list[int]:
    """How many prompts each lap has: a quarter, a half, all."""
    return sorted({max(count // 4, min(_FEWEST, count)), max(count // 2, min(_FEWEST, count)), count})


def laps(challengers: Sequence[Variant], count: int) -> int:
    """LM calls of a race at most, the holder's aside, if every turn is a normal one."""
    drafts = sorted((variant.recipe.candidates for variant in challengers), reverse=True)
    calls, before = 0, 0
    for size in rungs(count):
        calls += sum(drafts) * (size - before)
        drafts, before = drafts[: (len(drafts) + 1) // 2], size
    return calls


def verdict(practice: Practice, held: Standing, found: Sequence[Standing], bar: float) -> Standing:
    """The best of those that are quick enough; the holder stays when none of them all is."""
    quick = [one for one in (held, *found) if one.seconds <= bar]
    if not quick:
        return held
    best = held if held in quick else max(quick, key=_value)
    for one in sorted(quick, key=_value, reverse=True):
        if best is held and practice.measures.gap(one.judged, held.judged, seed=practice.seed).low > 0:
            best = one
    equals = [one for one in quick if one.variant.cost < best.variant.cost and _level(practice, one, best)]
    return min(equals, key=lambda one: one.variant.cost, default=best)


def _ahead(practice: Practice, held: Standing, found: Sequence[Standing], bar: float) -> list[Standing]:
    """The better half of those that are quick enough and not plainly worse than the holder."""
    hopeful = [
        one
        for one in found
        if one.seconds <= bar
        and (held.seconds > bar or practice.measures.gap(one.judged, held.judged, seed=practice.seed).high >= 0)
    ]
    return sorted(hopeful, key=_value, reverse=True)[: (len(found) + 1) // 2]


def _level(practice: Practice, one: Standing, best: Standing) -> bool:
    """Whether the cheaper one is within a standard error of the best; the very same replies tell nothing of either."""
    if one.judged.heard.replies == best.judged.heard.replies:
        return False
    gap = practice.measures.gap(one.judged, best.judged, seed=practice.seed)
    error = (gap.high - gap.low) / _SPAN
    return _value(one) >= _value(best) - min(error, _MOST_GIVEN_UP)


def _value(one: Standing) -> float:
    return one.estimate.value
