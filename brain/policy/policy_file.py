"""Reads the operator's policy file over the packaged default; a mistake in it is named with its key and a fix."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, get_args

from pydantic import ValidationError

from brain.errors import ConfigError, NotFoundError
from brain.policy.fold import fold
from brain.policy.policy import (
    Categories,
    Language,
    OwnCategory,
    PlatformChoices,
    Policy,
    ReleaseChoices,
    Thresholds,
    letters,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

# The tables an operator may write, and what each may hold; the lexicon is not theirs.
_TABLES: dict[str, type[BaseModel]] = {
    "categories": Categories,
    "platforms": PlatformChoices,
    "meetings": Thresholds,
    "release": ReleaseChoices,
}
_KEYS = ("version", "languages", "refusals_may_name", *_TABLES, "category", "fallbacks", "fallbacks_in", "definitions")
_FIXES = {
    "bool_type": "Write true or false, without quotes.",
    "int_type": "Write a whole number, without quotes.",
    "string_type": 'Write it in quotes: "like this".',
    "tuple_type": 'Write a list: ["one", "two"].',
    "missing": "Add it.",
    "literal_error": "Use one of the values it names.",
    "string_pattern_mismatch": "Use small letters, digits, - and _ only.",
    "too_short": "Name at least one.",
    "string_too_short": "Write something between the quotes.",
    "greater_than_equal": "Use a larger number.",
}


def load_policy(path: Path | None = None) -> Policy:
    """The policy of a file over the packaged default; without a file, the default: OnlyFans only, no meetings."""
    if path is None:
        return _default()
    operators = _read(path)
    _refuse_unknown_keys(path, operators)
    try:
        policy = Policy.model_validate(_over(_default_document(), operators))
    except ValidationError as exc:
        raise _as_config_error(path, exc.errors()[0]) from exc
    _refuse_doubtful_names(path, policy)
    return policy


def _over(document: dict[str, Any], operators: dict[str, Any]) -> dict[str, Any]:
    """The operator's keys over the document's, table by table."""
    merged = dict(document)
    for name, value in operators.items():
        below = merged.get(name)
        merged[name] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as exc:
        raise NotFoundError(f"{path}: no such policy file", hint="Check the path, or leave it out.") from exc
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror}", hint="Give the path of a text file.") from exc
    except UnicodeDecodeError as exc:
        raise ConfigError(f"{path}: is not UTF-8 text", hint="Save it as UTF-8.") from exc
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{path}: is not TOML: {exc}", hint="Texts stand in quotes, lists in [ ].") from exc


def _refuse_unknown_keys(path: Path, operators: dict[str, Any]) -> None:
    _check_keys(path, "", operators, _KEYS)
    for name, model in _TABLES.items():
        if isinstance(table := operators.get(name, {}), dict):
            _check_keys(path, f"{name}.", table, model.model_fields)
    known = (*Categories.model_fields, "general", *_own_ids(operators))
    for table in ("fallbacks", "definitions"):
        if isinstance(found := operators.get(table, {}), dict):
            _check_keys(path, f"{table}.", found, known)
    if isinstance(languages := operators.get("fallbacks_in", {}), dict):
        _check_keys(path, "fallbacks_in.", languages, get_args(Language))
        for language, found in languages.items():
            if isinstance(found, dict):
                _check_keys(path, f"fallbacks_in.{language}.", found, known)
    own = operators.get("category", [])
    for index, category in enumerate(own if isinstance(own, list) else []):
        if isinstance(category, dict):
            _check_keys(path, f"category[{index}].", category, OwnCategory.model_fields)


def _check_keys(path: Path, place: str, found: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for name in found:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
            raise ConfigError(f"{path}: key {place}{name}: is not known", hint=hint)


def _own_ids(operators: dict[str, Any]) -> list[str]:
    own = operators.get("category", [])
    return [str(category.get("id")) for category in own if isinstance(category, dict)] if isinstance(own, list) else []


def _as_config_error(path: Path, error: ErrorDetails) -> ConfigError:
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    what = error["msg"].removeprefix("Value error, ")
    what = what[:1].lower() + what[1:]
    if error["type"] == "missing":
        what = "is missing"
    elif error["type"] != "value_error":
        what = f"{what}, not {error['input']!r}"
    return ConfigError(f"{path}: key {place}: {what}", hint=_FIXES.get(error["type"], "Correct it, or leave it out."))


def _refuse_doubtful_names(path: Path, policy: Policy) -> None:
    """A platform both allowed and denied, two categories of one id, or a name that is a misspelled platform."""
    ids = [own.id for own in policy.category]
    for own in ids:
        if ids.count(own) > 1:
            raise ConfigError(f"{path}: key category: {own!r} stands there twice", hint="Give each its own id.")
    both = {letters(name) for name in policy.platforms.allow} & {letters(name) for name in policy.platforms.deny}
    if both:
        raise ConfigError(f"{path}: key platforms: {min(both)!r} is both allowed and denied", hint="Keep one of them.")
    for name in policy.platforms.deny:
        if any(re.fullmatch(spelling, fold(name).text) for spelling in policy.lexicon.allowed) or letters(name) == "of":
            raise ConfigError(f"{path}: key platforms.deny: {name!r} is always allowed", hint="Leave it out.")
    known = {letters(name) for platform in policy.lexicon.platforms for name in platform.spellings}
    for place, names in (("allow", policy.platforms.allow), ("deny", policy.platforms.deny)):
        for name in names:
            near = [] if letters(name) in known else get_close_matches(letters(name), known, n=1, cutoff=0.85)
            if near:
                raise ConfigError(
                    f"{path}: key platforms.{place}: {name!r} is not a platform we know",
                    hint=f"Did you mean `{near[0]}`?",
                )


@cache
def _default_document() -> dict[str, Any]:
    return _packaged("default.toml") | {
        "fallbacks_in": _packaged("fallbacks.toml"),
        "lexicon": _packaged("lexicon.toml"),
    }


def _packaged(name: str) -> dict[str, Any]:
    return tomllib.loads(files("brain.policy").joinpath(name).read_text(encoding="utf-8"))


@cache
def _default() -> Policy:
    return Policy.model_validate(_default_document())
