"""Finds names in disguise: signs, spacing, stretching, slips, mirrors, codes, letters of another script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.policy.disguises import (
    decoded,
    masked,
    mirrored,
    reading,
    rotated,
    sign_words,
    spelled_out,
    unstretched,
)
from brain.policy.fold import Folded, read_other_scripts
from brain.policy.mentions import Mention, Name, unmistakable
from brain.policy.tokens import Token, tokenise
from brain.policy.typos import Typos

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

LONG = 7  # a name this long is not a part of ordinary words
MIDDLING = 5  # a name this long is no ordinary word when mirrored or spelled out


class HiddenNames:
    """The same names as anyone would hide them. Short ones are left alone: their disguises are ordinary words."""

    def __init__(self, names: Mapping[str, Name], misspelt: Iterable[str], ordinary: Iterable[str]) -> None:
        self._sure = unmistakable(names)
        ordinary = tuple(ordinary)
        self._ordinary = frozenset(ordinary)
        self._ordinary_heads = tuple(word.removesuffix("*") for word in ordinary if word.endswith("*"))
        self._doubtful = {
            reading(letters): name
            for letters, name in names.items()
            if name.word and len(letters) > 2 and not name.platform.exact
        }
        self._read = {reading(letters): name for letters, name in self._sure.items() if len(letters) > 2}
        self._middling = {letters: name for letters, name in self._sure.items() if len(letters) >= MIDDLING}
        self._long = {letters: name for letters, name in self._middling.items() if len(letters) >= LONG}
        self._read_middling = {reading(letters): name for letters, name in self._middling.items()}
        self._read_long = {reading(letters): name for letters, name in self._long.items()}
        self._rotated = {rotated(letters): name for letters, name in self._middling.items()}
        self._unstretched = {unstretched(letters): name for letters, name in self._middling.items()}
        self._typos = Typos((letters for letters in misspelt if letters in self._middling), self._ordinary)

    def find(self, display: str, tokens: Sequence[Token], folded: Folded) -> Iterator[Mention]:
        """Every disguised name that needs no cue."""
        for token in tokens:
            word = token.text
            if len(word) < MIDDLING or word in self._sure or self._is_ordinary(word):
                continue
            if found := self._in_word(word):
                name, how, confidence = found
                yield name.at(folded, token.start, token.end, how, confidence)
        for form, start, end in sign_words(folded.text):
            if signed := self._in_signs(form):
                yield signed.at(folded, start, end, "signs", 0.95)
        for run in spelled_out(folded):
            if spelled := self._read.get(reading(run.text)) or _inside(reading(run.text), self._read_middling):
                yield spelled.at(run, 0, len(run.text), "spaced", 0.95)
        if other := read_other_scripts(folded):
            yield from self._in_other_script(other, folded)
        for text, start, end in decoded(display):
            if coded := _inside(text, self._middling):
                yield Mention(coded.platform.id, coded.platform.category, start, end, "encoded", 0.9)

    def words(self, tokens: Sequence[Token], folded: Folded) -> Iterator[tuple[Name, int, int]]:
        """The words in signs ("l1ne", "$nap") that still need a cue, each with the tokens it covers."""
        for form, start, end in sign_words(folded.text):
            if (name := self._doubtful.get(reading(form))) and form not in self._ordinary:
                covered = [place for place, token in enumerate(tokens) if token.start < end and token.end > start]
                yield name, covered[0], covered[-1]

    def _is_ordinary(self, word: str) -> bool:
        return word in self._ordinary or word.startswith(self._ordinary_heads)

    def _in_word(self, word: str) -> tuple[Name, str, float] | None:
        """The name inside one word of letters, how it hides there, and how sure that is."""
        turned, shrunk = mirrored(word), unstretched(word)
        if len(word) > LONG and (name := _inside(word, self._long)):
            return name, "joined", 0.95
        if name := self._middling.get(turned) or (None if word.isascii() else self._read_middling.get(turned)):
            return name, "reversed", 0.9
        if name := self._rotated.get(word):
            return name, "rotated", 0.9
        stretched = self._unstretched.get(shrunk) if len(word) > max(len(shrunk), MIDDLING) else None
        if name := stretched or self._read_long.get(reading(word)):
            return name, "respelled", 0.95
        meant = self._typos.near(word)
        return (self._middling[meant], "typo", 0.85) if meant else None

    def _in_signs(self, form: str) -> Name | None:
        letters = reading(form)
        if name := self._read.get(letters) or _inside(letters, self._read_long):
            return name
        if pattern := masked(form):
            return next((name for letters, name in self._middling.items() if pattern.fullmatch(letters)), None)
        return None

    def _in_other_script(self, other: Folded, folded: Folded) -> Iterator[Mention]:
        for token in tokenise(other.text):
            name = self._sure.get(token.text)
            if name and other.text[token.start : token.end] != folded.text[token.start : token.end]:
                yield name.at(other, token.start, token.end, "look-alike", 0.95)


def _inside(text: str, names: Mapping[str, Name]) -> Name | None:
    """The first name that is a part of the text."""
    return next((name for letters, name in names.items() if letters in text), None)
