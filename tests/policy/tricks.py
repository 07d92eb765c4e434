"""Ways to hide a name, each a function from a name to how somebody might type it. Chance comes from a seed."""

from __future__ import annotations

import base64
import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

LEET = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5", "t": "7", "b": "8", "g": "9"}
SIGNS = {"a": "@", "s": "$", "i": "!", "e": "€", "c": "(", "t": "+", "l": "|"}
CYRILLIC = {
    "a": "а",
    "e": "е",
    "o": "о",
    "p": "р",
    "c": "с",
    "x": "х",
    "i": "і",
    "s": "ѕ",
    "y": "у",
    "k": "к",
    "h": "һ",
}
GREEK = {"o": "ο", "a": "α", "i": "ι", "v": "ν", "p": "ρ", "t": "τ", "k": "κ", "u": "υ"}
SMALL_CAPS = dict(zip("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
UPSIDE_DOWN = dict(zip("abcdefghijklmnopqrtuvwxyz", "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹʇnʌʍxʎz", strict=True))
HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\ufe0f"


def _shifted(start: int) -> Callable[[str, random.Random], str]:
    return lambda name, _chance: "".join(chr(start + ord(c) - ord("a")) if "a" <= c <= "z" else c for c in name)


def _by_table(table: dict[str, str], share: float) -> Callable[[str, random.Random], str]:
    def write(name: str, chance: random.Random) -> str:
        can = [place for place, char in enumerate(name) if char in table]
        chosen = set(chance.sample(can, max(1, round(len(can) * share)))) if can else set()
        return "".join(table[char] if place in chosen else char for place, char in enumerate(name))

    return write


def _spaced(separator: str) -> Callable[[str, random.Random], str]:
    return lambda name, _chance: separator.join(name)


def _split(separator: str) -> Callable[[str, random.Random], str]:
    def write(name: str, chance: random.Random) -> str:
        place = chance.randrange(2, len(name) - 1)
        return name[:place] + separator + name[place:]

    return write


def _slip(name: str, chance: random.Random) -> str:
    """One slip of the finger behind the first letter."""
    place = chance.randrange(2, len(name) - 1)
    return chance.choice(
        [
            name[:place] + name[place + 1 :],
            name[:place] + name[place] + name[place:],
            name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :],
            name[:place] + "x" + name[place + 1 :],
        ]
    )


def _any_case(name: str, chance: random.Random) -> str:
    return "".join(chance.choice([char.upper(), char]) for char in name)


def _stacked(name: str, chance: random.Random) -> str:
    return "".join(char + "".join(chr(chance.randrange(0x300, 0x36F)) for _ in range(3)) for char in name)


def _with_hidden(name: str, chance: random.Random) -> str:
    return "".join(char + chance.choice(HIDDEN) for char in name)


def _stretched(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(name))
    return name[:place] + name[place] * 3 + name[place:]


TRICKS: dict[str, Callable[[str, random.Random], str]] = {
    "random case": _any_case,
    "some leet": _by_table(LEET, 0.5),
    "all leet": _by_table(LEET, 1.0),
    "signs": _by_table(SIGNS, 0.6),
    "some Cyrillic": _by_table(CYRILLIC, 0.6),
    "all Cyrillic": _by_table(CYRILLIC, 1.0),
    "Greek": _by_table(GREEK, 0.6),
    "hidden characters": _with_hidden,
    "letters apart": _spaced(" "),
    "letters dotted": _spaced("."),
    "letters dashed": _spaced(" - "),
    "letters underlined": _spaced("_"),
    "split by a space": _split(" "),
    "split by a dot": _split("."),
    "split by a dash": _split("-"),
    "split by a star": _split("*"),
    "bold": _shifted(0x1D41A),
    "script": _shifted(0x1D4EA),
    "circled": _shifted(0x24D0),
    "in brackets": _shifted(0x249C),
    "wide": _shifted(0xFF41),
    "squared": _shifted(0x1F130),
    "negative squared": _shifted(0x1F170),
    "regional": _shifted(0x1F1E6),
    "small capitals": _by_table(SMALL_CAPS, 1.0),
    "stacked marks": _stacked,
    "stretched": _stretched,
    "one slip": _slip,
    "reversed": lambda name, _chance: name[::-1],
    "upside down": lambda name, _chance: "".join(UPSIDE_DOWN.get(char, char) for char in reversed(name)),
    "rot13": lambda name, _chance: codecs.encode(name, "rot13"),
    "base64": lambda name, _chance: base64.b64encode(name.encode()).decode(),
}
