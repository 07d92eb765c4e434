"""Ways to write a word so that a program misses it and a reader does not."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from typing import TYPE_CHECKING

from brain.policy.alphabets import upright
from brain.policy.fold import Folded

if TYPE_CHECKING:
    from collections.abc import Iterator

# Signs and the letters they are read as. Both sides are brought to one letter of a class, so that "1" is i and l.
_READ_AS = {
    "i": "1!|¡lj£",
    "o": "0°øθ",
    "e": "3€",
    "a": "4@^∆λ",
    "s": "5$§zž2",
    "t": "7+†",
    "b": "8ß",
    "g": "69q",
    "c": "(<{[¢©",
    "f": "ƒ",
    "n": "η",
    "y": "¥",
    "x": "×*✗",
    "h": "#",
    "v": "√",
}
_CLASSES = str.maketrans({sign: letter for letter, signs in _READ_AS.items() for sign in signs})
_DIGITS = str.maketrans("013457", "oieast")
_SIGNS = frozenset("".join(_READ_AS.values())) - frozenset("ljqz")
_CHUNK = re.compile(r"(?:[^\s,/:;=~\"“”„()\-–—]|(?<=\S)\((?=\S))+")
_MASKS = frozenset("*#%•")
_SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_]){2,}(?![^\W_])")
_INITIALS = re.compile(r"(?<![\w.'-])([a-z])[.·_*-]([a-z])(?![\w'-])")
_LONG_RUN = re.compile(r"(.)\1+")
_ENCODED = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{7,}={0,2}(?![\w+/=])")


def reading(word: str) -> str:
    """The word with look-alike signs and letters brought to one letter each; equal for all spellings of a name."""
    return word.translate(_CLASSES)


def spoken(word: str) -> str:
    """The word with its digits read as the letters they mostly stand for."""
    return word.translate(_DIGITS)


def sign_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Each chunk that mixes letters with digits or signs, and its place; with and without the signs around it."""
    for match in _CHUNK.finditer(text):
        chunk = match.group()
        if (_SIGNS | _MASKS).isdisjoint(chunk) or not any(char.isalpha() for char in chunk):
            continue
        ends = (chunk, chunk.rstrip(".!?"), chunk.rstrip(".!?*|+^'’"))
        for form in dict.fromkeys((*ends, *(end.lstrip("@#*!|.'") for end in ends))):
            if len(form) > 2:
                start = match.start() + chunk.index(form)
                yield form, start, start + len(form)


def masked(chunk: str) -> re.Pattern[str] | None:
    """What fits a word with some of its letters starred out; None if too little of it is left."""
    hidden = sum(char in _MASKS for char in chunk)
    if not hidden or len(chunk) < 6 or hidden > len(chunk) // 3 or not (chunk[0] + chunk[-1]).isalpha():
        return None
    return re.compile("".join("." if char in _MASKS else re.escape(char) for char in chunk))


def spelled_out(folded: Folded) -> Iterator[Folded]:
    """Each run of single letters set apart ("i n s t a", "i.n.s.t.a"), squeezed into a word."""
    for match in _SPELLED.finditer(folded.text):
        places = [place for place in range(*match.span()) if folded.text[place].isalnum()]
        letters = "".join(folded.text[place] for place in places)
        yield Folded(letters, (*(folded.offsets[place] for place in places), folded.offsets[match.end()]))


def initials(text: str) -> Iterator[tuple[str, int, int]]:
    """Each pair of letters with a sign between ("i.g.", "y-t"), and its place."""
    for match in _INITIALS.finditer(text):
        yield match[1] + match[2], *match.span()


def unstretched(word: str) -> str:
    """The word with every repeated letter written once: "instaaagram", "snappchat"."""
    return _LONG_RUN.sub(r"\1", word)


def mirrored(word: str) -> str:
    """The word read from its end; if letters stand on their heads, the page is turned as well."""
    if word.isascii():
        return word[::-1]
    return reading("".join(upright(char) for char in reversed(word)))


def rotated(word: str) -> str:
    """The word in rot13."""
    return codecs.encode(word, "rot13")


def decoded(display: str) -> Iterator[tuple[str, int, int]]:
    """The text inside each long base64 word, and the word's place."""
    for match in _ENCODED.finditer(display):
        if match.group().islower() or match.group().istitle():
            continue
        try:
            inside = base64.b64decode(match.group() + "=" * (-len(match.group()) % 4)).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if inside.isprintable():
            yield inside.lower(), *match.span()
