"""Replies that stop in the middle: of a word, of a bracket, or after a word that no sentence ends with."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from brain.style import LONGEST
from brain.style_marks import EMOTICON
from brain.style_words import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]*)?)\s*\Z")
_HANGING = ARTICLES | {
    *("my", "your", "our", "their", "and", "or", "because", "of", "from", "into", "if", "which", "whose", "every"),
    *("i'm", "you're", "we're", "they're", "i'll", "i'd", "i've", "you've", "we've", "am", "very"),
}
_OPEN_MARK = re.compile(r"[,;(\[{/&+=–—]\s*\Z|\s-\s*\Z|\w-\Z")
_SHORTEST_WORD = 2


class CutEnds:
    """Knows the words of both parties, so that it tells a cut word from a short one."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Learn the vocabulary."""
        self._known = {word.casefold() for text in texts for word in _WORD.findall(text[:LONGEST])}
        self._ordered = sorted(self._known)

    def reason(self, reply: str) -> str:
        """Why the reply seems cut, in words; empty where it does not."""
        text = EMOTICON.sub("☺", reply.rstrip())
        if text.count("(") > text.count(")") and text[-1:] not in ".!?":
            return "an open bracket is never closed"
        if _OPEN_MARK.search(text):
            return f'it ends in "{text[-1]}"'
        found = _LAST_WORD.search(text)
        if found is None:
            return ""
        word = found[1].casefold().replace("’", "'")
        if word in _HANGING and len(text.split()) > 1:
            return f'it ends in "{found[1]}"'
        return f'it ends in the middle of a word, "{found[1]}"' if self._is_start(word) else ""

    def _is_start(self, word: str) -> bool:
        """Whether nobody has said the word and somebody said a longer one that begins with it."""
        if len(word) < _SHORTEST_WORD or not word.isascii() or word in self._known:
            return False
        at = bisect_left(self._ordered, word)
        return at < len(self._ordered) and self._ordered[at].startswith(word)
