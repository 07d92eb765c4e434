"""The tables of a topic measurement: shares in percent with counts and intervals, the halves side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evals.topics.results import HalfResult, Share, Slice

NOTHING = "–"
_ABREAST = 2  # halves that 80 columns hold


class Figures(NamedTuple):
    """What is shown of a slice in each half: a share with its count and interval, and a lone share beside it."""

    main: str
    beside: str
    pick: Callable[[Slice], tuple[Share, Share]]


BLOCKED = Figures("blocked", "or\nunsure", lambda one: (one.blocked, one.noticed))
PRECISE = Figures("blocked", "precise", lambda one: (one.blocked, one.precision))
ALARMS = Figures("blocked", "unsure", lambda one: (one.alarms, one.doubts))
RECOGNISED = Figures("recognised", "alarms", lambda one: (one.blocked, one.alarms))


def half_tables(
    first: str, halves: Sequence[HalfResult], slices: Callable[[HalfResult], Sequence[Slice]], figures: Figures
) -> Iterator[Table]:
    """A row for each name that has cases in any half; two halves to a table, and none without cases."""
    by_half = [(half.half, {one.name: one for one in slices(half) if figures.pick(one)[0].of}) for half in halves]
    counted = [(name, rows) for name, rows in by_half if rows]
    for place in range(0, len(counted), _ABREAST):
        abreast = counted[place : place + _ABREAST]
        # An empty column sets the halves apart.
        heads = [head for half, _ in abreast for head in ("", half, figures.main, figures.beside)]
        table = plain_table(first, *heads, gap=0)
        for name in dict.fromkeys(name for _, rows in abreast for name in rows):
            cells = (cell for _, rows in abreast for cell in _cells(rows.get(name), figures))
            table.add_row(name.replace("_", " "), *cells)
        yield table


def _cells(one: Slice | None, figures: Figures) -> tuple[str, ...]:
    if one is None:
        return ("",) * 4
    main, beside = figures.pick(one)
    return "", f"{main.hits}/{main.of}", interval(main), percent(beside)


def plain_table(first: str, *rest: str, gap: int = 1) -> Table:
    """An empty table: names to the left, figures to the right, and `gap` more blanks than one between them."""
    table = Table(box=SIMPLE_HEAD, padding=(0, gap, 0, 0), pad_edge=False, show_edge=False, header_style="dim")
    table.add_column(first, overflow="fold", vertical="bottom")
    for name in rest:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def percent(found: Share) -> str:
    """The share in whole percent, without the sign."""
    return NOTHING if found.value is None else f"{100 * found.value:.0f}"


def interval(found: Share) -> str:
    """The share and its interval in whole percent."""
    if found.value is None:
        return NOTHING
    return f"{percent(found)} [{100 * found.low:.0f}, {100 * found.high:.0f}]"


def mark(reached: bool | None) -> Text:
    """Whether a bar is reached."""
    if reached is None:
        return Text(NOTHING)
    return Text("✓", style="green") if reached else Text("✗", style="red")
