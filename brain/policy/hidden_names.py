"""Finds names in disguise: signs, spacing, stretching, slips, mirrors, codes, letters of another script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brain.policy.disguises import (
    decoded,
    initials,
    masked,
    mirrored,
    reading,
    rotated,
    sign_words,
    spelled_out,
    spoken,
    unstretched,
)
from brain.policy.fold import Folded, read_other_scripts
from brain.policy.mentions import Mention, Name, unmistakable
from brain.policy.sounds import sound
from brain.policy.tokens import Token, tokenise
from brain.policy.typos import Typos

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from brain.policy.lexicon import Lexicon

LONG = 7  # a name this long is not a part of ordinary words
MIDDLING = 5  # a name this long is no ordinary word when mirrored or spelled out


class HiddenNames:
    """The same names as anyone would hide them. Short ones are left alone: their disguises are ordinary words."""

    def __init__(self, names: Mapping[str, Name], lexicon: Lexicon) -> None:
        self._sure = unmistakable(names)
        self._ordinary = lexicon.ordinary
        self._ordinary_heads = tuple(word.removesuffix("*") for word in lexicon.ordinary if word.endswith("*"))
        doubtful = {letters: name for letters, name in names.items() if name.word and not name.platform.exact}
        self._doubtful = {reading(letters): name for letters, name in doubtful.items()}
        doubtful = {letters: name for letters, name in doubtful.items() if len(letters) >= MIDDLING}
        self._plain = frozenset(doubtful)
        self._turned = {turned(letters): name for letters, name in doubtful.items() for turned in (mirrored, rotated)}
        self._drawn_out = {unstretched(letters): name for letters, name in doubtful.items()}
        self._read = {reading(letters): name for letters, name in self._sure.items() if len(letters) > 2}
        self._middling = {letters: name for letters, name in self._sure.items() if len(letters) >= MIDDLING}
        long = {letters: name for letters, name in self._middling.items() if len(letters) >= LONG}
        self._read_middling = {reading(letters): name for letters, name in self._middling.items()}
        self._read_long = {reading(letters): name for letters, name in long.items()}
        self._within = _Within(self._middling)
        self._within_long = _Within(long)
        self._within_read = _Within(self._read_middling)
        self._within_read_long = _Within(self._read_long)
        self._rotated = {rotated(letters): name for letters, name in self._middling.items()}
        self._unstretched = {unstretched(letters): name for letters, name in self._middling.items()}
        self._sounds = {sound(word): name for word, name in self._middling.items() if word in lexicon.by_ear}
        misspelt = (word for word in self._middling if len(word) > MIDDLING and word not in lexicon.never_misspelt)
        self._typos = Typos(misspelt, self._ordinary)

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
            if spelled := self._read.get(reading(run.text)) or self._within_read.find(reading(run.text)):
                yield spelled.at(run, 0, len(run.text), "spaced", 0.95)
        for other in read_other_scripts(display, folded):
            yield from self._in_other_script(other, folded)
        for text, start, end in decoded(display):
            if coded := self._within.find(text):
                yield Mention(coded.platform.id, coded.platform.category, start, end, "encoded", 0.9)

    def words(self, display: str, tokens: Sequence[Token], folded: Folded) -> Iterator[tuple[Name, int, int]]:
        """The disguised words ("l1ne", "s n a p", "langis") that still need a cue, each with the tokens it covers."""
        for place, token in enumerate(tokens):
            if len(token.text) >= MIDDLING and (name := self._turned_word(token.text)):
                yield name, place, place
        signed = (found for found in sign_words(folded.text) if not found[0].isalpha())
        forms = [(form, *folded.span(start, end)) for form, start, end in signed]
        forms += [(form, *folded.span(start, end)) for form, start, end in initials(folded.text)]
        forms += [(run.text, run.offsets[0], run.offsets[-1]) for run in spelled_out(folded)]
        forms += [(form, start, end) for form, start, end in decoded(display) if len(form) >= MIDDLING]
        for other in read_other_scripts(display, folded):
            forms += [(token.text, *other.span(token.start, token.end)) for token in tokenise(other.text)]
        for form, start, end in forms:
            if (name := self._doubtful.get(reading(form))) and form not in self._ordinary:
                shown = (folded.span(token.start, token.end) for token in tokens)
                covered = [place for place, (first, last) in enumerate(shown) if first < end and last > start]
                if covered:
                    yield name, covered[0], covered[-1]

    def _is_ordinary(self, word: str) -> bool:
        return word in self._ordinary or word.startswith(self._ordinary_heads)

    def _in_word(self, word: str) -> tuple[Name, str, float] | None:
        """The name inside one word of letters, how it hides there, and how sure that is."""
        turned, shrunk = mirrored(word), unstretched(word)
        if len(word) > LONG and (name := self._within_long.find(word)):
            return name, "joined", 0.95
        if name := self._middling.get(turned) or (None if word.isascii() else self._read_middling.get(turned)):
            return name, "reversed", 0.9
        if name := self._rotated.get(word):
            return name, "rotated", 0.9
        stretched = self._unstretched.get(shrunk) if len(word) > max(len(shrunk), MIDDLING) else None
        # A small l is drawn like a large i.
        drawn = self._middling.get(f"i{word[1:]}") if word[0] == "l" else None
        if name := stretched or drawn or self._read_long.get(reading(word)):
            return name, "respelled", 0.95
        if name := self._sounds.get(sound(word)):
            return name, "sound", 0.85
        meant = self._typos.near(word)
        return (self._middling[meant], "typo", 0.85) if meant else None

    def _turned_word(self, word: str) -> Name | None:
        """The doubtful name in one word of letters that stands on its head or is drawn out."""
        if word in self._plain or self._is_ordinary(word):
            return None
        shrunk = unstretched(word)
        upturned = None if word.isascii() else self._doubtful.get(mirrored(word))
        return upturned or self._turned.get(word) or (self._drawn_out.get(shrunk) if shrunk != word else None)

    def _in_signs(self, form: str) -> Name | None:
        letters = reading(form)
        if name := self._read.get(letters) or self._within_read_long.find(letters):
            return name
        if (word := spoken(form)).isalpha() and (found := self._in_word(word)):
            return found[0]
        if pattern := masked(form):
            return next((name for letters, name in self._middling.items() if pattern.fullmatch(letters)), None)
        return None

    def _in_other_script(self, other: Folded, folded: Folded) -> Iterator[Mention]:
        for token in tokenise(other.text):
            name = self._sure.get(token.text) or self._read_middling.get(reading(token.text))
            if name and other.text[token.start : token.end] != folded.text[token.start : token.end]:
                yield name.at(other, token.start, token.end, "look-alike", 0.95)


class _Within:
    """Finds the first of many names that is a part of a text."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self._names = names
        self._any = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)")

    def find(self, text: str) -> Name | None:
        match = self._any.search(text)
        return self._names[match.group()] if match else None
