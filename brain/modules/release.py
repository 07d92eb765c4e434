"""Lets a reply out sentence by sentence while it is still being written, and never what may have to be taken back."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from brain.policy.fallback import sentences
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Callable

    from brain.models import Verdict

# Characters that must stand behind a sentence before it is shown: no forbidden expression was found to reach further
# than 53 from its start to where it can be recognised.
REACH = 64


class Release:
    """Takes a reply as it comes and gives back the sentences that may be shown by now.

    A sentence is shown once `REACH` characters stand behind it, and the text up to its end is clean, and so is all that
    is there. What a rule is unsure of waits for the end.
    """

    def __init__(self, check: Callable[[str], Verdict]) -> None:
        """`check` gives the verdict on the whole text that would stand on the screen."""
        self._check = check
        self._written = ""
        self.shown = ""
        self.blocked = False

    def feed(self, chunk: str) -> list[str]:
        """The sentences that this chunk lets out, each with the space behind it."""
        self._written += chunk
        text = display(self._written).strip()
        ends = accumulate(len(sentence) for sentence in sentences(text))
        waiting = [end for end in ends if len(self.shown) < end <= len(text) - REACH]
        if not waiting or not text.startswith(self.shown) or not self._is_clean(text):
            return []
        return [self._show(text[:end]) for end in waiting if self._is_clean(text[:end].rstrip())]

    def finish(self) -> str:
        """The rest, if the whole text may be shown; else nothing, and `blocked` is set."""
        text = display(self._written).strip()
        if not text.startswith(self.shown) or not self._check(text).allowed:
            self.blocked = True
            return ""
        return self._show(text)

    def _is_clean(self, text: str) -> bool:
        verdict = self._check(text)
        return verdict.allowed and not verdict.unsure

    def _show(self, text: str) -> str:
        new, self.shown = text[len(self.shown) :], text
        return new


def capped(text: str, most: int) -> str:
    """The text, ended after its last whole sentence within so many characters; one long sentence is cut at a word."""
    if len(text) <= most:
        return text
    kept = 0
    for sentence in sentences(text):
        if kept + len(sentence.rstrip()) > most:
            break
        kept += len(sentence)
    return text[:kept].rstrip() or display(text[:most].rpartition(" ")[0] or text[:most]).rstrip()
