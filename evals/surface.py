"""How far a group of replies lies from the client's own in what meets the eye: length, emoji, casing, punctuation.

Every distance is 0.0 (alike) to 1.0 (nothing in common), of groups and never of a single reply. Word overlap with the
real reply is left out on purpose: echoing the other person wins it.
"""

from __future__ import annotations

import re
from collections import Counter
from math import fsum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EMOJI = re.compile(  # as a reader counts them: a keycap, a flag, or a picture with all that is joined to it
    "[0-9#*]\ufe0f?\u20e3"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    "|[\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
    "(?:\u200d.[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
_ENDINGS = ".?!…"
_MANY = 3


class SurfaceDistance(NamedTuple):
    """Four distances between two groups of replies, each 0.0 to 1.0, lower is nearer."""

    length: float
    emoji: float
    casing: float
    punctuation: float


def surface_distance(replies: Sequence[str], own: Sequence[str]) -> SurfaceDistance:
    """Of the replies to the client's own. Raises ValueError for an empty group."""
    if not replies or not own:
        raise ValueError("a distance needs replies on both sides")
    return SurfaceDistance(
        length=kolmogorov_smirnov([len(reply.split()) for reply in replies], [len(reply.split()) for reply in own]),
        emoji=total_variation(replies, own, _emoji_count),
        casing=total_variation(replies, own, _casing),
        punctuation=total_variation(replies, own, _ending),
    )


def kolmogorov_smirnov(left: Sequence[float], right: Sequence[float]) -> float:
    """The largest gap between two empirical distribution functions (Smirnov 1939), 0.0 to 1.0."""
    points = np.union1d(left, right)
    below = [np.searchsorted(np.sort(side), points, side="right") / len(side) for side in (left, right)]
    return float(np.abs(below[0] - below[1]).max())


def total_variation(left: Sequence[str], right: Sequence[str], kind: Callable[[str], str]) -> float:
    """Half the summed difference of the shares of each kind, 0.0 to 1.0."""
    shares = [{name: count / len(side) for name, count in Counter(map(kind, side)).items()} for side in (left, right)]
    return 0.5 * fsum(abs(shares[0].get(name, 0.0) - shares[1].get(name, 0.0)) for name in {*shares[0], *shares[1]})


def _emoji_count(reply: str) -> str:
    return str(min(len(_EMOJI.findall(reply)), _MANY))


def _casing(reply: str) -> str:
    letters = [char for char in reply if char.isalpha()]
    if not any(char.isupper() for char in letters):
        return "all lower"
    return "starts upper" if letters[0].isupper() else "starts lower"


def _ending(reply: str) -> str:
    last = _EMOJI.sub("", reply).rstrip()[-1:]
    return f"{last if last and last in _ENDINGS else 'none'}{' , ' if ',' in reply else ''}"
