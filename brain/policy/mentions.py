"""What a search for names finds, and the table it searches in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.fold import Folded, fold
from brain.policy.lexicon import Cue, Platform, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NO_LETTER = re.compile(r"[\W_]+")
SHORTEST_SPLIT = 6  # a shorter name in pieces is found in ordinary words
_APART_CUES: tuple[Cue, ...] = ("on", "own", "add", "noun", "handle", "capital", "peer")


class Mention(NamedTuple):
    """A platform that a text names; `start` and `end` are places in the display text."""

    platform: str
    category: str
    start: int
    end: int
    how: str
    confidence: float


class Name(NamedTuple):
    """One way to name a platform; `word` holds the cues it needs, None for a name that needs none."""

    platform: Platform
    word: Word | None = None

    def at(self, folded: Folded, start: int, end: int, how: str, confidence: float) -> Mention:
        """The mention of it at a place in the match copy."""
        return Mention(self.platform.id, self.platform.category, *folded.span(start, end), how, confidence)


def names_in_one_piece(platforms: Iterable[Platform]) -> dict[str, Name]:
    """What a single word may name, by its letters."""
    found: dict[str, Name] = {}
    for platform in platforms:
        # A word written in one piece goes before its namesake in two.
        words = sorted(platform.words, key=lambda word: not _is_spaced(word.name))
        found |= {key(word.name): Name(platform, word) for word in words}
        found |= {key(name): Name(platform) for name in (*platform.names, *platform.apart)}
    return found


def names_in_pieces(platforms: Iterable[Platform]) -> dict[str, Name]:
    """What several words in a row may name, by their letters: long names, and names written in several words."""
    found: dict[str, Name] = {}
    for platform in platforms:
        doubtful = [*platform.apart, *(name for name in _lone_words(platform) if len(name) == SHORTEST_SPLIT - 1)]
        if not platform.exact:
            full = (word.name for word in platform.words if word.name == platform.id)
            doubtful += [name for name in full if len(name) >= SHORTEST_SPLIT - 1]
        found |= {key(name): Name(platform, Word(name=name, enough=_APART_CUES)) for name in doubtful}
        found |= {key(word.name): Name(platform, word) for word in platform.words if _is_spaced(word.name)}
        spaced = [name for name in platform.names if _is_spaced(name)]
        long = [name for name in _lone_words(platform) if len(name) >= SHORTEST_SPLIT]
        found |= {key(name): Name(platform) for name in (*spaced, *long)}
    return found


def unmistakable(names: Mapping[str, Name]) -> dict[str, Name]:
    """The names that need no cue. A word whose company may rule it out is among them: disguised, it is a name."""
    return {
        letters: Name(name.platform)
        for letters, name in names.items()
        if not name.platform.exact and (name.word is None or "alone" in name.word.enough)
    }


def key(name: str) -> str:
    """The letters and digits of a name, or the sign it is (an emoji)."""
    return _NO_LETTER.sub("", fold(name).text) or name


def _lone_words(platform: Platform) -> list[str]:
    """The names in one word that need no cue."""
    words = [word.name for word in platform.words if "alone" in word.enough]
    return [] if platform.exact else [name for name in (*platform.names, *words) if not _is_spaced(name)]


def _is_spaced(name: str) -> bool:
    return key(name) != fold(name).text
