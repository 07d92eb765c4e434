"""One trial of the voice measure: one client, so many examples, impostors it has never heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evals.gaming import gaming_groups
from evals.separability import ranks
from evals.speakers import some_of, unheard
from evals.voice import Heard, voice_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from evals.speakers import Speaker
    from evals.voice import VoiceMeasure

GROUP_SIZES = (10, 50)
ALL = 0


class Size(NamedTuple):
    """What groups of one size showed. `own` and `others` are voice scores, `covered` the share of intervals with 1."""

    auc: float
    own: float
    others: float
    covered: float
    false_alarms: float
    others_high: float


class Gamed(NamedTuple):
    """One set of the gaming table."""

    voice: float
    flags: tuple[str, ...]
    explanations: tuple[str, ...]

    @property
    def caught(self) -> bool:
        """Flagged by name, or below 0.5."""
        return bool(self.flags) or self.voice < 0.5


class Trial(NamedTuple):
    """The results for one client with so many examples (0 is all); `sizes` goes with GROUP_SIZES."""

    client: str
    examples: int
    auc_single: float
    sizes: tuple[Size, ...]
    separability: float
    refused: bool
    gaming: dict[str, Gamed]


class Effort(NamedTuple):
    """How much is drawn.

    Repeats of each smaller number of examples, groups for the AUC, groups with an interval, halves of the others as
    impostors (1 or 2), numbers of examples.
    """

    repeats: int
    groups: int
    intervals: int
    halves: int
    examples: tuple[int, ...] = (10, 20, 50, 100, ALL)


FULL, QUICK = Effort(2, 200, 12, 2), Effort(1, 100, 6, 1)


def trials(client: Speaker, others: Sequence[Speaker], effort: Effort, *, seed: int) -> Iterator[Trial]:
    """Every trial of one client: the other speakers in halves, each half the impostors once and out of the file."""
    for half, impostors in enumerate((others[::2], others[1::2])[: effort.halves]):
        known = unheard(client.train, set().union(*(impostor.said for impostor in impostors)))
        for examples in effort.examples:
            for repeat in range(1 if examples == ALL else effort.repeats):
                rng = np.random.default_rng((seed, half, repeat, examples))
                learned = client._replace(train=tuple(some_of(known, examples or len(known), rng)))
                yield _trial(learned, impostors, examples, effort, rng)


def auc(own: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """How often one of the client's scores above one of the others', ties by half; 0.0 to 1.0."""
    return float(ranks(own, others).mean())


def _trial(
    client: Speaker, impostors: Sequence[Speaker], examples: int, effort: Effort, rng: np.random.Generator
) -> Trial:
    measure = voice_of(client.train)
    own = measure.hear(client.replies)
    others = [measure.hear(impostor.replies) for impostor in impostors]
    return Trial(
        client.name,
        examples,
        auc(own.u, np.concatenate([other.u for other in others])),
        tuple(_size(measure, own, others, size, effort, rng) for size in GROUP_SIZES),
        measure.separability,
        measure.refused is not None,
        _gaming(measure, client, impostors[0], rng) if examples == ALL else {},
    )


def _size(
    measure: VoiceMeasure, own: Heard, others: Sequence[Heard], size: int, effort: Effort, rng: np.random.Generator
) -> Size:
    mine = _scores(measure, own, size, effort.groups, rng)
    theirs = np.concatenate([_scores(measure, other, size, effort.groups, rng) for other in others])
    covered, alarms = [], []
    for _ in range(effort.intervals):
        group = _part(own, rng.choice(len(own.u), min(size, len(own.u)), replace=False))
        low, high = measure.interval(group)
        covered.append(low <= 1 <= high)
        alarms.append(bool(measure.guarded(group)))
    return Size(
        auc(mine, theirs),
        float(mine.mean()),
        float(theirs.mean()),
        float(np.mean(covered)),
        float(np.mean(alarms)),
        float((theirs > 0.5).mean()),
    )


def _gaming(measure: VoiceMeasure, client: Speaker, impostor: Speaker, rng: np.random.Generator) -> dict[str, Gamed]:
    found = {}
    for name, replies in gaming_groups(client, impostor, GROUP_SIZES[-1], rng).items():
        score = measure.score(replies)
        voice = measure.voice(measure.hear(replies))
        found[name] = Gamed(voice, score.flags, score.explanations)
    return found


def _scores(
    measure: VoiceMeasure, heard: Heard, size: int, count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    size = min(size, len(heard.u))
    return np.array([measure.voice(heard, rng.choice(len(heard.u), size, replace=False)) for _ in range(count)])


def _part(heard: Heard, take: NDArray[np.intp]) -> Heard:
    return Heard(
        tuple(heard.replies[at] for at in take),
        heard.u[take],
        heard.style_u[take],
        heard.logits[take],
        heard.order_gains[take],
        heard.features[take],
    )
