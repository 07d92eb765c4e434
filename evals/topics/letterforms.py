"""Other forms of the small letters a to z, from what Unicode publishes rather than from lists of our own.

Styled alphabets come from character names, look-alikes from the table of confusables (UTS #39) that the package
`confusable_homoglyphs` carries, invisible characters from the property Default_Ignorable_Code_Point.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from string import ascii_lowercase

# The names a styled alphabet goes by; a letter that the first lacks is looked up under the next, or stays plain.
STYLES = {
    "bold": ("MATHEMATICAL BOLD SMALL {}",),
    "italic": ("MATHEMATICAL ITALIC SMALL {}", "PLANCK CONSTANT"),
    "bold italic": ("MATHEMATICAL BOLD ITALIC SMALL {}",),
    "script": ("MATHEMATICAL SCRIPT SMALL {}", "SCRIPT SMALL {}"),
    "bold script": ("MATHEMATICAL BOLD SCRIPT SMALL {}",),
    "fraktur": ("MATHEMATICAL FRAKTUR SMALL {}",),
    "bold fraktur": ("MATHEMATICAL BOLD FRAKTUR SMALL {}",),
    "double-struck": ("MATHEMATICAL DOUBLE-STRUCK SMALL {}",),
    "sans-serif": ("MATHEMATICAL SANS-SERIF SMALL {}",),
    "monospace": ("MATHEMATICAL MONOSPACE SMALL {}",),
    "wide": ("FULLWIDTH LATIN SMALL LETTER {}",),
    "circled": ("CIRCLED LATIN SMALL LETTER {}",),
    "circled, negative": ("NEGATIVE CIRCLED LATIN CAPITAL LETTER {}",),
    "squared": ("SQUARED LATIN CAPITAL LETTER {}",),
    "squared, negative": ("NEGATIVE SQUARED LATIN CAPITAL LETTER {}",),
    "in brackets": ("PARENTHESIZED LATIN SMALL LETTER {}",),
    "regional": ("REGIONAL INDICATOR SYMBOL LETTER {}",),
    "small capitals": ("LATIN LETTER SMALL CAPITAL {}",),
    "raised": ("MODIFIER LETTER SMALL {}", "SUPERSCRIPT LATIN SMALL LETTER {}"),
}
# Letters that are other letters upside down; the rest are named TURNED in Unicode.
_UPSIDE_DOWN = {"b": "q", "c": "ɔ", "d": "p", "f": "ɟ", "g": "ƃ", "j": "ɾ", "n": "u", "p": "d", "q": "b", "u": "n"}
_TURNED = "aehikmrtvwy"
# Of Default_Ignorable_Code_Point, what is assigned and neither turns the reading direction nor is a control.
_IGNORABLE = (
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200E), (0x202A, 0x202A), (0x202C, 0x202D), (0x2060, 0x2064), (0x2066, 0x2066), (0x2068, 0x206F),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),
    (0xE0001, 0xE0001), (0xE0020, 0xE007F), (0xE0100, 0xE01EF),
)  # fmt: skip
INVISIBLE = "".join(chr(point) for first, last in _IGNORABLE for point in range(first, last + 1))
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f"
STACKABLE = "".join(map(chr, range(0x0300, 0x0370)))


@cache
def styled(style: str) -> dict[str, str]:
    """Each letter in one of STYLES; letters that Unicode has no such form of are missing."""
    found: dict[str, str] = {}
    for letter in ascii_lowercase:
        for name in STYLES[style]:
            char = _named(name.format(letter.upper()))
            if char and ("{}" in name or letter == "h"):
                found.setdefault(letter, char)
    return found


@cache
def look_alikes(script: str = "", *, capitals: bool = False) -> dict[str, tuple[str, ...]]:
    """What Unicode says is easily taken for each letter, or for its capital.

    Only letters of one script where its name is given ("CYRILLIC"); never an ASCII character.
    """
    from confusable_homoglyphs.confusables import confusables_data

    found: dict[str, tuple[str, ...]] = {}
    for letter in ascii_lowercase:
        twins = (str(entry["c"]) for entry in confusables_data.get(letter.upper() if capitals else letter, ()))
        if kept := tuple(twin for twin in twins if len(twin) == 1 and _is_of(script, twin)):
            found[letter] = kept
    return found


@cache
def upside_down() -> dict[str, str]:
    """Each letter as it looks with the page turned."""
    turned = {letter: char for letter in _TURNED if (char := _named(f"LATIN SMALL LETTER TURNED {letter.upper()}"))}
    return _UPSIDE_DOWN | turned


@cache
def accented() -> dict[str, tuple[str, ...]]:
    """Each letter with every mark that it makes one character with."""
    found = {}
    for letter in ascii_lowercase:
        composed = (unicodedata.normalize("NFC", letter + mark) for mark in STACKABLE)
        found[letter] = tuple(char for char in composed if len(char) == 1)
    return {letter: forms for letter, forms in found.items() if forms}


def _is_of(script: str, char: str) -> bool:
    if char.isascii():
        return False
    return not script or (unicodedata.name(char, "").startswith(script) and unicodedata.category(char) in {"Ll", "Lu"})


def _named(name: str) -> str | None:
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return None
