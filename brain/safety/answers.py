"""What is said when the persona steps aside: fixed texts written by people, and help lines by country.

These texts are not held against the topic filter: a help line is a telephone number, and nobody is led elsewhere.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from brain.policy.fallback import pool_line
from brain.policy.fold import fold
from brain.policy.honesty import Honesty

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from brain.models import Persona

POOL = "ai_question"  # the persona's own honest lines, among its fallbacks
_DEFAULT = "en"
_FEWEST_LINES = 2  # of the persona's own; one alone would be said twice in a row
_HONESTY = Honesty()


def crisis_answer(language: str, country: str | None) -> str:
    """Words for someone in danger, with help lines; without a country, those most likely for the language.

    `language` is one of the six, anything else counts as English. `country` is its two letters (ISO 3166).
    """
    texts, known = _texts(language), _document("resources.toml")
    named = [country.upper()] if country else known["likely"][language if language in known["likely"] else _DEFAULT]
    found = [known["country"][code] for code in named if code in known["country"]]
    lines = [*(texts["line"].format(**resource) for resource in found), texts["anywhere"]]
    emergency = found[0]["emergency"] if country and found else texts["any_emergency"]
    return texts["crisis"].strip().format(lines="\n".join(lines), emergency=emergency)


def minor_closing(language: str) -> str:
    """The end of a conversation with someone who said that they are under 18."""
    closing: str = _texts(language)["minor"]
    return closing.strip()


def honest_line(
    persona: Persona,
    language: str,
    used: Collection[str],
    seed: str,
    *,
    may_say: Callable[[str], bool] = lambda _line: True,
) -> str:
    """A plain admission that an AI writes: one of the persona's own if it has several, else ours in the language.

    A line of the persona's is never said that does not admit it, or that `may_say` refuses. `used` are the creator's
    messages, oldest first; no line is said twice in a row. The same `seed` gives the same line.
    """
    own = persona.fallbacks.get(POOL, ()) if language in persona.languages else ()
    lines = [line for line in own if _HONESTY.admits(fold(line).text) and may_say(line)]
    if len(set(lines)) < _FEWEST_LINES:
        lines += [line.format(name=persona.name) for line in _texts(language)["honest"]]
    return pool_line(lines, list(used), seed)


def _texts(language: str) -> dict[str, Any]:
    known = _document("answers.toml")
    texts: dict[str, Any] = known.get(language) or known[_DEFAULT]
    return texts


@cache
def _document(file: str) -> dict[str, Any]:
    return tomllib.loads(files("brain.safety").joinpath(file).read_text(encoding="utf-8"))
