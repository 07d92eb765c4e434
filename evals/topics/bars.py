"""What the filter should reach, beside what it reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.topics.results import Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from evals.topics.results import DisguiseResult, HalfResult, OrdinaryResult, Slice, Speed

NAMED_OUTRIGHT = ("plain", "slang", "url", "refusal")
MADE_UP = "made up"
_NAMES_RECALL = 0.97
_MEETINGS_PRECISION, _MEETINGS_BLOCKED, _MEETINGS_NOTICED = 0.9, 0.6, 0.9
_NAME_ALARMS, _MEETING_ALARMS = 2.0, 10.0  # of 10,000
_AI_QUESTIONS = 1.0
_MILLISECONDS_P95 = 2.0


def bars_of(
    halves: Iterable[HalfResult],
    disguises: Sequence[DisguiseResult],
    ordinary: Iterable[OrdinaryResult],
    speed: Speed,
) -> tuple[Bar, ...]:
    """Every bar: those of labelled messages for each half, the rest once."""
    found = [bar for half in halves for bar in _of_half(half)]
    found += _of_disguises(disguises)
    for one in ordinary:
        if one.name == MADE_UP:  # real talk holds real mentions, which are to be audited first
            found.append(_at_most("ordinary messages blocked for names, per 10,000", one.names.value, _NAME_ALARMS))
            found.append(
                _at_most("ordinary messages blocked for meetings, per 10,000", one.meetings.value, _MEETING_ALARMS)
            )
    found.append(
        Bar(
            what="milliseconds a message, p95",
            half="",
            figure=speed.p95 if speed.messages else None,
            bar=_MILLISECONDS_P95,
            least=False,
            is_share=False,
            reached=speed.p95 <= _MILLISECONDS_P95 if speed.messages else None,
        )
    )
    return tuple(found)


def _of_half(half: HalfResult) -> Iterator[Bar]:
    by_technique = {one.name: one for one in half.name_techniques}
    for technique in NAMED_OUTRIGHT:
        if one := by_technique.get(technique):
            yield _at_least(f"names blocked, {technique}", half.half, one.blocked.value, _NAMES_RECALL)
    if _is_measured(half.meetings):
        met = half.meetings
        yield _at_least("meetings, precision", half.half, met.precision.value, _MEETINGS_PRECISION)
        yield _at_least("meetings blocked", half.half, met.blocked.value, _MEETINGS_BLOCKED)
        yield _at_least("meetings blocked or unsure", half.half, met.noticed.value, _MEETINGS_NOTICED)
    for one in half.safety:
        if one.name == "ai_question":
            yield _at_least("AI questions recognised", half.half, one.blocked.value, _AI_QUESTIONS)


def _of_disguises(disguises: Sequence[DisguiseResult]) -> Iterator[Bar]:
    """The worst technique of each bar: what holds for it holds for all."""
    for bar in sorted({one.bar for one in disguises}, reverse=True):
        with_share = [(one.blocked.value, one.technique) for one in disguises if one.bar == bar]
        shares = [(value, technique) for value, technique in with_share if value is not None]
        if shares:
            value, technique = min(shares)
            yield _at_least(f"disguised names blocked, worst: {technique}", "", value, bar)


def _is_measured(one: Slice) -> bool:
    return one.blocked.of > 0


def _at_least(what: str, half: str, figure: float | None, bar: float) -> Bar:
    return Bar(what=what, half=half, figure=figure, bar=bar, reached=None if figure is None else figure >= bar)


def _at_most(what: str, share: float | None, bar: float) -> Bar:
    figure = None if share is None else 10_000 * share
    reached = None if figure is None else figure <= bar
    return Bar(what=what, half="", figure=figure, bar=bar, least=False, is_share=False, reached=reached)
