"""A measurement of the topic filter on screen, in 80 columns: first what is reached, then why, at the end mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from brain.terminal.console import build_console
from evals.topics.bars import MADE_UP
from evals.topics.cells import (
    ALARMS,
    BLOCKED,
    NOTHING,
    PRECISE,
    RECOGNISED,
    half_tables,
    interval,
    mark,
    plain_table,
)
from evals.topics.mistakes import print_missed_disguises, print_mistakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from evals.topics.results import Bar, DisguiseResult, HalfResult, OrdinaryResult, Share, TopicResult

_SOURCES_SHOWN = 8
_AUDIT = "where people really name a platform it is no false alarm"
_VEILED = "Messages of the half proof stay unseen; `--half proof --worst N` shows them."
_LEGEND = (
    "All shares are in percent, in brackets 95 % after Wilson. Unsure is what a judge would be asked about. Precise "
    "is the share of violations in what was blocked."
)


def print_topics(result: TopicResult, *, worst: int, console: Console | None = None) -> None:
    """Everything for people, on standard output, with at most `worst` mistakes of each kind."""
    console = console or build_console()
    console.print(Text.assemble(("Topic filter", "bold"), f", policy version {result.policy}, judge {result.judge}"))
    _print_bars(console, result)
    _print_halves(console, result.halves)
    if result.disguises:
        _print_disguises(console, result)
    for ordinary in result.ordinary:
        _print_ordinary(console, ordinary)
    _print_section(console, "Safety", [*half_tables("", result.halves, lambda half: half.safety, RECOGNISED)])
    for half in result.halves:
        print_mistakes(console, f"Not blocked, half {half.half}", half.misses, worst)
        print_mistakes(console, f"False alarms, half {half.half}", half.alarms, worst)
    print_missed_disguises(console, _weak(result.disguises), worst)
    for ordinary in result.ordinary:
        title = f"Blocked in ordinary talk, {ordinary.name}"
        print_mistakes(console, title if ordinary.name == MADE_UP else f"{title} ({_AUDIT})", ordinary.flagged, worst)
    console.print()
    veiled = [_VEILED] if any(half.veiled for half in result.halves) else []
    for note in (_spent(result), *result.notes, *veiled, _LEGEND):
        console.print(Text(note, style="dim"))


def _print_bars(console: Console, result: TopicResult) -> None:
    halves = [half.half for half in result.halves]
    reached = sum(bar.reached is True for bar in result.bars)
    by_half: dict[str, dict[str, Bar]] = {}
    for bar in result.bars:
        if bar.half:
            by_half.setdefault(bar.what, {})[bar.half] = bar
    labelled = plain_table("", "bar", *(head for half in halves for head in (half, "")))
    for what, found in by_half.items():
        cells = [cell for half in halves for cell in _reached(found.get(half))]
        labelled.add_row(what, _bound(next(iter(found.values()))), *cells)
    rest = plain_table("", "bar", "", "")
    for bar in result.bars:
        if not bar.half:
            rest.add_row(bar.what, _bound(bar), *_reached(bar))
    tables = [table for table in (labelled, rest) if table.row_count]
    _print_section(console, f"{reached} of {len(result.bars)} bars reached", tables)


def _reached(bar: Bar | None) -> tuple[str, Text]:
    if bar is None:
        return "", Text()
    return NOTHING if bar.figure is None else _amount(bar.figure, bar), mark(bar.reached)


def _bound(bar: Bar) -> str:
    return f"{'≥' if bar.least else '≤'} {_amount(bar.bar, bar)}"


def _amount(figure: float, bar: Bar) -> str:
    return f"{100 * figure:.3g} %" if bar.is_share else f"{figure:.3g}"


def _print_halves(console: Console, halves: Sequence[HalfResult]) -> None:
    blocked = [
        *half_tables("names", halves, lambda half: (*half.name_techniques, half.names), BLOCKED),
        *half_tables("meetings", halves, lambda half: (*half.meeting_techniques, half.meetings), BLOCKED),
        *half_tables("category", halves, lambda half: (*half.categories, half.replies), PRECISE),
        *half_tables("raised by the other person", halves, lambda half: half.raised, RECOGNISED),
    ]
    _print_section(console, "Violations that were blocked", blocked)
    harmless = [
        *half_tables("like names", halves, lambda half: (*half.name_techniques, half.names), ALARMS),
        *half_tables("like meetings", halves, lambda half: (*half.meeting_techniques, half.meetings), ALARMS),
    ]
    _print_section(console, "Harmless messages that were blocked", harmless)
    _print_section(console, "Languages", [*half_tables("", halves, lambda half: half.languages, BLOCKED)])


def _print_disguises(console: Console, result: TopicResult) -> None:
    weak = _weak(result.disguises)
    table = plain_table("", "", "blocked", "bar")
    for one in weak:
        table.add_row(
            one.technique, f"{one.blocked.hits}/{one.blocked.of}", interval(one.blocked), f"{100 * one.bar:g}"
        )
    rest = [one for one in result.disguises if one not in weak and one.blocked.value is not None]
    console.print()
    console.print(Text(f"{result.disguised_names} names in {len(result.disguises)} disguises", style="bold"))
    if weak:
        console.print()
        console.print(table)
    if rest:
        least = min(rest, key=lambda one: one.blocked.low)
        every = "The others reach" if weak else "All reach"
        console.print()
        console.print(Text(f"{every} their bar; the least of them, {least.technique}: {interval(least.blocked)}."))


def _weak(disguises: Sequence[DisguiseResult]) -> list[DisguiseResult]:
    """Those below their bar, the lowest first."""
    with_share = [(one.blocked.value, one) for one in disguises if one.blocked.value is not None]
    return [one for value, one in sorted(with_share, key=lambda pair: pair[0]) if value < one.bar]


def _print_ordinary(console: Console, ordinary: OrdinaryResult) -> None:
    table = plain_table("", "messages", "per 10,000", "95 %")
    for name, found in (
        ("blocked for names", ordinary.names),
        ("blocked for meetings", ordinary.meetings),
        ("blocked at all", ordinary.blocked),
        ("not blocked, but unsure", ordinary.doubts),
    ):
        table.add_row(name, f"{found.hits:,}", *_per_10_000(found))
    _print_section(console, f"Ordinary talk, {ordinary.name}: {ordinary.blocked.of:,} messages", [table])
    sources = ", ".join(f"{name} {count:,}" for name, count in list(ordinary.sources.items())[:_SOURCES_SHOWN])
    console.print()
    console.print(Text(sources, style="dim"))


def _per_10_000(found: Share) -> tuple[str, str]:
    if found.value is None:
        return NOTHING, ""
    return f"{1e4 * found.value:.1f}", f"[{1e4 * found.low:.1f}, {1e4 * found.high:.1f}]"


def _print_section(console: Console, title: str, tables: Sequence[Table]) -> None:
    if not tables:
        return
    console.print()
    console.print(Text(title, style="bold"))
    for table in tables:
        console.print()
        console.print(table)


def _spent(result: TopicResult) -> str:
    speed = result.speed
    return f"{speed.messages:,} labelled messages: p50 {speed.p50:.2f} ms, p95 {speed.p95:.2f} ms a message."
