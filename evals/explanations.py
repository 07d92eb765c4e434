"""Why a group of replies does not read like the client, in words with numbers.

Every style feature is compared by the test of Mann and Whitney (1947); Benjamini and Hochberg (1995) keep the false
discoveries to one in twenty, and a difference of less than 0.3 standard deviations (Cohen's d) is not worth a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from brain.style import FEATURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from brain.style import Feature

_FALSE_DISCOVERIES = 0.05
_SMALLEST_EFFECT = 0.3
_MOST = 6
_FEWEST_OWN = 20
_ONE_IN = 0.01
_MOST_NOTES = 3
_ONE_REPLY = (
    "words",
    "lines",
    "emoji",
    "emoticons",
    "exclaims",
    "questions",
    "ellipses",
    "links",
    "shouts",
    "mentions",
)
_POSITION = {feature.name: at for at, feature in enumerate(FEATURES)}
_SAID_BY = {
    "characters": {"words"},
    "sentences": {"words"},
    "lines": {"words"},
    "ends_exclaim": {"exclaims"},
    "ends_question": {"questions"},
    "ends_ellipsis": {"ellipses"},
    "ends_emoji": {"emoji", "emoticons"},
    "repeated_marks": {"exclaims", "questions"},
    "starts_small": {"all_small"},
    "small_starts": {"all_small", "sentences", "words"},
    "capitals": {"all_small", "starts_small"},
    "ends_bare": {"ends_stop"},
    "all_small": {"starts_small"},
}


def explanations(group: NDArray[np.float64], own: NDArray[np.float64]) -> tuple[str, ...]:
    """The differences that are real, the largest first, at most six; both are style features, shape (n, features).

    Empty when either group is.
    """
    if not len(group) or not len(own):
        return ()
    effects = _effects(group, own)
    real = _discoveries(group, own) & (np.abs(effects) > _SMALLEST_EFFECT)
    told: dict[str, str] = {}
    for at in sorted(np.flatnonzero(real), key=lambda at: -abs(effects[at])):
        feature = FEATURES[at]
        if not _SAID_BY.get(feature.name, set()) & set(told):
            told[feature.name] = in_words(feature, group[:, at], own[:, at], more=bool(effects[at] > 0))
    return tuple(told.values())[:_MOST]


def in_words(feature: Feature, group: NDArray[np.float64], own: NDArray[np.float64], *, more: bool) -> str:
    """One difference: `too long: median 31 words, theirs 14`."""
    mean, theirs = float(group.mean()), float(own.mean())
    if feature.kind == "size":
        middle, usual = float(np.median(group)), float(np.median(own))
        said = feature.more if more else feature.less
        if middle != usual and feature.name != "word_length":
            return f"{said}: median {middle:.0f} {feature.noun}, theirs {usual:.0f}"
        return f"{said}: {mean:.1f} {feature.noun} on average, theirs {theirs:.1f}"
    if feature.kind == "share":
        said = f"{_share(mean)} messages" if mean else "no message"
        return f"{feature.noun} in {said}, theirs {_share(theirs) or 'none'}"
    each, scale = ("a message", 1.0) if feature.kind == "count" else (_per_hundred(feature), 100.0)
    if mean == 0:
        return f"no {feature.noun} where they use {_number(theirs * scale)} {each}"
    if theirs == 0:
        return f"{feature.noun} where they use none: {_number(mean * scale)} {each}"
    return f"{feature.more if more else feature.less}: {_number(mean * scale)} {each}, theirs {_number(theirs * scale)}"


def outliers(features: NDArray[np.float64], own: NDArray[np.float64]) -> list[str]:
    """What at most one in a hundred of the client's own replies has, of a single reply; at most three notes.

    `features` has shape (features,), `own` (n, features). Silent below 20 own replies.
    """
    if len(own) < _FEWEST_OWN:
        return []
    notes: list[str] = []
    for name in _ONE_REPLY:
        at = _POSITION[name]
        noun, value, theirs = FEATURES[at].noun, features[at], own[:, at]
        if FEATURES[at].kind != "size":
            if value > 0 and (theirs >= value).mean() <= _ONE_IN:
                notes.append(f"{noun}: {value:.0f}, which they hardly ever have")
        elif min((theirs >= value).mean(), (theirs <= value).mean()) <= _ONE_IN:
            low, high = np.quantile(theirs, [0.05, 0.95])
            notes.append(f"{value:.0f} {noun}, theirs {low:.0f} to {high:.0f} in 9 of 10")
    return notes[:_MOST_NOTES]


def _effects(group: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cohen's d of each feature, positive where the group has more."""
    spread = np.sqrt((group.var(axis=0) + own.var(axis=0)) / 2)
    gap = group.mean(axis=0) - own.mean(axis=0)
    return np.where(spread > 0, gap / np.where(spread > 0, spread, 1.0), np.sign(gap) * 10)


def _discoveries(group: NDArray[np.float64], own: NDArray[np.float64]) -> NDArray[np.bool_]:
    varied = np.flatnonzero(np.ptp(np.vstack([group, own]), axis=0) > 0)
    found = np.zeros(group.shape[1], bool)
    if len(varied):
        chances = stats.mannwhitneyu(group[:, varied], own[:, varied], method="asymptotic", axis=0).pvalue
        found[varied] = stats.false_discovery_control(chances) < _FALSE_DISCOVERIES
    return found


def _share(share: float) -> str:
    """In words a reader counts with; empty for none."""
    if share in {0.0, 1.0}:
        return "all" if share else ""
    if share < 0.05:
        return f"1 of {round(1 / share)}"
    return f"{max(share * 10, 1):.0f} of 10" if share < 0.95 else f"{min(share * 100, 99):.0f} of 100"


def _per_hundred(feature: Feature) -> str:
    return "in 100 letters" if feature.name == "capitals" else "in 100 words"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 else f"{value:.2f}"
