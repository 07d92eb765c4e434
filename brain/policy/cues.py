"""Whether an ordinary word stands for a platform: the company it keeps decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brain.policy.tokens import WINDOW, Token, neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.policy.fold import Folded
    from brain.policy.lexicon import Cue, CueWords, Word

_HANDLE = re.compile(
    r"\s*(?:is|are|es|ist|est|e)?\s*[:=\-–—>→|~]*\s*(?:@[\w.]{2,}|(?=[\w.]*[a-z])(?=[\w.]*[\d_])[\w.]{4,})|\s*[:=→]\s*@?[\w.]{3,}"
)
_HYPHENS = frozenset("-‐‑–'")


def is_named(
    word: Word,
    first: int,
    last: int,
    tokens: Sequence[Token],
    folded: Folded,
    display: str,
    cues: CueWords,
    *,
    peer: bool,
) -> bool:
    """Whether the tokens from `first` to `last` are the platform and not the ordinary word."""
    before = tokens[first - 1].text if first and _same_sentence(tokens, first - 1, first) else ""
    after = tokens[last + 1].text if last + 1 < len(tokens) and _same_sentence(tokens, last, last + 1) else ""
    if before in word.after or after in word.before:
        return True
    if before in word.never_after or after in word.never_before or _is_compound(tokens, first, last, folded.text):
        return False
    if word.never_near and _is_ruled_out(word, neighbours(tokens, first, last)):
        return False
    found = _cues(first, last, tokens, folded, display, cues)
    if peer:
        found.add("peer")
    if word.requires and found.isdisjoint(word.requires):
        return False
    return "alone" in word.enough or not found.isdisjoint(word.enough) or len(found) > 1


def _is_ruled_out(word: Word, around: Sequence[str]) -> bool:
    """Whether a neighbour speaks for the ordinary sense; `<year>` stands for any year before there was a web."""
    if not word.never_near.isdisjoint(around):
        return True
    return "<year>" in word.never_near and any(re.fullmatch(r"1[89]\d\ds?", near) and near < "1990" for near in around)


def _cues(first: int, last: int, tokens: Sequence[Token], folded: Folded, display: str, cues: CueWords) -> set[Cue]:
    found: set[Cue] = set()
    before = [
        token.text for token in tokens[max(0, first - WINDOW) : first] if token.sentence == tokens[first].sentence
    ]
    after = [token.text for token in tokens[last + 1 : last + 3] if token.sentence == tokens[last].sentence]
    if before and before[-1] in cues.on:
        found.add("on")
    if before and before[-1] in cues.own:
        found.add("own")
    if len(before) > 1 and before[-1] in cues.own and before[-2] in cues.on:
        found.add("on")
    if after and after[0] in cues.nouns:
        found.add("noun")
    linked = len(before) > 1 and before[-1] in cues.on and before[-2] in cues.nouns  # "my account on …"
    if linked or (before and before[-1] in cues.nouns):
        found.add("noun")
    if _asks_for_contact(before, cues):
        found.add("add")
    place = folded.text[tokens[last].end : tokens[last].end + 40]
    if _HANDLE.match(place) or folded.text[: tokens[first].start].endswith("@"):
        found.add("handle")
    if _is_capital(tokens[first], tokens[last], folded, display):
        found.add("capital")
    return found


def _asks_for_contact(before: Sequence[str], cues: CueWords) -> bool:
    """Whether a verb of contact and the person it is about come before: "add me on …", "follow my …"."""
    for place, word in enumerate(before):
        if word in cues.verbs and not (cues.me | cues.own).isdisjoint(before[place + 1 : place + 3]):
            return True
    return False


def _is_capital(first: Token, last: Token, folded: Folded, display: str) -> bool:
    """Written as a name in the middle of a sentence, in a text that is not all capitals."""
    shown = display[slice(*folded.span(last.start, last.end))]
    if not shown[:1].isupper() or (len(display) > len(shown) + 2 and display.isupper()):
        return False
    if len(shown) > 1 and shown.isupper():
        return True
    if first != last:
        return display[folded.offsets[last.start]].isupper()
    lead = folded.text[: first.start].rstrip(" \t\"'(*_")
    return bool(lead) and lead[-1] not in ".!?…:;\n-" and (lead[-1].isalnum() or lead[-1] in ",/&+@")


def _is_compound(tokens: Sequence[Token], first: int, last: int, text: str) -> bool:
    """Whether it is a part of another word: "x-ray", "snap-on", "multi-line"."""
    start, end = tokens[first].start, tokens[last].end
    joined_before = start > 1 and text[start - 1] in _HYPHENS and text[start - 2].isalpha()
    joined_after = end + 1 < len(text) and text[end] in _HYPHENS and text[end + 1].isalpha()
    return joined_before or (joined_after and not text.startswith("'s", end))


def _same_sentence(tokens: Sequence[Token], one: int, other: int) -> bool:
    return tokens[one].sentence == tokens[other].sentence
