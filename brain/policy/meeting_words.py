"""Which words of a text are signs of a meeting, by the tables in `meeting_words/`, one a language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from brain.policy.tokens import Token

LANGUAGES = ("en", "es", "fr", "de", "pt", "it")
ANY_WORD = "_"
SPREAD = 1  # so many signs fewer than the likeliest language's, and a text may still be in another
_REMEMBERED = 20_000  # words whose entries are kept at hand
_SHARED = "all"


class Sign(NamedTuple):
    """What some words of a text show; `first` and `last` count its tokens."""

    kind: str
    first: int
    last: int


class _Entry(NamedTuple):
    """A phrase of a table: `rest` are the words after its first, each one of several."""

    language: str
    kind: str
    rest: tuple[frozenset[str], ...]


class _Begun(NamedTuple):
    """The phrases that one word begins: alone, by the word that must come next, and with a free next word."""

    alone: tuple[_Entry, ...]
    by_next: dict[str, list[_Entry]]
    free: tuple[_Entry, ...]


class MeetingWords:
    """The tables of some languages as one index, so that a text is gone through once for all of them."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._words: dict[str, list[_Entry]] = {}
        self._stems: dict[str, list[_Entry]] = {}
        self._known: dict[str, _Begun] = {}
        for language in languages:
            for kind, phrases in table(language).items():
                for phrase in phrases:
                    self._add(language, kind, phrase)

    def signs(self, tokens: Sequence[Token]) -> list[list[Sign]]:
        """The signs in a text, in the order of its words; a list for each language that it may be written in.

        There is always one, for an hour ("8?") is a sign without a word.
        """
        found: dict[str, list[Sign]] = {}
        for place, token in enumerate(tokens):
            begun = self._begun(token.text)
            entries: Iterable[_Entry] = begun.alone
            if place + 1 < len(tokens):
                entries = (*entries, *begun.by_next.get(tokens[place + 1].text, ()), *begun.free)
            for entry in entries:
                last = place + len(entry.rest)
                if last < len(tokens) and _follows(tokens, place, entry.rest):
                    found.setdefault(entry.language, []).append(Sign(entry.kind, place, last))
        likely = {language: sum(map(_is_telling, signs)) for language, signs in found.items()}
        most = max(likely.values(), default=0)
        return [signs for language, signs in found.items() if likely[language] >= most - SPREAD] or [[]]

    def _begun(self, word: str) -> _Begun:
        """The phrases that a word may begin; sorted when it is first met, for most tables' words never are."""
        known = self._known.get(word)
        if known is None:
            stems = (self._stems.get(word[:size], ()) for size in range(1, len(word) + 1))
            known = _sorted([*self._words.get(word, ()), *(entry for entries in stems for entry in entries)])
            if len(self._known) < _REMEMBERED:
                self._known[word] = known
        return known

    def _add(self, language: str, kind: str, phrase: str) -> None:
        first, *rest = (frozenset(words.split("|")) for words in phrase.split())
        entry = _Entry(language, kind, tuple(rest))
        for word in first:
            if word.endswith("*"):
                self._stems.setdefault(word[:-1], []).append(entry)
            else:
                self._words.setdefault(word, []).append(entry)


@cache
def meeting_words(languages: tuple[str, ...]) -> MeetingWords:
    """The index of these languages, built once: it takes most of the time that making rules ready does."""
    return MeetingWords(languages)


@cache
def points() -> dict[str, int]:
    """What each sign counts for a meeting, or against it."""
    found: dict[str, int] = _document(_SHARED)["points"]
    return found


@cache
def table(language: str) -> dict[str, tuple[str, ...]]:
    """The signs of a language, each with the phrases that show it; its nouns have a file of their own."""
    documents = (_document(language), _document(f"{language}_things"))
    kinds = dict.fromkeys(kind for document in documents for kind in document)
    return {
        kind: tuple(phrase for document in documents for phrase in _phrases(document.get(kind, ""))) for kind in kinds
    }


def _is_telling(sign: Sign) -> bool:
    """Whether a sign tells the language: a small word, or several words in a row."""
    return sign.kind == "glue" or sign.last > sign.first


def _sorted(entries: Iterable[_Entry]) -> _Begun:
    alone, free = [], []
    by_next: dict[str, list[_Entry]] = {}
    for entry in entries:
        if not entry.rest:
            alone.append(entry)
        elif ANY_WORD in entry.rest[0] or any(word.endswith("*") for word in entry.rest[0]):
            free.append(entry)
        else:
            for word in entry.rest[0]:
                by_next.setdefault(word, []).append(entry)
    return _Begun(tuple(alone), by_next, tuple(free))


def _phrases(words: str) -> Iterator[str]:
    for phrase in _parted(words):
        if "<city>" in phrase:
            yield from (phrase.replace("<city>", city) for city in _parted(_document(_SHARED)["shared"]["city"]))
        else:
            yield phrase


def _parted(words: str) -> list[str]:
    return [phrase.strip() for phrase in words.replace("\n", ",").split(",") if phrase.strip()]


def _follows(tokens: Sequence[Token], place: int, rest: Sequence[frozenset[str]]) -> bool:
    for step, words in enumerate(rest, 1):
        word = tokens[place + step].text
        if word in words or ANY_WORD in words:
            continue
        if not any(stem.endswith("*") and word.startswith(stem[:-1]) for stem in words):
            return False
    return True


@cache
def _document(name: str) -> dict[str, Any]:
    return tomllib.loads(files("brain.policy").joinpath(f"meeting_words/{name}.toml").read_text(encoding="utf-8"))
