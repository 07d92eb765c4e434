"""The words better and worse, used only where the interval of the difference excludes zero; and the worst replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from evals.fit import headline

if TYPE_CHECKING:
    from evals.results import EvalResult, Gap, JudgedAnswer, PromptResult

OURS, REAL = "ours", "real"


class Shown(NamedTuple):
    """One of the program's answers, and the prompt it answers."""

    prompt: PromptResult
    given: JudgedAnswer


def word(gap: Gap) -> str:
    """What may be said of ours beside another: `better`, `worse`, or `level` when zero lies in the interval."""
    if gap.low > 0:
        return "better"
    return "worse" if gap.high < 0 else "level"


def sentence(result: EvalResult, system: str) -> str:
    """How our program stands beside another system, with the numbers; empty when nothing can be said."""
    mine, other = result.score(OURS), result.score(system)
    if mine is None or other is None or other.ours_ahead_by is None:
        return ""
    gap = other.ours_ahead_by
    numbers = f"{gap.value:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}]"
    said = word(gap)
    if said == "level":
        return f"{mine.name} and {other.name} cannot be told apart on {mine.replies} prompts: {numbers}."
    return f"{mine.name} is {said} than {other.name}: {numbers}."


def worst(result: EvalResult, count: int, system: str = OURS) -> tuple[Shown, ...]:
    """The answers of a system that sound least like the client or suit the message least; flagged ones first."""
    shown = [Shown(prompt, answer) for prompt in result.prompts for answer in prompt.answers if answer.system == system]
    return tuple(sorted(shown, key=lambda one: merit(one.given))[:count])


def merit(given: JudgedAnswer) -> float:
    """How good one answer seems: from -1.0, nothing said, to 1.0. For putting in order; one reply has no score."""
    if not given.answer.reply.strip():
        return -1.0
    judgement = given.judgement
    return headline(judgement.voice_rank, judgement.fit_rank) - 0.5 * bool(judgement.flags)
