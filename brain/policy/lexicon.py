"""The names that a policy forbids and how they are written in the lexicon."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from brain.models import Value

Cue = Literal[
    "alone", "on", "bare", "have", "does", "subject", "stats", "foreign",
    "own", "add", "noun", "handle", "capital", "peer",
]  # fmt: skip


class Word(Value):
    """A name that is also an ordinary word: which company makes it a name, which unmakes it.

    It counts if one cue of `enough` is there, or any two cues, one of `requires` among them where it has any. Words
    right `after` or `before` it settle it at once; the `never_` lists rule it out. It is an ordinary word in its
    `native` languages; in a sentence of any other it has the cue `foreign`.
    """

    name: str = Field(min_length=1)
    enough: tuple[Cue, ...] = ()
    requires: tuple[Cue, ...] = ()
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    never_after: frozenset[str] = frozenset()
    never_before: frozenset[str] = frozenset()
    never_near: frozenset[str] = frozenset()
    native: frozenset[str] = frozenset({"en"})


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
    bare: frozenset[str]
    closing: frozenset[str]
    does: frozenset[str]
    have: frozenset[str]
    finite: frozenset[str]
    moves: frozenset[str]
    to: frozenset[str]
    latest: frozenset[str]
    stats: frozenset[str]
    of: frozenset[str]
    articles: frozenset[str]
    own: frozenset[str]
    verbs: frozenset[str]
    me: frozenset[str]
    nouns: frozenset[str]
    negations: frozenset[str]


class Lexicon(Value):
    """All names a policy knows: allowed, spelled by ear, found with no slip in them; and the ordinary words near one.

    `allowed` holds regular expressions over the folded text; they are looked at first. `plain` lists, by category,
    platforms that have one name and nothing else; they stand among the `platforms` too.
    """

    allowed: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    by_ear: frozenset[str]
    never_misspelt: frozenset[str]
    ordinary: frozenset[str]
    cues: CueWords
    plain: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    platforms: tuple[Platform, ...]

    @model_validator(mode="after")
    def _with_plain(self) -> Self:
        named = (_known_as(name, category) for category, names in self.plain.items() for name in names)
        object.__setattr__(self, "platforms", (*self.platforms, *named))
        object.__setattr__(self, "plain", {})
        return self


def _known_as(name: str, category: str) -> Platform:
    """The platform of one name: one word is looked for in one piece only, since two may be ordinary words."""
    place = "names" if " " in name else "apart"
    return Platform.model_validate({"id": name.replace(" ", "-"), "category": category, place: (name,)})
