"""The tables of a report; on a phone each row becomes a small card, which is why cells carry their labels."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from evals.compare import REAL, word
from evals.report_plots import axis, headline_scale, interval_bar
from evals.report_replies import shown

if TYPE_CHECKING:
    from evals.results import EvalResult, SystemScore

_NOTHING = "–"


def score_table(result: EvalResult) -> str:
    scale = headline_scale(result.scores)
    body = "".join(
        f'<tr class="{escape(score.system)}"><th scope="row">{shown(score.name)}</th>'
        f'<td class="bars">{interval_bar(score, scale)}</td>{_cells(score)}</tr>'
        for score in result.scores
    )
    heads = "".join(
        f'<th class="n" scope="col">{name}</th>'
        for name in ("headline", "voice", "style only", "fit", "copies", "ours ahead by")
    )
    ticks = axis(scale, ((0, "0"), (1, "1")))
    return (
        f'<table><thead><tr><th scope="col">system</th><th class="bars" scope="col">{ticks}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _cells(score: SystemScore) -> str:
    gap = score.ours_ahead_by
    ahead = ""
    if gap and score.system != REAL:
        interval = f"{number(gap.value, signed=True)} [{number(gap.low, signed=True)}, {number(gap.high, signed=True)}]"
        ahead = f'<span class="{word(gap)}">{interval}</span>'
    cells = (
        ("headline", number(score.headline)),
        ("voice", number(score.voice)),
        ("style only", number(score.style_only)),
        ("fit", number(score.fit)),
        ("copies", f"{score.copies:.0%}"),
        ("ours ahead by", ahead),
    )
    return "".join(f'<td class="n" data-label="{label}">{value}</td>' for label, value in cells)


def behaviour_table(result: EvalResult) -> str:
    heads = ("distinct", "empty", "context", "filter", "LM calls", "tokens in", "tokens out", "seconds")
    rows = []
    for score in result.scores:
        shares = (score.distinct, score.empty, score.context_violations, score.filter_violations)
        cost = (
            (
                f"{score.lm_calls:.1f}",
                f"{score.prompt_tokens:.0f}",
                f"{score.completion_tokens:.0f}",
                f"{score.seconds:.2f}",
            )
            if score.lm_calls
            else ("",) * 4
        )
        cells = "".join(
            f'<td class="n" data-label="{head}">{value}</td>'
            for head, value in zip(heads, (*(f"{share:.0%}" for share in shares), *cost), strict=True)
        )
        rows.append(f'<tr class="{escape(score.system)}"><th scope="row">{shown(score.name)}</th>{cells}</tr>')
    head = "".join(f'<th class="n" scope="col">{name}</th>' for name in heads)
    return (
        '<p class="lead">Context: replies that deny the clock. Filter: replies that the policy forbids. '
        "The rest is per turn.</p>"
        f'<table><thead><tr><th scope="col">system</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def number(value: float | None, *, signed: bool = False) -> str:
    """Two digits and a true minus sign; a dash for nothing."""
    if value is None:
        return _NOTHING
    return (f"{value:+.2f}" if signed else f"{value:.2f}").replace("-", "−")
