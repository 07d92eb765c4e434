"""Which of the six languages a text is written in: a vote of the small words that none of them can do without."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from brain.policy.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Message
    from brain.policy.policy import Language

UNSURE: Language = "en"
CLEAR = 2  # votes that no chance brings together
REMEMBERED = 128  # texts: one is asked about for every word of it that may be a name
RECENT = 6  # messages of a conversation that are asked
_WORD = re.compile(r"[^\W\d_]+")
_OWN_LETTERS: dict[Language, str] = {"es": "ñ¿¡", "fr": "œ", "de": "ßäöü", "pt": "ãõ", "it": "ìò"}
_LETTERS = {letter: language for language, letters in _OWN_LETTERS.items() for letter in letters}


@lru_cache(maxsize=REMEMBERED)
def language_of(text: str) -> Language:
    """The language of a text; English when the vote is not clear."""
    words = _WORD.findall(fold(text).text)
    votes = {language: sum(word in known for word in words) for language, known in _small_words().items()}
    for letter in set(text.lower()) & _LETTERS.keys():
        votes[_LETTERS[letter]] += 1
    first, second = sorted(votes, key=lambda language: votes[language], reverse=True)[:2]
    clear = votes[first] > votes[second] and (votes[first] >= CLEAR or len(words) <= 2)
    return first if clear else UNSURE


@lru_cache(maxsize=REMEMBERED)
def may_be_in(text: str, languages: frozenset[str]) -> bool:
    """Whether the vote leaves it open that a text is in one of these languages."""
    votes = _votes(text, _WORD.findall(fold(text).text))
    most = max(votes.values())
    return most < CLEAR or any(votes[language] == most for language in votes if language in languages)


def language_spoken(messages: Sequence[Message]) -> Language:
    """The language of the newest messages, of both sides together; English when they leave it open."""
    return language_of("\n".join(message.content for message in messages[-RECENT:]))


@cache
def small_words() -> frozenset[str]:
    """The small words of all six languages together, folded."""
    return frozenset().union(*_small_words().values())


def _votes(text: str, words: Sequence[str]) -> dict[Language, int]:
    votes = {language: sum(word in known for word in words) for language, known in _small_words().items()}
    for letter in set(text.casefold()) & _LETTERS.keys():
        votes[_LETTERS[letter]] += 1
    return votes


@cache
def _small_words() -> dict[Language, frozenset[str]]:
    lists: Any = tomllib.loads(files("brain.policy").joinpath("small_words.toml").read_text(encoding="utf-8"))
    return {language: frozenset(words.split()) for language, words in lists.items()}
