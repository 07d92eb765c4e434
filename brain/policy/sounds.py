"""Names written the way they sound: "iutub", "watzap", "esnapchat"."""

from __future__ import annotations

import re

# In this order: each rule reads what the ones before it left.
_RULES = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        (r"^e(?=s[bcdfgklmnpt])", ""),  # Spanish and Portuguese put a vowel before s and a consonant
        (r"^g?[uw]h?(?=[aei])", "w"),
        (r"ph", "f"),
        (r"ch", "C"),
        (r"sch|sh", "S"),
        (r"c(?=[eiy])|z", "s"),
        (r"ck|qu|q|c|x", "k"),
        (r"wh?|hu(?=a)", "u"),
        (r"h", ""),
        (r"^ll|[yj]", "i"),
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"(.)\1+", r"\1"),
        (r"(?<=..)e$", ""),
    )
)


def sound(word: str) -> str:
    """A rough key of how a folded word sounds; equal for spellings that are read alike."""
    for spelling, key in _RULES:
        word = spelling.sub(key, word)
    return word
