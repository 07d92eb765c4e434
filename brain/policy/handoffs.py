"""Leading somebody to another place without its name, or by agreeing to the name the other person said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.policy.lexicon import Handoffs as Patterns


class Handoff(NamedTuple):
    """A way out of the chat; `start` and `end` are places in the text that was read."""

    sure: bool
    start: int
    end: int


class Handoffs:
    """Finds hand-offs in folded texts; its patterns are compiled once per policy."""

    def __init__(self, patterns: Patterns) -> None:
        self._sure = _any_of(patterns.sure)
        self._maybe = _any_of(patterns.maybe)
        self._there = _any_of(patterns.there)
        self._request = _any_of(patterns.request)

    def find(self, text: str) -> Handoff | None:
        """A hand-off that the text makes by itself."""
        for sure, pattern in ((True, self._sure), (False, self._maybe)):
            if match := pattern.search(text):
                return Handoff(sure, *match.span())
        return None

    def is_request(self, text: str) -> bool | None:
        """Whether somebody who names a platform plainly wishes to go there; None if they only mention it."""
        if self._request.search(text):
            return True
        return False if "?" in text else None

    def follows(self, text: str) -> Handoff | None:
        """A hand-off that completes a platform named before: "add me there", a bare handle."""
        match = self._there.search(text)
        return Handoff(True, *match.span()) if match else None


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
