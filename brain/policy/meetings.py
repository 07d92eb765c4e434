"""How much a text sounds like two people meeting in person, sentence by sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.meeting_hints import BEARING
from brain.policy.meeting_points import WHERE, weigh
from brain.policy.meeting_words import meeting_words, points
from brain.policy.scenes import ACTS, Passage, Scene, clauses_of, is_answered_no, scene
from brain.policy.tokens import Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

APART = 1  # what two sentences only share counts so much less
PAIR_AT_MOST = 26  # words in two sentences that are read as one
ELSEWHERE = 2  # what speaks against it in another sentence counts so much
SENTENCES = 40  # a text of more is none that people chat
_BEARING = frozenset({*ACTS, *WHERE, *BEARING})  # without one of them there is nothing to weigh
_REMEMBERED = 512  # texts; the same turns come back with every reply


class Reading(NamedTuple):
    """The strongest sign of a meeting in a text; `start` and `end` are places in the text that was read."""

    score: int = 0
    act: str = ""
    marks: tuple[str, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def rule(self) -> str:
        """The rule's name: what was done, and the signs that went with it."""
        return "-".join([f"meeting:{self.act}", *(mark for mark in self.marks if mark in WHERE)])


NOTHING = Reading()


class Meetings:
    """Reads folded texts in the languages it was given. What it read last it remembers, and nothing else."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._words = meeting_words(tuple(languages))
        self._points = points()
        self.read = lru_cache(_REMEMBERED)(self._read)
        self.shows = lru_cache(_REMEMBERED)(self._shows)
        self._passages = lru_cache(_REMEMBERED)(self._tagged)

    def _read(self, text: str) -> Reading:
        """The strongest reading of a text, over its sentences and the languages."""
        passages = self._passages(text)
        found = [reading for passage in passages for reading in self._readings(passage)]
        return max(found, key=lambda reading: reading.score, default=NOTHING)

    def _shows(self, text: str) -> Mapping[str, tuple[int, int]]:
        """Every kind of sign in a text, as a whole and in any language, with the place of the first."""
        found: dict[str, tuple[int, int]] = {}
        for passage in self._passages(text):
            for kind, sign in scene(passage, 0, len(passage.tokens)).kinds.items():
                found.setdefault(kind, (passage.tokens[sign.first].start, passage.tokens[sign.last].end))
        return found

    def is_yes(self, text: str) -> bool:
        """Whether a text is nothing but a yes, with the small words people put around it."""
        for passage in self._passages(text):
            said = [sign for sign in passage.signs if sign.kind in {"assent", "filler"}]
            covered = {place for sign in said for place in range(sign.first, sign.last + 1)}
            if len(covered) == len(passage.tokens) and any(sign.kind == "assent" for sign in said):
                return True
        return False

    def _tagged(self, text: str) -> list[Passage]:
        tokens = tokenise(text)
        clauses = clauses_of(text, tokens)
        return [Passage(text, tokens, clauses, signs) for signs in self._words.signs(tokens)]

    def _readings(self, passage: Passage) -> Iterator[Reading]:
        if not any(sign.kind in _BEARING for sign in passage.signs):
            return
        tokens = passage.tokens
        whole = scene(passage, 0, len(tokens))
        against = [mark for mark in ("virtual", "unreal", "refusal") if mark in whole.kinds]
        for low, high, cost in _stretches(tokens):
            if is_answered_no(passage, high):
                continue
            part = scene(passage, low, high) if (low, high) != (0, len(tokens)) else whole
            weight = weigh(part, self._points, asks=passage.text.startswith("?", tokens[high - 1].end))
            if weight and weight.score > 0:
                doubt = cost + ELSEWHERE * any(mark not in weight.marks for mark in against)
                start, end = _span(part, (weight.act, *weight.marks), tokens)
                yield Reading(max(0, weight.score - doubt), weight.act, weight.marks, start, end)


def _span(part: Scene, kinds: Sequence[str], tokens: Sequence[Token]) -> tuple[int, int]:
    """From the first word that speaks for a meeting to the last."""
    signs = [part.kinds[kind] for kind in kinds if kind in _BEARING]
    return tokens[min(sign.first for sign in signs)].start, tokens[max(sign.last for sign in signs)].end


def _stretches(tokens: Sequence[Token]) -> Iterator[tuple[int, int, int]]:
    """Each sentence, and each two neighbours that are short: from where, to where, and how much less they count."""
    starts = [place for place, token in enumerate(tokens) if not place or tokens[place - 1].sentence != token.sentence]
    bounds = [*starts[:SENTENCES], len(tokens) if len(starts) <= SENTENCES else starts[SENTENCES]]
    for first in range(len(bounds) - 1):
        yield bounds[first], bounds[first + 1], 0
        if first + 2 < len(bounds) and bounds[first + 2] - bounds[first] <= PAIR_AT_MOST:
            yield bounds[first], bounds[first + 2], APART
