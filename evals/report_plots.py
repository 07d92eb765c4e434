"""The pictures of a report, as SVG that scales with the page: positions are percentages, colours are the page's."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.results import EvalResult, SystemScore

_LOWEST = -1.0  # headlines below this lie off the left edge, and an arrow says so
_HEIGHT, _MIDDLE = 18, 9
_ROWS_OF_DOTS = 3
_MOST_DOTS = 200
_WORDS = 20  # the scale of words is a multiple of this
_DECILES = (0.1, 0.9)


_OFF = '<text class="point off" x="0%" y="13">◂</text>'


class Scale(NamedTuple):
    """From a value to a place on the page, in percent."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """0.0 to 100.0; what lies outside stands at the edge."""
        share = (value - self.low) / max(self.high - self.low, 1e-9)
        return round(100 * min(max(share, 0.0), 1.0), 2)


class Dots(NamedTuple):
    """One row of a plot: whose, and a value a reply."""

    system: str
    name: str
    values: Sequence[float]


def headline_scale(scores: Sequence[SystemScore]) -> Scale:
    """The scale that all intervals share: from the lowest of them, within reason, to 1."""
    lows = [score.low for score in scores if score.low is not None]
    return Scale(max(_LOWEST, min([*lows, -0.1]) - 0.05), 1.05)


def interval_bar(score: SystemScore, scale: Scale) -> str:
    """A headline as a point on its interval; nothing but the rules when there is none."""
    rules = _rule(scale.place(0), "rule") + _rule(scale.place(1), "rule one")
    if score.headline is None or score.low is None or score.high is None:
        return f'<svg aria-hidden="true">{rules}</svg>'
    low, high, point = (scale.place(value) for value in (score.low, score.high, score.headline))
    words = f"headline {score.headline:.2f}, from {score.low:.2f} to {score.high:.2f}"
    return (
        f'<svg role="img" aria-label="{escape(words)}">{rules}'
        f'<line class="whisker" x1="{low}%" x2="{high}%" y1="{_MIDDLE}" y2="{_MIDDLE}"/>'
        f"{_point(point) if score.headline >= scale.low else _OFF}</svg>"
    )


def axis(scale: Scale, ticks: Sequence[tuple[float, str]]) -> str:
    """Words under a scale."""
    texts = []
    for value, words in ticks:
        at = scale.place(value)
        anchor = "start" if at < 8 else "end" if at > 92 else "middle"
        texts.append(f'<text class="axis" x="{at}%" y="11" text-anchor="{anchor}">{escape(words)}</text>')
    return f'<svg aria-hidden="true">{"".join(texts)}</svg>'


def _point(at: float) -> str:
    return f'<circle class="point" cx="{at}%" cy="{_MIDDLE}" r="5"/>'


def _rule(at: float, side: str) -> str:
    return f'<line class="{side}" x1="{at}%" x2="{at}%" y1="0" y2="{_HEIGHT}"/>'


def distributions(result: EvalResult) -> str:
    """Words, voice rank and fit rank of every reply, a row a system, over the band of the client's own."""
    words = [_values(result, score.system, "words") for score in result.scores if score.system != "echo"]
    most = max([*(float(np.quantile(values, 0.95)) for values in words if values), 1.0])
    longest = float(np.ceil(most / _WORDS) * _WORDS)
    ranks = ((0, "0"), (0.5, "0.5"), (1, "1"))
    return (
        _plot(
            result,
            "words",
            "Words a reply",
            _usual(result.own_words),
            result.own_words,
            Scale(0, longest),
            _steps(longest),
        )
        + _plot(
            result, "voice_rank", "Voice", "0.5 could be the other party", result.own_voice_ranks, Scale(0, 1), ranks
        )
        + _plot(result, "fit_rank", "Fit", "0.5 is a random reply of theirs", result.own_fit_ranks, Scale(0, 1), ranks)
    )


def _plot(
    result: EvalResult,
    field: str,
    title: str,
    hint: str,
    own: Sequence[float],
    scale: Scale,
    ticks: Sequence[tuple[float, str]],
) -> str:
    low, high = np.quantile(own, _DECILES) if own else (0.0, 0.0)
    band = scale.place(float(low)), scale.place(float(high))
    rows = [Dots(score.system, score.name, _values(result, score.system, field)) for score in result.scores]
    drawn = "".join(_row(row, scale, band) for row in rows)
    caption = f'<h3>{escape(title)}</h3><span class="hint">{escape(hint)}</span>'
    scaled = f'<div class="scale">{axis(scale, ticks)}</div>'
    return f'<figure class="plot"><figcaption>{caption}</figcaption>{drawn}{scaled}</figure>'


def _row(row: Dots, scale: Scale, band: tuple[float, float]) -> str:
    low, high = band
    shown = list(row.values)[:_MOST_DOTS]
    dots = "".join(
        f'<circle class="dot" cx="{scale.place(value)}%" cy="{_MIDDLE + 4 * (at % _ROWS_OF_DOTS - 1)}" r="2.6"/>'
        for at, value in enumerate(shown)
    )
    middle = float(np.median(row.values)) if row.values else 0.0
    at = scale.place(middle)
    words = f"{row.name}: median {middle:.2f}" if middle % 1 else f"{row.name}: median {middle:.0f}"
    side = " ours" if row.system == "ours" else ""
    return (
        f'<div class="row{side}"><span>{escape(row.name)}</span><svg role="img" aria-label="{escape(words)}">'
        f'<rect class="band" x="{low}%" width="{max(high - low, 0.5):.2f}%" y="0" height="{_HEIGHT}"/>{dots}'
        f'<line class="median" x1="{at}%" x2="{at}%" y1="1" y2="{_HEIGHT - 1}"/></svg></div>'
    )


def _usual(words: Sequence[int]) -> str:
    return f"the client’s median is {np.median(words):.0f}" if words else ""


def _values(result: EvalResult, system: str, field: str) -> list[float]:
    return [
        float(getattr(answer.judgement, field))
        for prompt in result.prompts
        for answer in prompt.answers
        if answer.system == system
    ]


def _steps(longest: float) -> list[tuple[float, str]]:
    return [(longest * part / 4, f"{longest * part / 4:.0f}") for part in range(5)]
