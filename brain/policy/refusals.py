"""Whether a name stands in a refusal: "i don't do instagram"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brain.policy.tokens import tokenise

if TYPE_CHECKING:
    from brain.policy.lexicon import CueWords

_CLAUSE_END = re.compile(r"[.!?;,\n]|\b(?:but|instead|pero|mais|aber|mas|ma|sondern)\b")
BEFORE, AFTER = 7, 4  # words in which a negation still governs the name


def is_refused(text: str, start: int, end: int, cues: CueWords) -> bool:
    """Whether the name at this place of a folded text is turned down in its own clause, and nobody sent there."""
    opening = max((match.end() for match in _CLAUSE_END.finditer(text, 0, start)), default=0)
    closing = _CLAUSE_END.search(text, end)
    before = [token.text for token in tokenise(text[opening:start])][-BEFORE:]
    after = [token.text for token in tokenise(text[end : closing.start() if closing else len(text)])][:AFTER]
    return not cues.negations.isdisjoint(before) or not cues.negations.isdisjoint(after)
