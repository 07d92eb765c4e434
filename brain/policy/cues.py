"""Whether an ordinary word stands for a platform: the company it keeps decides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.language import language_of, may_be_in
from brain.policy.tokens import WINDOW, Token, neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.policy.fold import Folded
    from brain.policy.lexicon import Cue, CueWords, Word

# "ig is @dana", "snap dana_22", "ig dana.clay", "ig 👉 dana", "tg: dana"
_HANDLE = re.compile(
    r"\s*(?:is|are|es|ist|est|e)?[^\w\n.!?,@]{0,6}"
    r"(?:@[\w.]{2,}|(?=[\w.]*[a-z])(?=[\w.]*[\d_])[\w.]{4,}|[a-z]{3,}\.[a-z]{3,}\b)"
    r"|\s*[👉➡→⇒▶]\W{0,3}[\w.]{3,}|\s*[:=→]\s*@?[\w.]{3,}"
)
_CLOSERS = frozenset(".,!?;:…—–")
_HYPHENS = frozenset("-‐‑–'")


class Place(NamedTuple):
    """Where a word stands: the tokens from `first` to `last`, in the match copy of a display text."""

    first: int
    last: int
    tokens: Sequence[Token]
    folded: Folded
    display: str

    @property
    def before(self) -> list[str]:
        """The words of the same sentence shortly before it, in order."""
        near = self.tokens[max(0, self.first - WINDOW) : self.first]
        return [token.text for token in near if token.sentence == self.tokens[self.first].sentence]

    @property
    def after(self) -> str:
        """The next word of the same sentence, or nothing."""
        following = self.tokens[self.last + 1 : self.last + 2]
        return following[0].text if following and following[0].sentence == self.tokens[self.last].sentence else ""

    @property
    def around(self) -> list[str]:
        """The words of the same sentence shortly before and after it."""
        return neighbours(self.tokens, self.first, self.last)


def is_named(word: Word, place: Place, cues: CueWords, *, peer: bool, disguised: bool = False) -> bool:
    """Whether the word means the platform there and not what it ordinarily means.

    `peer` says that another platform is named beside it. One that is `disguised` needs no more than any one cue:
    nobody hides an ordinary word.
    """
    if disguised:
        return bool(_cues(place, cues))
    before, after = (place.before or [""])[-1], place.after
    if before in word.after or after in word.before:
        return True
    if before in word.never_after or after in word.never_before or _is_compound(place):
        return False
    if word.never_near and _is_ruled_out(word, place.around):
        return False
    found = _cues(place, cues)
    if peer:
        found.add("peer")
    if "foreign" in word.enough + word.requires and not may_be_in(place.display, word.native):
        found.add("foreign")
    if "capital" in found and len(word.name) > 1 and language_of(place.display) == "de":
        found.discard("capital")  # every noun has one
    if "bare" not in word.enough:
        found.discard("bare")  # it says no more than "on" does
    if word.requires and found.isdisjoint({*word.requires, *word.enough}):
        return False
    return "alone" in word.enough or not found.isdisjoint(word.enough) or len(found) > 1


def _is_ruled_out(word: Word, around: Sequence[str]) -> bool:
    """Whether a neighbour speaks for the ordinary sense; `<year>` stands for any year before there was a web."""
    if not word.never_near.isdisjoint(around):
        return True
    return "<year>" in word.never_near and any(re.fullmatch(r"1[89]\d\ds?", near) and near < "1990" for near in around)


def _cues(place: Place, cues: CueWords) -> set[Cue]:
    """Every cue that the words and signs around a name give."""
    before, after, text = place.before, place.after, place.folded.text
    start, end = place.tokens[place.first].start, place.tokens[place.last].end
    nearest, second = [*reversed(before), "", ""][:2]
    placed = nearest in cues.on or (second in cues.on and nearest in cues.own | cues.articles)
    linked = second in cues.nouns and nearest in cues.on | cues.of  # "my account on …", "the link of …"
    closes = _closes(place, cues)
    moved = nearest in cues.to and not (cues.moves | cues.does).isdisjoint(before)
    told: dict[Cue, bool] = {
        "on": placed,
        "own": nearest in cues.own or (second in cues.own and nearest in cues.latest),
        "noun": linked or nearest in cues.nouns or after in cues.nouns,
        "bare": closes and (nearest in cues.bare or moved),
        "have": closes and (nearest in cues.have or (second in cues.have and nearest in cues.articles)),
        "subject": not before and after in cues.finite,
        "does": closes and placed and not cues.does.isdisjoint(before),
        "stats": not cues.stats.isdisjoint(place.around),
        "add": _asks_for_contact(before, cues),
        "handle": bool(_HANDLE.match(text[end : end + 40])) or text[:start].endswith("@"),
        "capital": _is_capital(place),
    }
    return {cue for cue, there in told.items() if there}


def _asks_for_contact(before: Sequence[str], cues: CueWords) -> bool:
    """Whether a verb of contact and the person it is about come before: "add me on …", "follow my …"."""
    for place, word in enumerate(before):
        if word in cues.verbs and not (cues.me | cues.own).isdisjoint(before[place + 1 : place + 3]):
            return True
    return False


def _closes(place: Place, cues: CueWords) -> bool:
    """Whether the clause ends there. "on signal" without an article is where somebody is, not what happens."""
    if not place.after:
        return True
    between = place.folded.text[place.tokens[place.last].end : place.tokens[place.last + 1].start]
    return between.lstrip(" '\"*_)")[:1] in _CLOSERS or place.after in cues.closing


def _is_capital(place: Place) -> bool:
    """Written as a name in the middle of a sentence, in a text that is not all capitals."""
    display, folded, last = place.display, place.folded, place.tokens[place.last]
    shown = display[slice(*folded.span(last.start, last.end))]
    if not shown[:1].isupper() or (len(display) > len(shown) + 2 and display.isupper()):
        return False
    if len(shown) > 1 and shown.isupper():
        return True
    if place.first != place.last:
        return display[folded.offsets[last.start]].isupper()
    lead = folded.text[: last.start].rstrip(" \t\"'(*_")
    return bool(lead) and lead[-1] not in ".!?…:;\n-" and (lead[-1].isalnum() or lead[-1] in ",/&+@")


def _is_compound(place: Place) -> bool:
    """Whether it is a part of another word: "x-ray", "snap-on", "multi-line"."""
    text, start, end = place.folded.text, place.tokens[place.first].start, place.tokens[place.last].end
    joined_before = start > 1 and text[start - 1] in _HYPHENS and text[start - 2].isalpha()
    joined_after = end + 1 < len(text) and text[end] in _HYPHENS and text[end + 1].isalpha()
    return joined_before or (joined_after and not text.startswith("'s", end))
