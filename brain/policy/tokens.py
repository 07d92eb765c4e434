"""The words of a match copy, with their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_SENTENCE_END = re.compile(r"[.!?…;]+(?=\s)|\n")
WINDOW = 4  # how many words away a cue still counts


class Token(NamedTuple):
    """A word and where it stands in the match copy; `sentence` counts from 0."""

    text: str
    start: int
    end: int
    sentence: int


def tokenise(text: str, signs: frozenset[str] = frozenset()) -> list[Token]:
    """The words of a text in order; the characters in `signs` (emoji with a meaning) count as words too."""
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    tokens: list[Token] = []
    sentence = 0
    for start, end in _word_spans(text, signs):
        while sentence < len(ends) and start > ends[sentence]:
            sentence += 1
        tokens.append(Token(text[start:end], start, end, sentence))
    return tokens


def _word_spans(text: str, signs: frozenset[str]) -> list[tuple[int, int]]:
    spans = [match.span() for match in _WORD.finditer(text)]
    if not signs.isdisjoint(text):
        spans += [(place, place + 1) for place, char in enumerate(text) if char in signs]
        spans.sort()
    return spans


_WORD = re.compile(r"[^\W_]+")


def neighbours(tokens: Sequence[Token], first: int, last: int) -> list[str]:
    """The words of the same sentence up to `WINDOW` words before `first` and after `last`."""
    low, high = max(0, first - WINDOW), min(len(tokens), last + 1 + WINDOW)
    here = tokens[first].sentence
    around = [*range(low, first), *range(last + 1, high)]
    return [tokens[place].text for place in around if tokens[place].sentence == here]
