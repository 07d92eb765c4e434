"""Voice and fit together: how good the replies to a set of prompts are, and how sure that is.

For reports and optimizers alike: fit the measures on conversations that the program has not seen, then ask for the
headline of any list of replies, or for the interval of the difference between two lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evals.fit import FitMeasure, fit_measure, headline
from evals.voice import CEILING, Heard, VoiceMeasure, voice_of, widening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from brain.demos import Embedder
    from brain.models import LabeledConversation
    from evals.cases import Case

RESAMPLES = 600
_TAILS = (0.025, 0.975)


class Estimate(NamedTuple):
    """A headline with its 95 % interval, and the voice and fit it is the harmonic mean of.

    `voice` is at most 1.25 and `fit` has no limit; both are 1 for the client and may be negative. `value` is at most 1.
    """

    value: float
    low: float
    high: float
    voice: float
    fit: float


class Interval(NamedTuple):
    """The 95 % interval of a difference; it says something when 0 lies outside."""

    low: float
    high: float


class Judged(NamedTuple):
    """Replies to a set of prompts as both measures hear them, and the ranks of the real replies to the same prompts."""

    heard: Heard
    ranks: NDArray[np.float64]
    real: NDArray[np.float64]


class Measures(NamedTuple):
    """Both measures of one client."""

    voice: VoiceMeasure
    fit: FitMeasure

    @classmethod
    def of(cls, conversations: Sequence[LabeledConversation], embed: Embedder, *, seed: int = 0) -> Measures:
        """Fitted on these conversations: a few seconds. Raises DataError when a side says nothing in them."""
        return cls(voice_of(conversations, seed=seed), fit_measure(conversations, embed, seed=seed))

    @property
    def refused(self) -> str | None:
        """Why a headline of this client means nothing; None where it does. Values are still computed."""
        return self.voice.refused or self.fit.refused

    def headline(self, cases: Sequence[Case], replies: Sequence[str], *, seed: int = 0) -> Estimate:
        """How good these replies to these prompts are. Raises ValueError without one."""
        return self.estimate(self.judge(cases, replies), seed=seed)

    def difference(self, cases: Sequence[Case], a: Sequence[str], b: Sequence[str], *, seed: int = 0) -> Interval:
        """The interval of headline of `a` - headline of `b`, both being replies to the same prompts."""
        return self.gap(self.judge(cases, a), self.judge(cases, b), seed=seed)

    def judge(self, cases: Sequence[Case], replies: Sequence[str]) -> Judged:
        """What everything else is computed from; one reply a prompt."""
        asked = [case.conversation for case in cases]
        real = self.fit.ranks(asked, [case.real for case in cases])
        return Judged(self.voice.hear(replies), self.fit.ranks(asked, replies), real)

    def fit_of(self, judged: Judged, take: NDArray[np.intp] | None = None) -> float:
        """0 a random reply of theirs, 1 their real replies to the same prompts."""
        ranks, real = (judged.ranks, judged.real) if take is None else (judged.ranks[take], judged.real[take])
        return self.fit.scale(ranks, real=real)

    def estimate(self, judged: Judged, *, seed: int = 0) -> Estimate:
        """By bootstrap over the prompts, voice and fit drawn together, widened like the voice's own interval."""
        voice, fit = self.voice.voice(judged.heard), self.fit_of(judged)
        value = headline(voice, fit)
        low, high = np.quantile(self._resampled(judged, seed), _TAILS)
        wider = widening(self.voice.n)
        return Estimate(
            value,
            value - wider * max(value - float(low), 0.0),
            min(value + wider * max(float(high) - value, 0.0), 1.0),
            min(voice, CEILING),
            fit,
        )

    def gap(self, a: Judged, b: Judged, *, seed: int = 0) -> Interval:
        """By paired bootstrap: both are drawn for the same prompts, so that hard prompts are hard for both."""
        low, high = np.quantile(self._resampled(a, seed) - self._resampled(b, seed), _TAILS)
        return Interval(float(low), float(high))

    def _resampled(self, judged: Judged, seed: int) -> NDArray[np.float64]:
        """Headlines of drawn sets of prompts, the same sets for the same seed; shape (RESAMPLES,)."""
        count = len(judged.ranks)
        takes = np.random.default_rng(seed).integers(0, count, (RESAMPLES, count))
        return np.array([headline(self.voice.voice(judged.heard, take), self.fit_of(judged, take)) for take in takes])
