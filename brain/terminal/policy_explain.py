"""A verdict in words, with the place in the text that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from brain.policy.fold import fold
from brain.sanitise import display
from brain.terminal.console import build_console
from brain.terminal.rule_words import rule_in_words

if TYPE_CHECKING:
    from rich.console import Console

    from brain.models import Verdict
    from brain.terminal.policy_text import Checked

_MARGIN = 2


def explain(checked: Checked, *, fan: bool, console: Console | None = None) -> None:
    """Prints the verdict, the text with its span marked, and what speaks for it; `fan` for the other person's text."""
    console = console or build_console(soft_wrap=True)
    verdict = checked.verdict
    console.print(_headline(verdict, fan=fan))
    if verdict.evidence:
        for line in marked(checked.text, verdict.start, verdict.end, console.width - _MARGIN):
            console.print(Text(" " * _MARGIN + line))
    for name, value in _facts(verdict):
        console.print(Text(f"  {name:<10}  {value}"))


def _headline(verdict: Verdict, *, fan: bool) -> Text:
    why = f": it {rule_in_words(verdict.rule)}" if verdict.rule else ""
    if not verdict.allowed:
        return Text.assemble(("✗ Blocked", "red"), f"{why}.")
    if fan and verdict.unsure:
        return Text.assemble(("✓ Allowed", "green"), f", as all that the other person says. To look out for{why}.")
    if fan and verdict.rule:
        return Text.assemble(
            ("✓ Allowed", "green"), f", as all that the other person says; goes ahead of the voice{why}."
        )
    if verdict.unsure:
        return Text.assemble(("? Allowed, but unsure", "yellow"), f"{why}. A judge would be asked.")
    return Text.assemble(("✓ Allowed", "green"), ".")


def marked(text: str, start: int, end: int, columns: int) -> tuple[str, str]:
    """The text on one line, cut to so many columns around its span, and a line with carets under the span."""
    before, found, after = (_one_line(part) for part in (text[:start], text[start:end], text[end:]))
    found = _cut(found, columns)
    room = max(columns - cell_len(found), 0)
    left = min(cell_len(before), max(room // 2, room - cell_len(after)))
    before = _cut(before[::-1], left)[::-1]
    return before + found + _cut(after, room - left), " " * cell_len(before) + "^" * max(cell_len(found), 1)


def _one_line(text: str) -> str:
    return display(text).replace("\n", " ").replace("\t", " ")


def _cut(text: str, columns: int) -> str:
    """As much as fits, an ellipsis in place of the rest."""
    if cell_len(text) <= columns:
        return text
    kept = ""
    for char in text:
        if cell_len(kept + char) >= columns:
            break
        kept += char
    return f"{kept}…"[: max(columns, 0)]


def _facts(verdict: Verdict) -> list[tuple[str, str]]:
    if verdict.layer == "none":
        return []
    read = fold(verdict.evidence).text
    facts = [("category", verdict.category or "none"), ("layer", verdict.layer), ("rule", verdict.rule or "none")]
    if read and read != verdict.evidence.casefold():
        facts.append(("read as", display(read)))
    return [*facts, ("confidence", f"{verdict.confidence:.2f}")]
