"""Does a reply repeat eight words in a row from a training reply? Answered by hashes, whatever the size of the bank."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

RUN = 8  # words
Shingles = NDArray[np.uint64]
_WORD = re.compile(r"\w+(?:'\w+)*")


def shingles(replies: Iterable[str]) -> Shingles:
    """The hashes of every run of eight words in these replies, sorted, each once; shape (runs,)."""
    hashes = {value for reply in replies for value in _hashes(reply)}
    return np.sort(np.fromiter(hashes, np.uint64, len(hashes)))


def copied(reply: str, known: Shingles) -> bool:
    """Whether some run of eight words of the reply is known; case and punctuation aside."""
    runs = np.fromiter(_hashes(reply), np.uint64)
    if not len(runs) or not len(known):
        return False
    at = np.minimum(np.searchsorted(known, runs), len(known) - 1)
    return bool((known[at] == runs).any())


def _hashes(reply: str) -> list[int]:
    words = _WORD.findall(reply.casefold().replace("’", "'"))
    return [
        int.from_bytes(hashlib.blake2b(" ".join(words[at : at + RUN]).encode(errors="replace"), digest_size=8).digest())
        for at in range(len(words) - RUN + 1)
    ]
