"""Phone numbers written in words: "zero seven, double four, nine one"."""

from __future__ import annotations

import re

DIGITS_AT_LEAST = 7
WORDS_AT_LEAST = 3  # fewer is a number written in figures

_UNITS = (
    "zero oh o one two three four five six seven eight nine cero uno dos tres cuatro cinco seis siete ocho nueve"
    " un deux trois quatre cinq six sept huit neuf null eins zwo zwei drei vier funf sechs sieben acht neun um"
    " dois tres quatro sete oito nove meia due tre quattro cinque sei sette otto"
)
_TENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty"
    " sixty seventy eighty ninety diez once doce trece catorce quince dieciseis veinte treinta cuarenta"
    " cincuenta sesenta setenta ochenta noventa dix onze douze treize quatorze quinze seize vingt vingts trente"
    " quarante cinquante soixante zehn elf zwolf zwanzig dreissig vierzig funfzig sechzig siebzig achtzig"
    " neunzig dez doze quinze vinte trinta quarenta cinquenta sessenta oitenta noventa dieci undici dodici"
    " venti trenta quaranta cinquanta sessanta settanta ottanta novanta"
)
_REPEATS = {"double": 1, "doble": 1, "doppel": 1, "triple": 2, "hundred": 2}
_JOINING = frozenset({"and", "y", "et", "und", "e"})
_VALUES = dict.fromkeys(_UNITS.split(), 1) | dict.fromkeys(_TENS.split(), 2)
_RUN = re.compile(
    rf"\b(?:(?:{'|'.join(sorted({*_VALUES, *_REPEATS, *_JOINING}, key=len, reverse=True))}|\d{{1,4}})\b[\s,.-]*){{4,}}"
)
_COUNTING = re.compile(
    r"one\W+two\W+three|two\W+three\W+four|uno\W+dos\W+tres|un\W+deux\W+trois|eins\W+zwei\W+drei|um\W+dois\W+tres"
    r"|uno\W+due\W+tre|three\W+two\W+one"
)


def spelt_number(text: str) -> tuple[int, int] | None:
    """Where a folded text spells out so many digits that they can only be dialled; counting aloud is left alone."""
    for match in _RUN.finditer(text):
        words = re.findall(r"\w+", match.group())
        spelt = [word for word in words if word in _VALUES]
        digits = sum(_VALUES.get(word, _REPEATS.get(word, len(word) if word.isdecimal() else 0)) for word in words)
        if digits >= DIGITS_AT_LEAST and len(spelt) >= WORDS_AT_LEAST and not _COUNTING.match(match.group()):
            return match.span()
    return None
