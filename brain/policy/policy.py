"""What a client forbids: the policy as one frozen value."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from brain.models import Value
from brain.policy.fold import fold
from brain.policy.lexicon import Lexicon, Platform
from brain.policy.mentions import key

Language = Literal["en", "es", "fr", "de", "pt", "it"]


class Categories(Value):
    """Which of the built-in categories are forbidden."""

    social_platforms: bool = Field(strict=True)
    fan_platforms: bool = Field(strict=True)
    in_person: bool = Field(strict=True)
    contact_exchange: bool = Field(strict=True)


class PlatformChoices(Value):
    """Platforms the operator allows, and further ones they forbid, by any name."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


class ReleaseChoices(Value):
    """How a reply is let out: checked as a whole, or sentence by sentence; `max_chars` is the longest that is sent."""

    mode: Literal["message", "sentence"] = "message"
    max_chars: int = Field(default=600, strict=True, ge=40)


class OwnCategory(Value):
    """A topic of the operator's own: `names` are forbidden word for word, the rest is for a judge."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    definition: str = Field(min_length=1)
    names: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_new(self) -> Self:
        if self.id in Categories.model_fields:
            raise ValueError("is the id of a built-in category")
        return self


class Thresholds(Value):
    """From how many points on a text is blocked as a meeting, or worth asking a judge."""

    block_at: int = Field(strict=True, ge=1)
    unsure_at: int = Field(strict=True, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.unsure_at > self.block_at:
            raise ValueError("unsure_at is above block_at")
        return self


class Policy(Value):
    """All that the rules and a judge need to know; built by `load_policy`."""

    version: int = Field(strict=True, ge=1)
    languages: tuple[Language, ...] = Field(min_length=1)
    refusals_may_name: bool = Field(strict=True)
    categories: Categories
    platforms: PlatformChoices
    meetings: Thresholds
    release: ReleaseChoices = ReleaseChoices()
    category: tuple[OwnCategory, ...] = ()
    definitions: dict[str, str]
    fallbacks: dict[str, tuple[str, ...]]
    fallbacks_in: dict[Language, dict[str, tuple[str, ...]]] = Field(default_factory=dict)
    lexicon: Lexicon

    def forbids(self, category: str) -> bool:
        """Whether a category, built in or the operator's own, is on."""
        own = category in {own.id for own in self.category}
        return own or bool(getattr(self.categories, category, False))

    @property
    def forbidden(self) -> dict[str, str]:
        """The categories that are on and what each means, for a judge to read."""
        built_in = {name: text for name, text in self.definitions.items() if self.forbids(name)}
        return built_in | {own.id: own.definition for own in self.category}

    @property
    def forbidden_platforms(self) -> tuple[Platform, ...]:
        """The platforms that may not be named, the operator's own words among them."""
        allowed = {letters(name) for name in self.platforms.allow}
        denied = {letters(name): name for name in self.platforms.deny}
        kept = []
        for platform in self.lexicon.platforms:
            names = {letters(name) for name in platform.spellings}
            is_denied = not names.isdisjoint(denied)
            for name in names:
                denied.pop(name, None)
            if is_denied or (self.forbids(platform.category) and names.isdisjoint(allowed)):
                kept.append(platform)
        kept += [Platform(id=_as_id(name), names=(fold(name).text,)) for name in denied.values()]
        kept += [_words_of(own) for own in self.category if own.names]
        return tuple(kept)

    def pool(self, category: str | None, language: Language | None = None) -> tuple[str, ...]:
        """The neutral lines to fall back on when this category was hit; in this language where there are any."""
        for pools in (self.fallbacks_in.get(language, {}) if language else {}, self.fallbacks):
            if lines := pools.get(category or "general") or pools.get("general"):
                return lines
        return ()


def letters(name: str) -> str:
    """A name by its letters alone, however it is written."""
    return key(fold(name).text)


def _as_id(name: str) -> str:
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in fold(name).text)
    return plain.strip("-") or "denied"


def _words_of(own: OwnCategory) -> Platform:
    return Platform(id=own.id, category=own.id, names=tuple(fold(name).text for name in own.names), exact=True)
