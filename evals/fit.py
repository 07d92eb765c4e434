"""Fit: does a reply answer this message? Beside voice, because the client's own lines at random are perfect voice.

0 is a random own reply and 1 the client's real reply; negatives are shown. What is ranked, both ways, by the match of
evals/likeness and evals/matching:

- the reply among own replies drawn at random, by how well each matches the conversation;
- the conversation among others drawn at random, by how well the reply matches each.

A rank is given as the share of the drawn ones that are beaten, 0.0 to 1.0: of a reply among 20 it is
(20 - rank) / 19, here in expectation over the draws, so that no dice are in it. The matches of different replies are
compared as shares of what each of them reaches with other conversations: a reply that suits everything gains nothing.
What a reply merely repeats of its conversation is left out before it is matched; an echo and an empty reply rank 0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from evals.likeness import READ, Exchange, Likeness
from evals.matching import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from brain.demos import Embedder
    from brain.models import Conversation, LabeledConversation

_POOL = 400
_AT_ONCE = 500
_FEWEST = 3
_LEAST_GAP = 0.04
_REPEATED = 20  # characters in a row
_ECHO, _ECHO_WINDOW = 0.8, 12
_SHUFFLED, _SHUFFLED_WORDS = 0.95, 8


class FitMeasure:
    """Ranks replies against one client's own pairs.

    `real` holds the ranks of the client's own replies, each left out of its own pool. `refused` says why these ranks
    are no scale: the real replies cannot be told from random ones.
    """

    def __init__(self, conversations: Sequence[LabeledConversation], embed: Embedder, *, seed: int = 0) -> None:
        count = len(conversations)
        self._usable = count >= _FEWEST
        self.real: NDArray[np.float64] = np.full(count, 0.5)
        if self._usable:
            exchanges = [Exchange.of(one.chat_history) for one in conversations]
            replies = [one.output for one in conversations]
            self._likeness = Likeness(exchanges, replies, embed)
            drawn = np.sort(np.random.default_rng(seed).permutation(count)[:_POOL])
            self._messages = _column(exchanges[at].message for at in drawn)
            self._replies = _column(_plain(replies[at]) for at in drawn)
            self._reference = Reference(
                self._likeness.asked([exchanges[at] for at in drawn]),
                self._likeness.given([replies[at] for at in drawn]),
                self._apart(self._messages, self._replies),
            )
            self.real = self.ranks([one.chat_history for one in conversations], replies)
        self.refused = _refusal(self.real)

    def ranks(self, conversations: Sequence[Conversation], replies: Sequence[str]) -> NDArray[np.float64]:
        """Mean of the two ranks of each reply, 0.0 to 1.0: 0.5 is a random own reply, 1.0 beats them all.

        A pool holds neither the reply itself nor what answers the same message. An empty reply and an echo rank 0. Of
        a conversation without a message, or an empty pool, nothing can be said: 0.5.
        """
        if len(conversations) != len(replies):
            raise ValueError(f"{len(conversations)} conversations but {len(replies)} replies")
        ranks = np.full(len(replies), 0.5)
        for start in range(0, len(replies) if self._usable else 0, _AT_ONCE):
            cases = slice(start, start + _AT_ONCE)
            ranks[cases] = self._ranks([Exchange.of(one) for one in conversations[cases]], replies[cases])
        return ranks

    def _ranks(self, exchanges: Sequence[Exchange], replies: Sequence[str]) -> NDArray[np.float64]:
        said = [_own_part(reply, exchange) for reply, exchange in zip(replies, exchanges, strict=True)]
        messages = _column(exchange.message for exchange in exchanges)
        allowed = self._apart(messages, _column(map(_plain, replies)))
        found = self._reference.match(self._likeness.asked(exchanges), self._likeness.given(said), allowed)
        share = _beaten(found.real, found.others, allowed)
        ranks = (share + _beaten(share, self._reference.shares(found.pool), allowed)) / 2
        ranks[~allowed.any(axis=1) | (messages == "")] = 0.5
        ranks[np.array([not text.strip() for text in said])] = 0.0
        return ranks

    def _apart(self, messages: NDArray[np.object_], replies: NDArray[np.object_]) -> NDArray[np.bool_]:
        return (messages[:, None] != self._messages) & (replies[:, None] != self._replies)

    def scale(self, ranks: NDArray[np.float64], real: NDArray[np.float64] | None = None) -> float:
        """(mean rank - random) / (real - random): 0 a random own reply, 1 the real one, below 0 worse than random.

        `real` are the ranks of the client's replies to the same messages; without it, to all of them.
        """
        truth = self.real if real is None else real
        return float(_above_chance(ranks) / max(_above_chance(truth), _LEAST_GAP))


def fit_measure(conversations: Sequence[LabeledConversation], embed: Embedder, *, seed: int = 0) -> FitMeasure:
    """The measure of one client. `seed` draws the pool of 400 when there are more pairs."""
    return FitMeasure(conversations, embed, seed=seed)


def headline(voice: float, fit: float) -> float:
    """Harmonic mean of both, each capped at 1. When either is 0 or below: the lower of them, at most 0."""
    if voice <= 0 or fit <= 0:
        return min(voice, fit, 0.0)
    voice, fit = min(voice, 1.0), min(fit, 1.0)
    return 2 * voice * fit / (voice + fit)


def echoes(messages: Sequence[str], replies: Sequence[str]) -> NDArray[np.bool_]:
    """Which replies mostly repeat their message, in its order or, from eight words on, shuffled.

    In order: four fifths of a reply of 20 characters or more lie in 12-character pieces of it; shorter ones repeat by
    nature.
    """
    return np.array([_is_echo(message, reply) for message, reply in zip(messages, replies, strict=True)], dtype=bool)


def _column(texts: Iterable[str]) -> NDArray[np.object_]:
    """Texts that are compared all with all."""
    return np.array(list(texts), dtype=object)


def _is_echo(message: str, reply: str) -> bool:
    told, said = _plain(message), _plain(reply)
    if len(said) >= _REPEATED and _repeated(said, told, _ECHO_WINDOW).mean() >= _ECHO:
        return True
    known, words = set(re.findall(r"\w+", told)), re.findall(r"\w+", said)
    return len(words) >= _SHUFFLED_WORDS and sum(word in known for word in words) >= _SHUFFLED * len(words)


def _own_part(reply: str, exchange: Exchange) -> str:
    """The reply without passages of 20 characters that its conversation has word for word; of an echo, nothing."""
    if _is_echo(exchange.message, reply):
        return ""
    said = _plain(reply)
    told = "\n".join(map(_plain, (exchange.message, *exchange.before)))
    repeated = _repeated(said, told, _REPEATED)
    return "".join(letter for letter, again in zip(said, repeated, strict=True) if not again)


def _repeated(said: str, told: str, window: int) -> NDArray[np.bool_]:
    """Which characters of `said` lie in a piece of `window` characters that `told` has too."""
    covered = np.zeros(len(said), bool)
    for start in range(len(said) - window + 1):
        if said[start : start + window] in told:
            covered[start : start + window] = True
    return covered


def _plain(text: str) -> str:
    return " ".join(text[:READ].casefold().split())


def _beaten(one: NDArray[np.float64], many: NDArray[np.float64], allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The share of each row's allowed entries that lie below its `one`; a tie counts half."""
    gap = one[:, None] - many
    won = (gap > 1e-9) + 0.5 * (np.abs(gap) <= 1e-9)
    return np.asarray((won * allowed).sum(axis=1) / np.maximum(allowed.sum(axis=1), 1), np.float64)


def _above_chance(ranks: NDArray[np.float64]) -> float:
    return float(ranks.mean()) - 0.5 if len(ranks) else 0.0


def _refusal(real: NDArray[np.float64]) -> str | None:
    count = len(real)
    if count < _FEWEST:
        return f"fit needs {_FEWEST} conversations; there are {count}"
    gap, doubt = _above_chance(real), 2 * float(real.std(ddof=1)) / count**0.5
    if gap < max(doubt, _LEAST_GAP):
        return (
            f"fit cannot be measured: the real replies rank {0.5 + gap:.2f} among random ones "
            f"(0.50 is chance, in doubt by {doubt:.2f})"
        )
    return None
