"""What an audit log adds up to."""

from __future__ import annotations

from collections import Counter, deque
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from brain.audit import AuditEntry
from brain.models import Value
from brain.sanitise import display
from brain.terminal.console import build_console

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAFETY = "safety"


class Counts(Value):
    """How often each thing happened; `safety` counts its routes (crisis, minor, AI question) by their rule.

    `rules` are those that blocked a draft or left doubt about it, `actions` what was done. `latest` are the last turns.
    """

    turns: int
    blocked: int
    unsure: int
    first: datetime | None
    last: datetime | None
    rules: dict[str, int]
    actions: dict[str, int]
    safety: dict[str, int]
    latest: tuple[AuditEntry, ...]


def counted(entries: Iterable[AuditEntry], *, last: int) -> Counts:
    """The counts of the entries, and the `last` of them themselves."""
    rules: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    safety: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    first: datetime | None = None
    newest: datetime | None = None
    latest: deque[AuditEntry] = deque(maxlen=last)
    for entry in entries:
        first, newest = first or entry.time, entry.time
        latest.append(entry)
        sums.update(turns=1, blocked=not entry.allowed, unsure=entry.unsure)
        (safety if entry.layer == _SAFETY else rules).update([entry.rule] if entry.rule else [])
        actions.update([entry.action] if entry.action != "none" else [])
    return Counts(
        turns=sums["turns"],
        blocked=sums["blocked"],
        unsure=sums["unsure"],
        first=first,
        last=newest,
        rules=dict(rules.most_common()),
        actions=dict(actions.most_common()),
        safety=dict(safety.most_common()),
        latest=tuple(latest),
    )


def print_counts(counts: Counts) -> None:
    """Prints the counts, then a turn a line."""
    console = build_console()
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    span = f", {counts.first:%Y-%m-%d} to {counts.last:%Y-%m-%d}" if counts.first and counts.last else ""
    table.add_row("turns", f"{counts.turns:,}{span}")
    table.add_row("not allowed", f"{counts.blocked:,}; unsure {counts.unsure:,}")
    for name, found in (("rules", counts.rules), ("done", counts.actions), ("safety routes", counts.safety)):
        table.add_row(name, Text(display("\n".join(f"{each} {count:,}" for each, count in found.items()) or "none")))
    console.print(table)
    if counts.latest:
        console.print(_turns(counts.latest))


def _turns(latest: Iterable[AuditEntry]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("time (UTC)", "talk", "verdict", "rule", "done"):
        table.add_column(name)
    for entry in latest:
        verdict = ("unsure" if entry.unsure else "clean") if entry.allowed else "not allowed"
        talk = (entry.conversation or "")[:8]
        done = "" if entry.action == "none" else entry.action
        row = (f"{entry.time:%m-%d %H:%M}", talk, verdict, entry.rule or "", done)
        table.add_row(*(Text(display(cell)) for cell in row))
    return table
