"""What one character stands for when a reader would take it for a plain letter.

Letter names come from Unicode itself, look-alikes from the published table that `confusable_homoglyphs` carries.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# "ᴀ", "🅰", "🄰", "ⓐ", "🇦", "⒜", "ɑ", "ł": the name says which letter it is.
_STYLED = re.compile(
    r"^(?:(?:CROSSED )?NEGATIVE (?:SQUARED|CIRCLED) LATIN CAPITAL LETTER|REGIONAL INDICATOR SYMBOL LETTER"
    r"|PARENTHESIZED LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL"
    r"|LATIN (?:SMALL|CAPITAL) LETTER(?: SCRIPT| DOTLESS| LONG| INSULAR| BLACKLETTER| SMALL CAPITAL)?) ([A-Z])"
    r"(?: WITH .*)?$"
)
_TURNED = re.compile(r"^LATIN SMALL LETTER (?:SIDEWAYS )?(?:TURNED|REVERSED) ([A-Z])(?: WITH .*)?$")
# Letters that are other letters upside down, which their names do not say; "ɟ" is folded to a j.
_UPSIDE_DOWN = {"u": "n", "n": "u", "d": "p", "p": "d", "b": "q", "q": "b", "ɔ": "c", "j": "f"}
SYMBOL = re.compile("[\u00d7\u2100-\u214f\u2200-\u23ff]")  # of mathematics and technique; some look like letters
_QUOTES = dict.fromkeys("‘’‛ʼʻ′´`＇ʹ", "'")
_DROPPED = frozenset("\u034f\u115f\u1160\u3164\uffa0\u2800")  # no ink, yet not of category Cf


@cache
def is_invisible(char: str) -> bool:
    """Whether the character leaves no ink and parts no words: joiners, directions, selectors, fillers."""
    return (
        char in _DROPPED
        or unicodedata.category(char) in {"Cf", "Cs"}
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or "\u180b" <= char <= "\u180f"
    )


@cache
def is_mark(char: str) -> bool:
    """Whether the character is drawn on the one before it."""
    return unicodedata.category(char) in {"Mn", "Me", "Mc"}


@cache
def is_latin(char: str) -> bool:
    """Whether the character belongs to the Latin script."""
    return char.isascii() or "LATIN" in unicodedata.name(char, "")


@cache
def plain(char: str) -> str:
    """The plain small letters behind a styled or accented one; the character itself if it is neither."""
    if char in _QUOTES:
        return "'"
    named = _STYLED.match(unicodedata.name(char, ""))
    return named.group(1).lower() if named else char


@cache
def look_alike(char: str) -> str | None:
    """The small ASCII letter that a letter, digit or symbol beyond ASCII is drawn like, in either case, or None.

    Letters that stand on their heads are read with the whole page turned, by `upright`.
    """
    return drawn_like(char) or drawn_like(char.upper())


@cache
def drawn_like(char: str) -> str | None:
    """The small ASCII letter that this very sign is drawn like: "Η" is an h although "η" is an n."""
    if char.isascii() or not (char.isalnum() or SYMBOL.match(char)) or upright(char) != char:
        return None
    # One step may lead to another look-alike: "н" is drawn as "ʜ", which is a small capital H.
    for twin in _twins().get(char, ()):
        letter = plain(twin).casefold()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            return letter
    return None


@cache
def upright(char: str) -> str:
    """The letter that an upside-down one shows when the page is turned."""
    if char in _UPSIDE_DOWN:
        return _UPSIDE_DOWN[char]
    turned = _TURNED.match(unicodedata.name(char, ""))
    return turned.group(1).lower() if turned else char


@cache
def _twins() -> dict[str, tuple[str, ...]]:
    """The Unicode table of confusables; read when the first letter of another script comes along."""
    from confusable_homoglyphs.confusables import confusables_data

    return {
        char: tuple(entry["c"] for entry in entries if len(entry["c"]) == 1)
        for char, entries in confusables_data.items()
    }
