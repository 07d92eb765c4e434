"""An evaluation on screen: tables of 80 columns, the worst replies with reasons, and the differences in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from brain.sanitise import display
from brain.terminal.console import build_console
from evals.compare import OURS, REAL, sentence, word, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from evals.compare import Shown
    from evals.results import EvalResult, SystemScore

_WORST = 3
_NOTHING = "–"
_LONGEST = 240
_LABEL = 9
_LONGEST_NAME = 19
_STYLES = {"better": "green", "worse": "red", "level": "dim"}


def print_result(result: EvalResult, console: Console | None = None) -> None:
    """Everything for people, on standard output."""
    console = console or build_console()
    asked = f" on {result.model}: {len(result.prompts)} prompts it has not seen, seed {result.seed}"
    console.print(Text.assemble((result.voice, "bold"), asked))
    if result.refused:
        console.print(Text(f"No headline: {result.refused}.", style="yellow"))
    tables = [_quality(result.scores), _behaviour(result.scores)]
    if any(score.ours_ahead_by for score in result.scores):
        tables.insert(1, _differences(result))
    for table in tables:
        console.print()
        console.print(table)
    console.print()
    for note in (*result.notes, _LEGEND, _spread(result)):
        if note:
            console.print(Text(note, style="dim"))
    if sentence(result, "against"):
        console.print()
        console.print(Text(sentence(result, "against"), style="bold"))
    _print_words(console, result)


def _spread(result: EvalResult) -> str:
    return f"Who 0 is: {result.spread}." if not result.refused else ""


_LEGEND = (
    "Voice: 0 is the other party, 1 the client. Fit: 0 is a random reply of theirs, 1 the real one. "
    "Headline: the harmonic mean of both. In brackets 95 %. Context: replies that deny the clock; filter: that the "
    "policy forbids. Calls, tokens in and out, and seconds are those of a turn."
)


def _quality(scores: Sequence[SystemScore]) -> Table:
    table = _table("", "voice", "style", "fit", "headline", "copies")
    for score in scores:
        table.add_row(
            score.name,
            _with_interval(score.voice, score.voice_low, score.voice_high),
            _figure(score.style_only),
            _figure(score.fit),
            _with_interval(score.headline, score.low, score.high),
            f"{score.copies:.0%}",
            style="bold" if score.system == OURS else None,
        )
    return table


def _differences(result: EvalResult) -> Table:
    mine = result.score(OURS)
    assert mine is not None, "there is a difference to it"
    table = _table(f"{mine.name} compared with", "ahead by", "which is")
    for score in result.scores:
        if (gap := score.ours_ahead_by) and score.system != REAL:
            said = word(gap)
            interval = f"{gap.value:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}]"
            table.add_row(score.name, interval, Text(said if said != "level" else "no clear difference", _STYLES[said]))
    return table


def _behaviour(scores: Sequence[SystemScore]) -> Table:
    table = _table("", "distinct", "empty", "context", "filter", "calls", "in", "out", "seconds")
    for score in scores:
        cost = (f"{score.lm_calls:.1f}", f"{score.prompt_tokens:.0f}", f"{score.completion_tokens:.0f}")
        table.add_row(
            score.name,
            f"{score.distinct:.0%}",
            f"{score.empty:.0%}",
            f"{score.context_violations:.0%}",
            f"{score.filter_violations:.0%}",
            *(cost if score.lm_calls else ("", "", "")),
            f"{score.seconds:.2f}" if score.lm_calls else "",
        )
    return table


def _print_words(console: Console, result: EvalResult) -> None:
    mine = result.score(OURS)
    assert mine is not None, "our program is always run"
    console.print()
    console.print(Text(f"The {_WORST} worst replies of {mine.name}", style="bold"))
    for number, shown in enumerate(worst(result, _WORST), start=1):
        console.print()
        _print_reply(console, number, shown)
    console.print()
    console.print(Text(f"How {mine.name} differs from the client", style="bold"))
    for flag in mine.flags:
        console.print(Text(f"  ! {flag}", style="yellow"))
    for line in mine.explanations or ("in nothing that these replies could show",):
        console.print(Padding(Text(f"· {line}"), (0, 0, 0, 2)))


def _print_reply(console: Console, number: int, shown: Shown) -> None:
    judgement = shown.given.judgement
    ranks = f"voice rank {judgement.voice_rank:.2f}, fit rank {judgement.fit_rank:.2f}"
    rows = (
        ("they said", shown.prompt.message, ""),
        ("reply", shown.given.answer.reply or "(nothing)", "bold"),
        ("real", shown.prompt.real, ""),
        ("why", "; ".join((*judgement.notes, ranks)), "dim"),
    )
    for label, text, style in rows:
        head = Text(f"{number}. " if label == "they said" else "   ")
        table = Table.grid(padding=(0, 1))
        table.add_column(width=3)
        table.add_column(width=_LABEL)
        table.add_column()
        table.add_row(head, Text(label, style="dim"), Text(_short(text), style=style))
        console.print(table)


def _table(first: str, *rest: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column(first, max_width=_LONGEST_NAME, overflow="fold")
    for name in rest:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _figure(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:.2f}"


def _with_interval(value: float | None, low: float | None, high: float | None) -> str:
    return _NOTHING if value is None else f"{value:.2f} [{low:.2f}, {high:.2f}]"


def _short(text: str) -> str:
    line = " / ".join(display(text).split("\n"))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
