"""What a talk was about, without a model: the words said in more of its messages than the two of them usually do.

Each is worth its part in the divergence from the texts of the demo bank (pointwise Kullback-Leibler divergence,
Tomokiyo and Hurst 2003).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.fold import fold
from brain.policy.language import small_words

if TYPE_CHECKING:
    from collections.abc import Collection

    from brain.demos import DemoBank

# Whole words; no part of an address, of "don't" or of a compound.
_WORD = re.compile(r"(?<![\w@#/'’-])(?<!\w\.)[^\W\d_]{2,24}(?![\w@/'’-]|[.:][\w/])")
_FEWEST_LETTERS = 4  # of a word in Latin letters: shorter ones tell little
_MOST_READ = 1_000  # rows of a bank, evenly spaced


class Usual(NamedTuple):
    """How many texts were read, and in how many of them each word stands."""

    texts: int = 0
    holding: Counter[str] = Counter()  # noqa: RUF012  a value like the other, never changed


@lru_cache(maxsize=4)
def usual_words(bank: DemoBank | None) -> Usual:
    """What is usual in a bank; some 10 ms the first time."""
    if bank is None or not len(bank):
        return Usual()
    rows = [bank.row(at) for at in range(0, len(bank), -(-len(bank) // _MOST_READ))]
    texts = [text for row in rows for text in (row.message, row.reply)]
    return Usual(len(texts), _holding(texts))


def telling_words(texts: Collection[str], usual: Usual) -> list[str]:
    """The words of these texts, the most telling first; small words of the six languages are none of them."""
    said, every = _holding(texts), usual.texts + len(texts) + 1

    def worth(word: str) -> float:
        return said[word] * math.log(said[word] / len(texts) * every / (1 + usual.holding[word]))

    return sorted(filter(_tells, said), key=worth, reverse=True)


def _holding(texts: Collection[str]) -> Counter[str]:
    return Counter(word for text in texts for word in dict.fromkeys(map(str.casefold, _WORD.findall(text))))


def _tells(word: str) -> bool:
    plain = fold(word).text
    return plain not in small_words() and (len(plain) >= _FEWEST_LETTERS or not plain.isascii())
