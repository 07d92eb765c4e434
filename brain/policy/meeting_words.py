"""Reads `meeting_words.toml`: the signs of a meeting, each one pattern per language, compiled when first needed."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "es", "fr", "de", "pt", "it")
_NESTING = 3  # parts may stand in parts


def points() -> dict[str, int]:
    """What each sign counts for or against."""
    found: dict[str, int] = _document()["points"]
    return found


@cache
def pattern_of(language: str, sign: str) -> re.Pattern[str] | None:
    """Everything that shows a sign in one language; None if the file lists nothing."""
    signs = _document()[language]
    patterns = [_with_parts(pattern, signs.get("parts", {})) for pattern in signs.get(sign, [])]
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})") if patterns else None


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(files("brain.policy").joinpath("meeting_words.toml").read_text(encoding="utf-8"))


def _with_parts(pattern: str, parts: dict[str, str]) -> str:
    for _ in range(_NESTING):
        for name, part in parts.items():
            pattern = pattern.replace(f"<{name}>", part)
    return pattern
