"""Ways people hide a name from a program, one function each: what they would type instead of it.

Every technique takes the name in small letters and a source of chance, so that the same seed makes the same
disguises. The tables behind the letters are Unicode's own (`evals.topics.letterforms`).
"""

from __future__ import annotations

import base64
import codecs
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from evals.topics.letterforms import (
    INVISIBLE,
    STACKABLE,
    STYLES,
    ZERO_WIDTH,
    accented,
    look_alikes,
    styled,
    upside_down,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

    Disguise = Callable[[str, random.Random], str]

SHORTEST = 5  # letters; disguises of shorter names are ordinary words
_SHORTEST_SLIP = 6  # a shorter name with a slip in it is too often an ordinary word
_BAR, _BAR_REVERSED = 0.9, 0.8
_LEET = {
    "a": "4", "b": "8", "e": "3", "g": ("9", "6"), "i": "1", "l": "1", "o": "0", "s": "5", "t": "7", "z": "2",
}  # fmt: skip
_SIGNS = {"a": "@", "c": ("(", "¢"), "e": "€", "i": ("!", "|"), "l": ("|", "£"), "s": "$", "t": ("+", "†"), "y": "¥"}
_SEPARATORS = ("/", "|", "·", "•", ",", "~", "+", "=", ":", "'", " * ", " | ", "--", "  ")
_SPLITTERS = ("*", "/", "|", "·", "•", ",", "~", "+", "'", " . ", " - ", "--", "...", "✨", " 🌸 ")
_EMOJI = ("✨", "🌸", "❤️", "🔥", "👀", "☕", "⭐")
# Which keys lie beside each on the most common keyboard.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Technique(NamedTuple):
    """A way to hide a name of at least `shortest` letters; `bar` is the share a filter should catch, 0.0 to 1.0.

    `of_derived` is false where it makes no sense for a name that is itself an inflection or a slip of another.
    """

    name: str
    write: Disguise
    shortest: int = SHORTEST
    bar: float = _BAR
    of_derived: bool = True


def _by_table(table: Mapping[str, str | Sequence[str]], share: float, name: str, chance: random.Random) -> str:
    """That share of the letters in the table, one at least, each by one of its other forms."""
    able = [place for place, char in enumerate(name) if char in table]
    chosen = set(chance.sample(able, max(1, round(len(able) * share)))) if able else set()
    return "".join(chance.choice(table[char]) if place in chosen else char for place, char in enumerate(name))


def _look_alike(script: str, share: float, name: str, chance: random.Random) -> str:
    return _by_table(look_alikes(script), share, name, chance)


def _in_capitals(script: str, name: str, chance: random.Random) -> str:
    table = look_alikes(script, capitals=True)
    return "".join(chance.choice(table.get(char, (char.upper(),))) for char in name)


def _in_style(style: str, name: str, _chance: random.Random) -> str:
    table = styled(style)
    return "".join(table.get(char, char) for char in name)


def _in_many_styles(name: str, chance: random.Random) -> str:
    return "".join(_in_style(chance.choice(list(STYLES)), char, chance) for char in name)


def _apart(separators: Sequence[str], name: str, chance: random.Random) -> str:
    return chance.choice(separators).join(name)


def _split(separators: Sequence[str], name: str, chance: random.Random) -> str:
    """In two pieces of two letters at least: a lone letter at either end is a slip, not a split."""
    place = chance.randrange(2, len(name) - 1)
    return name[:place] + chance.choice(separators) + name[place:]


def _with_hidden(hidden: str, name: str, chance: random.Random) -> str:
    return "".join(char + chance.choice(hidden) for char in name[:-1]) + name[-1]


def _any_case(name: str, chance: random.Random) -> str:
    return "".join(chance.choice((char.upper(), char)) for char in name)


def _accented(name: str, chance: random.Random) -> str:
    return _by_table(accented(), 0.6, name, chance)


def _stacked(name: str, chance: random.Random) -> str:
    return "".join(char + "".join(chance.choices(STACKABLE, k=chance.randint(1, 4))) for char in name)


def _stretched(name: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(name))
    return name[:place] + name[place] * chance.randint(2, 5) + name[place:]


def _all_stretched(name: str, chance: random.Random) -> str:
    return "".join(char * chance.randint(2, 4) for char in name)


def _slip(name: str, chance: random.Random) -> str:
    """A letter lost, doubled, swapped with the next or hit beside its key; people seldom get the first one wrong."""
    place = chance.randrange(1, len(name) - 1)
    before, letter, after = name[:place], name[place], name[place + 1 :]
    return chance.choice(
        [
            before + after,
            before + letter * 2 + after,
            before + after[0] + letter + after[1:],
            before + chance.choice(_beside(letter)) + after,
        ]
    )


def _beside(letter: str) -> str:
    row = next((row for row in _ROWS if letter in row), letter)
    place = row.index(letter)
    return row[max(0, place - 1) : place] + row[place + 1 : place + 2] or letter


def _turned(name: str, _chance: random.Random) -> str:
    table = upside_down()
    return "".join(table.get(char, char) for char in reversed(name))


def _techniques() -> tuple[Technique, ...]:
    ways: dict[str, Disguise] = {
        "random case": _any_case,
        "some leet": partial(_by_table, _LEET, 0.5),
        "all leet": partial(_by_table, _LEET, 1.0),
        "signs": partial(_by_table, _SIGNS, 0.7),
        "leet and signs": partial(_by_table, _LEET | _SIGNS, 0.7),
        "accents": _accented,
        "some Cyrillic": partial(_look_alike, "CYRILLIC", 0.5),
        "all Cyrillic": partial(_look_alike, "CYRILLIC", 1.0),
        "some Greek": partial(_look_alike, "GREEK", 0.5),
        "all Greek": partial(_look_alike, "GREEK", 1.0),
        "Cyrillic capitals": partial(_in_capitals, "CYRILLIC"),
        "Greek capitals": partial(_in_capitals, "GREEK"),
        "any look-alikes": partial(_look_alike, "", 0.6),
        "zero width": partial(_with_hidden, ZERO_WIDTH),
        "any invisible": partial(_with_hidden, INVISIBLE),
        "letters spaced": partial(_apart, (" ",)),
        "letters dotted": partial(_apart, (".", ". ")),
        "letters dashed": partial(_apart, ("-", " - ", "–")),
        "letters underlined": partial(_apart, ("_",)),
        "letters starred": partial(_apart, ("*",)),
        "letters by other signs": partial(_apart, _SEPARATORS),
        "letters by emoji": partial(_apart, _EMOJI),
        "split by a space": partial(_split, (" ",)),
        "split by a dot": partial(_split, (".",)),
        "split by a dash": partial(_split, ("-",)),
        "split by an underline": partial(_split, ("_",)),
        "split by other signs": partial(_split, _SPLITTERS),
        **{style: partial(_in_style, style) for style in STYLES},
        "styles mixed": _in_many_styles,
        "stacked marks": _stacked,
        "stretched": _stretched,
        "all stretched": _all_stretched,
        "upside down": _turned,
        "rot13": lambda name, _chance: codecs.encode(name, "rot13"),
        "base64": lambda name, _chance: base64.b64encode(name.encode()).decode(),
    }
    return (
        *(Technique(name, write) for name, write in ways.items()),
        Technique("one slip", _slip, shortest=_SHORTEST_SLIP, of_derived=False),
        Technique("reversed", lambda name, _chance: name[::-1], bar=_BAR_REVERSED),
    )


TECHNIQUES = _techniques()
