"""What to say instead: the reply without its forbidden sentence, or a neutral line."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.models import Verdict

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


def pool_line(lines: Sequence[str], used: Sequence[str], seed: str) -> str:
    """One of the lines, the same for the same seed; none of the last `NO_REPEAT` said, as far as the pool reaches."""
    recent = list(dict.fromkeys(reversed(used)))[: min(NO_REPEAT, len(set(lines)) - 1)]
    fresh = sorted(set(lines) - set(recent))
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8])
    return fresh[number % len(fresh)]
