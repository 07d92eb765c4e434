"""What is learned of a client beside their replies: the card, the ear, a model's accent, the runs of words they own."""

from __future__ import annotations

import io
import statistics
import zlib
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile

import numpy as np

from brain.accent import learn_accent
from brain.copies import Shingles, shingles
from brain.ear import BUCKETS, Ear, Matrix, learn_ear
from brain.modules.rhythm import NEAR, drawn, shapings
from brain.modules.style_card import learn_card
from brain.style import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.demos import DemoBank
    from brain.models import Accent, Draft

LONGEST = 60  # words, of a client of whom nothing is known
_SHORTEST_LIMIT = 8
_LONGEST_DECILE = 9
_MOST_EMBEDDED = 1_000  # replies
_LEAST_SPREAD = 0.05
_SHAPINGS = 2  # of a draft


class Nearness(NamedTuple):
    """How near the client's replies are to the messages they answer: mean and standard deviation of the cosine."""

    mean: float = 0.0
    spread: float = 1.0


class Learned(NamedTuple):
    """`longest` is the number of words that one in ten of the client's replies exceeds.

    `accent` is what the model that was listened to must be talked out of; empty when none was.
    """

    longest: int = LONGEST
    nearness: Nearness = Nearness()
    card: tuple[str, ...] = ()
    ear: Ear | None = None
    shingles: Shingles = np.zeros(0, np.uint64)
    accent: Accent = {}  # noqa: RUF012  a value like the others, never changed


def learn(bank: DemoBank, heard: Sequence[str], *, drafts: Sequence[Draft] = ()) -> Learned:
    """From the labelled replies of a bank, and what the people they talk with wrote. Seconds at most.

    `drafts` are what a model wrote for messages of the bank: with them the ear learns to tell the client from the
    model as well as from other people, which is what it is for.
    """
    rows = [bank.row(index) for index in range(len(bank))]
    own = [row.reply for row in rows]
    if not own:
        return Learned()
    counts = [len(reply.split()) for reply in own]
    longest = (
        statistics.quantiles(counts, n=10, method="inclusive")[_LONGEST_DECILE - 1] if len(counts) > 1 else counts[0]
    )
    others = sorted(set(heard))
    written = _as_said(bank, drafts)
    return Learned(
        longest=max(_SHORTEST_LIMIT, round(longest)),
        nearness=_nearness(bank, own),
        card=learn_card(own, others),
        ear=learn_ear(own, [*written, *_spread(others, len(written))] if written else others),
        shingles=shingles(own),
        accent=learn_accent(own, [draft.text for draft in drafts]),
    )


def _as_said(bank: DemoBank, drafts: Sequence[Draft]) -> list[str]:
    """The drafts in the client's rhythm, as they would be said: the ear shall hear more than length in them."""
    if not drafts:
        return []
    rows = {row.id: row for row in (bank.row(index) for index in range(len(bank)))}
    said: list[str] = []
    for number, draft in enumerate(drafts):
        if row := rows.get(draft.id):
            near = bank.nearest(row.message, NEAR, exclude=frozenset({row.id}))
            form = drawn([demo.reply for demo in near], Random(number))
            said += shapings(draft.text, form, cut=True)[:_SHAPINGS] if form else [draft.text]
    return said


def _spread(texts: Sequence[str], most: int) -> Sequence[str]:
    """At most so many of the texts, evenly spaced."""
    return texts[:: max(-(-len(texts) // max(most, 1)), 1)]


def _nearness(bank: DemoBank, own: Sequence[str]) -> Nearness:
    step = -(-len(own) // _MOST_EMBEDDED)
    cosines = np.sum(bank.embedded(own[::step]) * bank.vectors[::step], axis=1)
    return Nearness(float(cosines.mean()), max(float(cosines.std()), _LEAST_SPREAD))


def dump_learned(learned: Learned) -> bytes:
    """The arrays of what was learned, as an .npz file; card, accent and length stand in the manifest."""
    file = io.BytesIO()
    ear = learned.ear
    heard: dict[str, Any] = {} if ear is None else ear._asdict()
    np.savez(file, shingles=learned.shingles, nearness=np.array(learned.nearness), **heard)
    return file.getvalue()


def load_learned(content: bytes, *, longest: int, card: tuple[str, ...], accent: Accent) -> Learned:
    """The reverse of `dump_learned`. Raises ValueError for any other file."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: np.asarray(found) for name, found in file.items()}
    except (EOFError, LookupError, OSError, RuntimeError, TypeError, AttributeError, BadZipFile, zlib.error) as exc:
        raise ValueError(f"no arrays of what was learned: {exc}") from exc
    ear, known = None, arrays.get("shingles", np.zeros(0))
    if "weights" in arrays:
        size = len(FEATURES)
        shapes = {"weights": (BUCKETS + size,), "offset": (), "scale": (), "strange": (2,)}
        shapes |= dict.fromkeys(("centre", "spread", "usual", "varies"), (size,))
        kept: dict[str, Any] = {name: _numbers(arrays, name, shapes[name]) for name in Ear._fields}
        ear = Ear(**{**kept, "offset": float(kept["offset"]), "scale": float(kept["scale"])})
    mean, deviation = _numbers(arrays, "nearness", (2,))
    if known.ndim != 1 or known.dtype != np.uint64:
        raise ValueError("the runs of words are none of ours")
    return Learned(longest, Nearness(float(mean), float(deviation)), card, ear, known, accent)


def _numbers(arrays: dict[str, Any], name: str, shape: tuple[int, ...]) -> Matrix:
    """The finite numbers of this name. Raises ValueError when there are none, or of another shape."""
    found = arrays.get(name)
    if found is None or found.dtype != np.float64 or found.shape != shape or not np.isfinite(found).all():
        raise ValueError(f"{name} was learned with other features than this program has")
    return np.asarray(found)
