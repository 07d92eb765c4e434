"""The names that a policy forbids and how they are written in the lexicon."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from brain.models import Value

Cue = Literal["alone", "on", "own", "add", "noun", "handle", "capital", "peer"]


class Word(Value):
    """A name that is also an ordinary word: which company makes it a name, which unmakes it.

    It counts if one cue of `enough` is there, or any two cues; never without one of `requires`, if given.
    Words right `after` or `before` it settle it at once; the `never_` lists rule it out.
    """

    name: str = Field(min_length=1)
    enough: tuple[Cue, ...] = ()
    requires: tuple[Cue, ...] = ()
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    never_after: frozenset[str] = frozenset()
    never_before: frozenset[str] = frozenset()
    never_near: frozenset[str] = frozenset()


class Platform(Value):
    """A platform and all it answers to.

    `names` always mean it; those of `apart` only in one piece, for in two they are ordinary words ("we chat");
    `words` may mean it; `hosts` are registered by it. An `exact` one is never looked for in disguise.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    category: str = "social_platforms"
    names: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    hosts: tuple[str, ...] = ()
    exact: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name it has, the id first."""
        return (self.id, *self.names, *self.apart, *(word.name for word in self.words))


class CueWords(Value):
    """The words around a name that show it is one, in all languages together."""

    on: frozenset[str]
    own: frozenset[str]
    verbs: frozenset[str]
    me: frozenset[str]
    nouns: frozenset[str]
    negations: frozenset[str]


class Handoffs(Value):
    """Ways to lead somebody to another place without its name; regular expressions over the folded text."""

    sure: tuple[str, ...]
    maybe: tuple[str, ...]
    there: tuple[str, ...]
    request: tuple[str, ...]


class Lexicon(Value):
    """All names a policy knows, those it allows, those people misspell, and ordinary words near a name.

    `allowed` holds regular expressions over the folded text; they are looked at first.
    """

    allowed: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    misspelt: tuple[str, ...]
    ordinary: frozenset[str]
    cues: CueWords
    handoffs: Handoffs
    platforms: tuple[Platform, ...]
