"""A reply with its content taken out: function words and punctuation stay, every other word becomes its shape.

After POSNoise (Halvani and Graner 2021) and text distortion (Stamatatos 2017), without a tagger: a name, a product and
a topic leave no trace, the way a sentence is built does.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from brain.style_words import FUNCTION_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TOKEN = re.compile(r"https?://\S+|\n+|[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]+|_+| {2,}")
_KNOWN_LANGUAGE = 0.2
_COMMONEST = 100


def masker(texts: Sequence[str]) -> Callable[[str], list[str]]:
    """The mask for these texts' language.

    English words are known; where they make up less than a fifth, the hundred words in most of the texts stand in.
    """
    spread: Counter[str] = Counter()
    total = known = 0
    for text in texts:
        words = [token.casefold() for token in _TOKEN.findall(text) if token[0].isalpha()]
        total += len(words)
        known += sum(word in FUNCTION_WORDS for word in words)
        spread.update(set(words))
    if total and known / total >= _KNOWN_LANGUAGE:
        kept = FUNCTION_WORDS
    else:
        ranked = sorted(spread.items(), key=lambda item: (-item[1], item[0]))
        kept = frozenset(word for word, count in ranked[:_COMMONEST] if count > 1)
    return lambda text: [_masked(token, kept) for token in _TOKEN.findall(text)]


def _masked(token: str, kept: frozenset[str]) -> str:
    if token.casefold().replace("’", "'") in kept:
        return token
    if token[0].isalpha():
        return "link" if token.startswith("http") and "://" in token else _shape(token)
    if token[0].isdigit():
        return "9"
    return token[:3]


def _shape(word: str) -> str:
    if len(word) > 1 and word.isupper():
        return "XX"
    first = "X" if word[0].isupper() else "x"
    rest = "X" if any(char.isupper() for char in word[1:]) else "x"
    return first + rest + ("'" if "'" in word or "’" in word else "")
