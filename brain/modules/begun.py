"""A reply that was stopped and goes on: what a model writes next, joined to what stands already."""

from __future__ import annotations

import re

_ENDS = (".", "!", "?", "…", ",", ";", ":", ")", "\n")
# Chinese, Japanese, Thai, Lao, Khmer and Burmese write no spaces between words.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def whole_words(text: str) -> str:
    """The text without a last word that may be half a word: nothing tells what its other half was."""
    text = text.rstrip(" \t")
    if not text or text.endswith(_ENDS) or not text[-1].isalnum() or _UNSPACED.match(text[-1]):
        return text
    cut = max(text.rfind(" "), text.rfind("\n"))
    return text[:cut].rstrip(" \t") if cut > 0 else text


def joined(begun: str, more: str) -> str:
    """One text of what stood already and what was written after it. What a model says again is said once."""
    more = more.strip()
    if more.casefold().startswith(begun.strip().casefold()):
        return begun + more[len(begun.strip()) :]
    said_again = next((size for size in range(min(len(begun), len(more)), 7, -1) if begun.endswith(more[:size])), 0)
    rest = more[said_again:]
    if not rest.strip():
        return begun
    unspaced = _UNSPACED.match(begun[-1:]) and _UNSPACED.match(rest[0])
    new_word = not said_again and not begun.endswith(("\n", " ")) and rest[0] not in ",.;:!?)" and not unspaced
    return f"{begun}{' ' if new_word else ''}{rest}"
