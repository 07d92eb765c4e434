"""What to say instead: the reply without its forbidden sentence, or a neutral line."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from brain.models import Persona, Verdict
    from brain.policy.policy import Language, Policy

NO_REPEAT = 8  # lines said this recently are not said again while others are left
# After closing signs and any emoji behind them, or after a line break; never inside "3.50", "e.g." or a web address.
_BREAK = re.compile(r"(?<=[.!?…])[\"'”’)\]]*(?:\s*[^\w\s.,;:!?…\"'(\[@#]+)*\s+(?=\S)|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a display text in order, each with the space behind it; joined they are the text."""
    ends = [match.end() for match in _BREAK.finditer(text)]
    starts = [0, *ends]
    return [piece for start, end in zip(starts, [*ends, len(text)], strict=True) if (piece := text[start:end])]


def without(text: str, verdict_of: Callable[[str], Verdict]) -> str | None:
    """The text without the sentences that fail; None if nothing clean remains, or only together they fail."""
    clean = [sentence for sentence in sentences(text) if sentence.strip() and verdict_of(sentence.strip()).allowed]
    kept = "".join(clean).strip()
    if not any(char.isalnum() for char in kept) or not verdict_of(kept).allowed:
        return None
    return kept


def pools(persona: Persona, policy: Policy, category: str | None, language: Language) -> tuple[Sequence[str], ...]:
    """Lines to fall back on, best first: the persona's own where they write the language, then neutral ones in it."""
    own = persona.fallbacks.get(category or "general") or persona.fallbacks.get("general") or ()
    neutral = policy.pool(category, language)
    first = (own, neutral) if language in persona.languages else (neutral, own)
    return (*first, policy.pool(category), policy.pool(None))


def fallback_line(choices: Iterable[Sequence[str]], used: Sequence[str], seed: str) -> str:
    """A line of the first pool that has one, unless that would say the very last fallback again.

    `used` are the creator's messages, oldest first. Raises ValueError when every pool is empty.
    """
    filled = [lines for lines in choices if lines]
    if not filled:
        raise ValueError("there is no line to fall back on")
    known = {line for lines in filled for line in lines}
    last = next((text for text in reversed(used) if text in known), None)
    drawn = [pool_line(lines, used, seed) for lines in filled]
    return next((line for line in drawn if line != last), drawn[0])


def pool_line(lines: Sequence[str], used: Sequence[str], seed: str) -> str:
    """One of the lines, the same for the same seed; none of the last `NO_REPEAT` of them said, as far as they reach.

    `used` may hold other messages, which do not count: a line is not said again because much else was said since.
    """
    pool = set(lines)
    said = dict.fromkeys(text for text in reversed(used) if text in pool)
    fresh = sorted(pool - set(list(said)[: min(NO_REPEAT, len(pool) - 1)]))
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8])
    return fresh[number % len(fresh)]
