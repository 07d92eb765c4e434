"""Plainer views of a text, for words that were stretched, spelled out or written with signs for letters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brain.policy.disguises import spelled_out
from brain.policy.fold import Folded, fold, read_other_scripts

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "|": "i"}
_SIGN = re.compile(r"(?<=[a-z])[013457@$!|]+(?=[a-z])|(?<!\w)[34@](?=[a-z]{2})")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SPACED = re.compile(
    r"(?<![^\W_])(?!a )[a-z]([ .·_*-])[a-z](?:\1[a-z])+(?![^\W_])"
    r"|(?:(?<=\ba )|(?<=\ban ))a i(?!\w)|(?<![\w.,:+-])1[ .-][0-7](?![\w.,:%+-])"
)


def views(display: str) -> Iterator[Folded]:
    """The text folded, then the plainer ways to read it that differ; cheap when there are none."""
    folded = fold(display)
    yield folded
    if _SIGN.search(folded.text) or _STRETCHED.search(folded.text):
        yield _unstretched(Folded(_SIGN.sub(_letters, folded.text), folded.offsets))
    if _SPACED.search(folded.text):
        yield _closed_up(folded)
    yield from read_other_scripts(display, folded)
    yield from spelled_out(folded)


def _letters(match: re.Match[str]) -> str:
    return "".join(_SIGNS[sign] for sign in match.group())


def _unstretched(folded: Folded) -> Folded:
    """Every letter written three times or more is written once: "realllly", "boooot"."""
    return _without(
        folded, {place for run in _STRETCHED.finditer(folded.text) for place in range(run.start() + 1, run.end())}
    )


def _closed_up(folded: Folded) -> Folded:
    """Words and ages set in single signs are closed up where they stand: "a r.o.b.o.t", "i'm 1 5"."""
    return _without(
        folded, {place for run in _SPACED.finditer(folded.text) for place in range(run.start() + 1, run.end(), 2)}
    )


def _without(folded: Folded, spare: set[int]) -> Folded:
    kept = [place for place in range(len(folded.text)) if place not in spare]
    text = "".join(folded.text[place] for place in kept)
    return Folded(text, (*(folded.offsets[place] for place in kept), folded.offsets[-1]))
