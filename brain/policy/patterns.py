"""Tables of regular expressions kept in TOML, language by language; read and compiled when first needed.

A language is a table of signs, each a list of patterns over folded text. Its `parts` are pieces with a name:
`<name>` in a pattern, or in another part, stands for the piece. Parts of the table `common` serve every language.
A pattern begins and ends at the edge of a word.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_NESTING = 4  # parts may stand in parts
_COMMON = "common"


class Patterns:
    """One table. `parts` are further pieces, known only to the caller; they are literal text already escaped."""

    def __init__(self, package: str, file: str, **parts: str) -> None:
        self._source = (package, file)
        self._parts = tuple(parts.items())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the table, in its order."""
        return tuple(name for name in _document(*self._source) if name != _COMMON)

    def stems(self, language: str) -> tuple[str, ...]:
        """How the words begin of which a text must have one before any pattern can match; empty means any text."""
        stems = _document(*self._source)[language].get("stems", ())
        given = {f"<{name}>": part for name, part in self._parts}
        return tuple(given.get(stem, stem) for stem in stems)

    def of(self, language: str, sign: str) -> re.Pattern[str] | None:
        """Everything that shows a sign in one language; None if the table lists nothing."""
        return _compiled(self._source, self._parts, language, sign)

    def find(self, language: str, sign: str, text: str) -> tuple[int, int] | None:
        """Where a folded text first shows the sign."""
        pattern = self.of(language, sign)
        match = pattern.search(text) if pattern else None
        return match.span() if match else None

    def blot(self, language: str, sign: str, text: str) -> str:
        """The text with every place that shows the sign made unreadable, at the same length."""
        pattern = self.of(language, sign)
        return pattern.sub(lambda match: "_" * len(match.group()), text) if pattern else text


@cache
def _document(package: str, file: str) -> dict[str, Any]:
    return tomllib.loads(files(package).joinpath(file).read_text(encoding="utf-8"))


@cache
def _compiled(
    source: tuple[str, str], given: tuple[tuple[str, str], ...], language: str, sign: str
) -> re.Pattern[str] | None:
    document = _document(*source)
    patterns = document[language].get(sign, [])
    if not patterns:
        return None
    parts = document.get(_COMMON, {}).get("parts", {}) | document[language].get("parts", {}) | dict(given)
    text = "|".join(patterns)
    for _ in range(_NESTING):
        for name, part in parts.items():
            text = text.replace(f"<{name}>", f"(?:{part})")
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)")
