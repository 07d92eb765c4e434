"""Whether a text shows one of the things that go ahead of the persona, in any of the languages of a table."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.language import language_of

if TYPE_CHECKING:
    from brain.policy.patterns import Patterns

_WORDS = 20_000  # words whose languages are remembered
_PARTED = dict.fromkeys(map(ord, "'’\"“”()[]¿¡?!.,:;…/-\n"), " ")


class Signal(NamedTuple):
    """The language it was said in, and the place in the folded text."""

    language: str
    start: int
    end: int


class Signals:
    """Reads folded texts with one table of patterns. Calls no model and keeps nothing but what it compiled."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._languages_of = lru_cache(maxsize=_WORDS)(self._begins)

    def find(self, text: str, before: str = "") -> Signal | None:
        """The place that shows it, the longest in the language of the text if that is plain.

        `before` is what the creator, folded too, said last.
        """
        found = [signal for language in self._likely_languages(text) if (signal := self._find(language, text, before))]
        if before and not found:
            found = [
                signal for language in self._patterns.languages if (signal := self._answer(language, text, before))
            ]
        if len(found) < 2:
            return found[0] if found else None
        spoken = language_of(text)
        return max(found, key=lambda signal: (signal.language == spoken, signal.end - signal.start))

    def _begins(self, word: str) -> tuple[str, ...]:
        return tuple(name for name in self._patterns.languages if word.startswith(self._patterns.stems(name)))

    def _likely_languages(self, text: str) -> tuple[str, ...]:
        """The languages that have a word in the text without which nothing can match."""
        found = {language for word in set(text.translate(_PARTED).split()) for language in self._languages_of(word)}
        return tuple(language for language in self._patterns.languages if language in found)

    def _find(self, language: str, text: str, before: str) -> Signal | None:
        shown = self._patterns.blot(language, "harmless", text)
        span = self._patterns.find(language, "sure", shown)
        if span is None:
            span = self._patterns.find(language, "likely", shown)
            if span and (
                self._patterns.find(language, "against", text)
                or (before and self._patterns.find(language, "counted", before))
            ):
                return None
        return Signal(language, *span) if span else None

    def _answer(self, language: str, text: str, before: str) -> Signal | None:
        """What is no statement alone may be one when it answers a question."""
        if not self._patterns.find(language, "asked", before):
            return None
        span = self._patterns.find(language, "answer", text)
        return Signal(language, *span) if span else None
