"""The style card: a few facts about how the client writes, learned from their replies and checkable against them.

The features are those of `brain.style`, which the voice measure explains itself with. A fact is on the card when the
client differs in it from the people they talk with by a third of a standard deviation or more (Cohen's d), the largest
difference first. Words of theirs are those whose log-odds against the other party's are highest, with an informative
Dirichlet prior (Monroe, Colaresi and Quinn 2008).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from brain.emoji import EMOJI
from brain.style import FEATURES, style_features

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from brain.style import Feature

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MOST_FACTS = 6
_DIFFERS = 1 / 3
_MOST_READ = 2_000
_FEWEST = 10
_WORDS = 8
_EMOJI = 5
_PRIOR = 500.0  # words
_SIGNIFICANT = 2.58  # z of the log-odds: one in a hundred by chance
_UNTOLD = {
    "characters",
    "word_length",
    "sentences",
    "lines",
    "words",
    "capitals",
    "wide_spaces",
}  # said by others, or by nobody
_NEVER, _TENTH = 0.03, 0.1


def learn_card(own: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """Facts about the client's replies, each one short clause; empty with fewer than ten replies."""
    if len(own) < _FEWEST:
        return ()
    own, other = own[:_MOST_READ], other[:_MOST_READ]
    facts = [_length(own), *_habits(own, other)]
    if pictures := _used(EMOJI.findall("\n".join(own)), len(own)):
        facts.append(f"emoji of theirs: {' '.join(pictures)}")
    if words := _words(own, other):
        facts.append(f"words of theirs: {', '.join(words)}")
    return tuple(facts)


def _length(own: Sequence[str]) -> str:
    low, middle, high = np.quantile([len(reply.split()) for reply in own], [0.25, 0.5, 0.75])
    return f"about {middle:.0f} words a message, half of them {low:.0f} to {high:.0f}"


def _habits(own: Sequence[str], other: Sequence[str]) -> list[str]:
    theirs = style_features(own)
    mean = theirs.mean(axis=0)
    usual = np.array([feature.spread for feature in FEATURES])
    if len(other) >= _FEWEST:
        others = style_features(other)
        spread = np.maximum(np.sqrt((theirs.var(axis=0) + others.var(axis=0)) / 2), usual / 2)
        gap = (mean - others.mean(axis=0)) / spread
    else:
        gap = mean / usual
    order = [at for at in np.argsort(-np.abs(gap)) if abs(gap[at]) >= _DIFFERS]
    told = [_told(FEATURES[at], float(mean[at])) for at in order if FEATURES[at].name not in _UNTOLD]
    return [fact for fact in told if fact][:_MOST_FACTS]


def _told(feature: Feature, mean: float) -> str:
    if feature.kind == "share":
        if mean <= _NEVER:
            return f"almost never {feature.noun}"
        return f"{feature.noun} in {mean * 10:.0f} of 10 messages" if mean >= _TENTH else ""
    if feature.kind == "count":
        return f"{mean:.1f} {feature.noun} a message" if mean >= _TENTH else f"almost no {feature.noun}"
    if feature.kind == "rate":
        return f"{mean * 100:.0f} {feature.noun} in 100 words"
    return f"{mean:.1f} {feature.noun}"


def _used(pictures: Iterable[str], replies: int) -> list[str]:
    return [picture for picture, count in Counter(pictures).most_common(_EMOJI) if count * 100 >= replies]


def _words(own: Sequence[str], other: Sequence[str]) -> list[str]:
    mine, others = _counted(own), _counted(other)
    both = mine + others
    size, whole = sum(both.values()), (sum(mine.values()), sum(others.values()))
    if not all(whole) or len(both) == 1:
        return []
    found: list[tuple[float, str]] = []
    for word, count in mine.items():
        prior = _PRIOR * both[word] / size
        odds = [
            np.log((side[word] + prior) / (total + _PRIOR - side[word] - prior))
            for side, total in ((mine, whole[0]), (others, whole[1]))
        ]
        z = float((odds[0] - odds[1]) / np.sqrt(1 / (count + prior) + 1 / (others[word] + prior)))
        if z >= _SIGNIFICANT:
            found.append((z, word))
    return [word for _, word in sorted(found, reverse=True)[:_WORDS]]


def _counted(texts: Sequence[str]) -> Counter[str]:
    """In how many texts each word stands."""
    return Counter(word for text in texts for word in {found.casefold() for found in _WORD.findall(text)})
