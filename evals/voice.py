"""How much a group of replies sounds like the client: 0 is the other party, 1 the client's own held-out replies.

The measure learns from one file: the client's replies against what the other party says in the same conversations. A
group has a score, a single reply only flags and notes. The score is an ensemble of authorship verifiers on a rank
scale, on which the other party is 0, less a one-sided penalty of up to 2 for a style that the client's own groups never
have, so that strangers often come out below 0. `evals/validate_voice.py` tests it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from brain.errors import DataError
from brain.style import style_features
from evals.components import STYLE_ONLY, Components, Fit
from evals.explanations import explanations, outliers
from evals.folds import contiguous_folds, conversation_groups, fold_count
from evals.guards import Guards, Natural, repetition
from evals.parties import other_party, party
from evals.separability import CHANCE, ranks, separability_draws
from evals.typicality import SMALLEST_GROUP, Typicality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from brain.models import LabeledConversation
    from evals.parties import Party

FEWEST_EXAMPLES = 20
CONTENT = "content"  # voice well above style only: it may be what they talk about that is alike, not how
_CONTENT_GAP = 0.3
CEILING = 1.25
DRAWS = 1_000
_TELLABLE = 0.6
_NARROWEST = 0.02


class Heard(NamedTuple):
    """A group of replies as the measure hears them, one row a reply.

    `u` and `style_u` are ranks among the other party's messages, 0.0 to 1.0; `logits` are the mean component scores in
    standard deviations; `features` has shape (n, features).
    """

    replies: tuple[str, ...]
    u: NDArray[np.float64]
    style_u: NDArray[np.float64]
    logits: NDArray[np.float64]
    order_gains: NDArray[np.float64]
    features: NDArray[np.float64]


class VoiceScore(NamedTuple):
    """What is said of a group.

    `voice`, its 95 % interval and `style_only`, shown as at most 1.25, are None where nothing can be said.
    """

    n: int
    voice: float | None
    low: float | None
    high: float | None
    style_only: float | None
    copy_rate: float
    repetition: float
    flags: tuple[str, ...]
    explanations: tuple[str, ...]
    refused: str | None


class VoiceMeasure:
    """Fitted by `fit_voice` or `voice_of`; never changes afterwards."""

    def __init__(self, own: Party, other: Party, *, seed: int) -> None:
        """Fit: about three seconds for 800 replies against 2,000 messages."""
        self._own, self._other = own, other
        texts = (*own.texts, *other.texts)
        mine = np.arange(len(texts)) < len(own.texts)
        count = fold_count(own.texts, own.groups)
        folds = np.concatenate([contiguous_folds(side.texts, count, side.groups) for side in (own, other)])
        features = style_features(texts)
        self._components = Components(Fit(texts, features, mine, folds))
        voice, style = _ensembles(self._components.out_of_fold)
        self._background = np.sort(voice[~mine]), np.sort(style[~mine])
        self._own_heard = Heard(
            own.texts,
            ranks(voice[mine], self._background[0]),
            ranks(style[mine], self._background[1]),
            voice[mine],
            self._components.own_order_gains,
            features[mine],
        )
        self._other_features = features[~mine]
        self._other_u = ranks(voice[~mine], self._background[0])
        self._separability = separability_draws(
            voice[mine], voice[~mine], own.groups, other.groups, draws=DRAWS, seed=seed
        )
        self._typicality = Typicality(features[mine], seed=seed)
        self._guards = Guards(Natural(own.texts, voice[mine], self._components.own_order_gains), other.texts, seed=seed)

    @property
    def n(self) -> int:
        """The number of the client's replies it was fitted on."""
        return len(self._own.texts)

    @property
    def separability(self) -> float:
        """How often a held-out reply of theirs ranks above a message of the other party, 0.0 to 1.0; 0.5 is chance."""
        return float(self._own_heard.u.mean())

    @property
    def separability_low(self) -> float:
        """The lower end of its 90 % bootstrap interval."""
        return float(np.quantile(self._separability, 0.05))

    @property
    def refused(self) -> str | None:
        """Why there is no headline for this client; None where there is one."""
        if self.n < FEWEST_EXAMPLES:
            return f"preliminary: {self.n} examples can only show gross mismatches"
        if len(self._other.texts) < FEWEST_EXAMPLES:
            return f"the other party says too little ({len(self._other.texts)} messages) to tell this voice from"
        if self.separability_low < _TELLABLE:
            return "this voice cannot be told from the other party's with these examples"
        return None

    @property
    def spread(self) -> str:
        """How far the other party's conversations reach, since the meaning of 0 depends on who they are."""
        groups = np.asarray(self._other.groups)
        takes = [take for group in np.unique(groups) if len(take := np.flatnonzero(groups == group)) >= SMALLEST_GROUP]
        if not takes:
            return "the other party says too little in any conversation to show their spread"
        above = sum(
            self._scaled(self._other_u[take], self.separability) - self._penalty(self._other_features[take], take) > 0.5
            for take in takes
        )
        share = above / len(takes)
        said = "none" if above == 0 else f"1 in {round(1 / share)}" if share <= 0.5 else f"{share:.0%}"
        return f"{said} of the other party's conversations would score above 0.5"

    def hear(self, replies: Sequence[str]) -> Heard:
        """Judge each reply by every fold's models; an empty reply has the lowest rank there is.

        The mean of ranks, not the rank of a mean: one model's rank is what the client's own replies have out of fold.
        """
        features = style_features(replies)
        if not replies:
            nothing = np.zeros(0)
            return Heard((), nothing, nothing, nothing, nothing, features)
        ensembles = _ensembles(self._components.scores(replies, features))
        said = np.array([bool(reply.strip()) for reply in replies], bool)
        u, style_u = (
            np.where(said, ranks(scores, background).mean(axis=0), 0.0)
            for scores, background in zip(ensembles, self._background, strict=True)
        )
        logits = np.where(said, ensembles[0].mean(axis=0), self._background[0][0])
        return Heard(tuple(replies), u, style_u, logits, self._components.order_gains(replies), features)

    def own_heard(self) -> Heard:
        """The client's own replies, each judged by models that have not seen its conversation."""
        return self._own_heard

    def voice(self, heard: Heard, take: NDArray[np.intp] | None = None) -> float:
        """The score of the group, or of the replies at `take` (which may repeat); negative when farther from the client
        than the other party. Raises ValueError for an empty group.
        """
        return self._score(heard.u, heard, take, self.separability)

    def style_only(self, heard: Heard, take: NDArray[np.intp] | None = None) -> float:
        """The same from style features and masked words alone; far below `voice`, the voice score hears content."""
        return self._score(heard.style_u, heard, take, float(self._own_heard.style_u.mean()))

    def score(self, replies: Sequence[str], *, seed: int = 0) -> VoiceScore:
        """Everything there is to say of a group; the same seed gives the same interval."""
        heard = self.hear(replies)
        flags = self.guarded(heard)
        why = explanations(heard.features, self._own_heard.features)
        copy_rate = float(self.copies(replies).mean()) if replies else 0.0
        refused = self.refused
        if len(replies) < SMALLEST_GROUP:
            refused = f"a score needs a group of {SMALLEST_GROUP} replies or more, this one has {len(replies)}"
        if refused:
            empty = (None, None, None, None)
            return VoiceScore(len(replies), *empty, copy_rate, repetition(replies), flags, why, refused)
        low, high = (min(end, CEILING) for end in self.interval(heard, seed=seed))
        voice, style = min(self.voice(heard), CEILING), min(self.style_only(heard), CEILING)
        if self.voice(heard) - self.style_only(heard) > _CONTENT_GAP:
            flags = (*flags, CONTENT)
        return VoiceScore(len(replies), voice, low, high, style, copy_rate, repetition(replies), flags, why, None)

    def interval(self, heard: Heard, *, seed: int = 0) -> tuple[float, float]:
        """Of `voice`, 95 %: bootstrap of the replies and of the conversations behind the scale, widened.

        The penalty, which resampling raises, is corrected for that bias.
        """
        everyone = np.arange(len(heard.u))
        takes = np.random.default_rng(seed).integers(0, len(heard.u), (DRAWS, len(heard.u)))
        scaled = (heard.u[takes].mean(axis=1) - CHANCE) / np.maximum(self._separability - CHANCE, _NARROWEST)
        penalties = np.array([self._penalty(heard.features[take], take) for take in takes])
        penalty = self._penalty(heard.features, everyone)
        middle = self._scaled(heard.u, self.separability) - penalty
        low, high = np.quantile(scaled - penalties + penalties.mean() - penalty, [0.025, 0.975])
        wider = widening(self.n)
        return middle - wider * max(middle - float(low), 0.0), middle + wider * max(float(high) - middle, 0.0)

    def guarded(self, heard: Heard) -> tuple[str, ...]:
        """The names of the guards that a group sets off."""
        return self._guards.of_group(heard.replies, heard.logits, heard.order_gains)

    def copies(self, replies: Sequence[str]) -> NDArray[np.bool_]:
        """Which are verbatim copies of training replies; short ones never are. Shape (n,)."""
        return self._guards.copies.among(replies)

    def flags(self, reply: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the guards that a single reply sets off, and notes in words; no score."""
        gain = float(self._components.order_gains([reply])[0])
        found = self._guards.of_reply(reply, gain)
        notes = [note for _, note in found]
        if reply.strip():
            notes += outliers(style_features([reply])[0], self._own_heard.features)
        return tuple(name for name, _ in found), tuple(notes)

    def _score(self, u: NDArray[np.float64], heard: Heard, take: NDArray[np.intp] | None, separability: float) -> float:
        if take is None:
            take = np.arange(len(u))
        if not len(take):
            raise ValueError("a group without replies has no score")
        return self._scaled(u[take], separability) - self._penalty(heard.features[take], take)

    def _scaled(self, u: NDArray[np.float64], separability: float) -> float:
        return (float(u.mean()) - CHANCE) / max(separability - CHANCE, _NARROWEST)

    def _penalty(self, features: NDArray[np.float64], take: NDArray[np.intp]) -> float:
        """None for fewer than five; a reply drawn twice is not two replies, so that resampling costs nothing."""
        size = len(take) ** 2 / float((np.bincount(take) ** 2).sum())
        return self._typicality.penalty(features, size) if len(take) >= SMALLEST_GROUP else 0.0


def widening(examples: int) -> float:
    """By how much a bootstrap interval is widened: 1.45 for 50 examples, towards 1.14 for many.

    Two things are not in a bootstrap of one file: that a person drifts over the years, and that few examples make
    another measure of the same person. Both numbers are those at which nine in ten intervals of the client's own
    held-out groups hold 1, on nine speakers (groups of 10 and 50; 20, 50, 100 and 800 examples).
    """
    return float(np.sqrt(1.3 + 40 / examples))


def fit_voice(
    own: Sequence[str],
    other: Sequence[str],
    *,
    groups: Sequence[int] | None = None,
    other_groups: Sequence[int] | None = None,
    background: Sequence[str] = (),
    seed: int = 0,
) -> VoiceMeasure:
    """Learn the client's replies `own` against the messages of the `other` party.

    `groups` and `other_groups` number the conversation each text stands in; without them each reply is its own and ten
    messages in a row are one. `background` are messages of others besides. Distinct messages count, at most 2,000 drawn
    by `seed`. Raises DataError when a side says nothing.
    """
    mine, everyone = party(own, groups), other_party(other, other_groups, background, seed=seed)
    if not mine.texts:
        raise DataError("there is no reply of the client to learn from", hint="Give conversations with an `output`.")
    if not everyone.texts:
        raise DataError(
            "there is no message of the other party, and so nothing to tell the client from",
            hint="Give conversations with messages whose `from_creator` is false.",
        )
    return VoiceMeasure(mine, everyone, seed=seed)


def voice_of(
    conversations: Sequence[LabeledConversation], *, background: Sequence[str] = (), seed: int = 0
) -> VoiceMeasure:
    """`fit_voice` of a client's file: their outputs against every message of the other party in the contexts."""
    groups = conversation_groups(conversations)
    said = [
        (message.content, group)
        for conversation, group in zip(conversations, groups, strict=True)
        for message in conversation.chat_history.messages
        if not message.from_creator
    ]
    return fit_voice(
        [conversation.output for conversation in conversations],
        [text for text, _ in said],
        groups=groups,
        other_groups=[group for _, group in said],
        background=background,
        seed=seed,
    )


def _ensembles(scores: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return scores.mean(axis=-1), scores[..., STYLE_ONLY].mean(axis=-1)
