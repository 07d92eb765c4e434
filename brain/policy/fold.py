"""The match copy of a text: what a reader sees, without the tricks that hide it from a program."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from brain.policy.alphabets import SYMBOL, drawn_like, is_invisible, is_latin, is_mark, look_alike, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(rf"(?:\w|{SYMBOL.pattern})+")
_PASSES = 4


@dataclass(frozen=True, slots=True)
class Folded:
    """A match copy and the way back: `offsets[i]` is where `text[i]` stands in the display text.

    One closing entry, the length of the display text, follows the last character.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the display text; never empty, in a reversed view too."""
        shown = self.offsets[start:end]
        first, last = min(shown), max(shown)
        after = self.offsets[end] if end < len(self.offsets) else last + 1
        return first, after if after > last else last + 1


def fold(text: str) -> Folded:
    """The match copy of any text: casefolded, compatible forms, bare Latin letters, look-alikes read as meant.

    Folding its own result changes nothing.
    """
    if text.isascii():
        return Folded(text.lower(), tuple(range(len(text) + 1)))
    folded = Folded(text, tuple(range(len(text) + 1)))
    for _ in range(_PASSES):
        again = _fold_once(folded)
        if again.text == folded.text:
            break
        folded = again
    return folded


def _fold_once(folded: Folded) -> Folded:
    letters: list[str] = []
    offsets: list[int] = []
    for char, offset in zip(folded.text, folded.offsets, strict=False):
        for letter in _letters(char):
            letters.append(letter)
            offsets.append(offset)
    letters, offsets = _compose(letters, offsets)
    letters = _read_look_alikes(letters)
    return Folded("".join(letters), (*offsets, folded.offsets[-1]))


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """One character taken apart: its plain letter, or its compatible form with the marks still on it."""
    if is_invisible(char):
        return ""
    if is_mark(char):
        return char  # one of them, U+0345, would become a letter
    known = plain(char)
    if known != char:
        return known
    taken = unicodedata.normalize("NFKD", char).casefold()
    if taken == char:
        return char
    return "".join(_letters(part) if part != char else part for part in taken)


def _compose(letters: list[str], offsets: list[int]) -> tuple[list[str], list[int]]:
    """Put each base and its marks together; marks on Latin letters, digits and signs are dropped."""
    starts = [i for i, letter in enumerate(letters) if i == 0 or not _continues(letters[i - 1], letter)]
    out: list[str] = []
    places: list[int] = []
    for start, end in pairwise([*starts, len(letters)]):
        cluster = "".join(letters[start:end])
        if end - start > 1 or is_mark(cluster):
            bare = is_latin(cluster[0]) or not (cluster[0].isalpha() or is_mark(cluster[0]))
            cluster = cluster[0] if bare else unicodedata.normalize("NFC", cluster)
        out.extend(cluster)
        places.extend([offsets[start]] * len(cluster))
    return out, places


def _continues(before: str, letter: str) -> bool:
    """A mark is drawn on whatever stands before it; a Korean vowel or final letter joins Korean letters alone."""
    if "\u1160" <= letter <= "\u11ff":
        return "\u1100" <= before <= "\u11ff" or "\uac00" <= before <= "\ud7a3"
    return is_mark(letter)


def _read_look_alikes(letters: list[str]) -> list[str]:
    """Words that mix Latin letters with another script's look-alikes are read as Latin."""
    text = "".join(letters)
    if len(text) != len(letters):
        raise AssertionError("one character to an entry")
    for word in _WORD.finditer(text):
        found = word.group()
        if found.isascii() or not any(is_latin(char) and char.isalpha() for char in found):
            continue
        for place in range(*word.span()):
            letters[place] = look_alike(letters[place]) or letters[place]
    return letters


def read_other_scripts(display: str, folded: Folded) -> Iterator[Folded]:
    """Views where words wholly of another script are read by their look-alikes, folded and as they are drawn.

    Only an exact lexicon hit may count in them: plain Russian or Greek words come out as nonsense.
    """
    if display.isascii():
        return
    text = "".join(look_alike(char) or char for char in folded.text)
    if text != folded.text:
        yield Folded(text, folded.offsets)
    drawn = "".join(drawn_like(char) or char for char in display)
    if drawn != display and (other := fold(drawn)).text != folded.text:
        yield other
