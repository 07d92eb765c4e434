"""What a stretch of text shows of a meeting: its signs, after those that mean something else are put aside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.meeting_hints import clues
from brain.policy.meeting_words import Sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.policy.tokens import Token

ACTS = ("meet", "visit", "live", "find", "share", "host", "move", "arrive", "body")
# What an everyday phrase may hold without meaning it.
MISTAKABLE = frozenset({*ACTS, "ask", "offer", "propose", "will", "joint", "home", "at_home"})
DENIABLE = frozenset({"meet", "visit", "live", "share", "find", "move", "real"})
# Each has phrases, under `not_…`, in which its words mean nothing.
TAKEN_BACK = ("others", "deny", "virtual", "told", "past", "real")
CALLS = frozenset({"offer", "propose", "order"})  # none of these calls anybody right behind a third person
NEARBY = ("told", "others")  # these speak of an act only in its own clause
OWNED_WITHIN = 3  # words between "my" and the house
DENIED_WITHIN = 7  # words from a "never" to what it denies
DENIED_BEFORE = 5  # words from an act to the "no" behind it
UNDONE_WITHIN = 4  # words from a "not" to the screen it takes away
LAST_HOUR = 24
_NO_BEHIND = frozenset({"no", "nope", "nah", "nein", "nicht", "nao", "non"})
_BREAK = re.compile(r"[,:;–—()!?.…\n*/]|\s-+\s")
_HOUR = re.compile(r"\d{1,2}(?:(?:am|pm|h|ish|uhr|hrs)(?:\d\d)?|st|nd|rd|th)")
_CLOCK = re.compile(r"\d{1,2}(?:[:h]|\.(?=\d\d(?!\d|[.,]\d|\w)))\d\d\b")
_ENDS = re.compile(r"\s*(?:[?!.,\n]|$)")


class Passage(NamedTuple):
    """A text in one language: its words, the clause that each is in, and all its signs."""

    text: str
    tokens: Sequence[Token]
    clauses: Sequence[int]
    signs: Sequence[Sign]


class Scene(NamedTuple):
    """The first sign of each kind in a stretch of so many words; `ordered` if a clause calls somebody to act."""

    kinds: Mapping[str, Sign]
    ordered: bool
    words: int


def clauses_of(text: str, tokens: Sequence[Token]) -> list[int]:
    """For each word the number of its clause, parted by commas and the like."""
    numbers: list[int] = []
    for place, token in enumerate(tokens):
        broken = place > 0 and _BREAK.search(text, tokens[place - 1].end, token.start) is not None
        numbers.append(numbers[-1] + broken if numbers else 0)
    return numbers


def scene(passage: Passage, low: int, high: int) -> Scene:
    """What the words from `low` to before `high` show."""
    signs = [sign for sign in passage.signs if low <= sign.first and sign.last < high]
    signs = _without(signs, "harmless", MISTAKABLE)
    if not any(sign.kind in {"place", "home", "at_home", "real"} for sign in signs):
        signs = _without(signs, "farewell", MISTAKABLE)
    if _is_curious(passage, signs, high):
        signs = [sign for sign in signs if sign.kind != "share"]
    for kind in TAKEN_BACK:
        signs = _without(signs, f"not_{kind}", frozenset({kind}))
    subjects = {sign.last + 1 for sign in signs if sign.kind == "others"}
    signs = [sign for sign in signs if sign.kind not in CALLS or sign.first not in subjects]
    signs = _without_theirs(passage, signs)
    kinds: dict[str, Sign] = {}
    for sign in signs:
        kinds.setdefault(sign.kind, sign)
    _put(kinds, "home", _home(signs))
    hour = _hour(passage, signs, low, high)
    if hour and any(sign.kind == "time" and not sign.first <= hour.first <= sign.last for sign in signs):
        kinds["appointment"] = hour
    if "time" not in kinds:
        _put(kinds, "time", hour)
    _put(kinds, "refusal", kinds.get("refuse") or _refusal(passage, signs))
    if not kinds.keys().isdisjoint({"place", "home", "real"}):
        kinds.pop("here", None)
    if "virtual" in kinds and _is_undone(kinds["virtual"], signs):
        del kinds["virtual"]
    kinds.update((sign.kind, sign) for sign in clues(passage, signs, high))
    for kind in NEARBY:
        _put(kinds, kind, _nearby(kind, signs, passage.clauses))
    if "others" not in kinds and "you" not in kinds and ("joint" not in kinds or "told" in kinds):
        _put(kinds, "others", next((sign for sign in signs if sign.kind == "others"), None))
    return Scene(kinds, _is_ordered(passage, signs), high - low)


def _put(kinds: dict[str, Sign], kind: str, sign: Sign | None) -> None:
    kinds.pop(kind, None)
    if sign:
        kinds[kind] = sign


def _without(signs: list[Sign], kind: str, hidden: frozenset[str]) -> list[Sign]:
    """The signs, less those of the `hidden` kinds that share words with one of this kind."""
    over = [sign for sign in signs if sign.kind == kind]
    if not over:
        return signs
    return [
        sign
        for sign in signs
        if sign.kind not in hidden or not any(sign.first <= one.last and one.first <= sign.last for one in over)
    ]


def _without_theirs(passage: Passage, signs: Sequence[Sign]) -> list[Sign]:
    """The signs, less the acts of third persons: "my sister is coming over"."""
    auxiliary = {sign.first for sign in signs if sign.kind == "aux"}
    theirs: set[int] = set()
    for subject in (sign for sign in signs if sign.kind == "others"):
        place = subject.last + 1
        while place in auxiliary:
            place += 1
        if place < len(passage.tokens) and passage.clauses[place] == passage.clauses[subject.last]:
            theirs.add(place)
    return [sign for sign in signs if sign.kind not in {"visit", "meet"} or sign.first not in theirs]


def _is_curious(passage: Passage, signs: Sequence[Sign], high: int) -> bool:
    """Whether a stretch only asks what somebody else does: "what are you having for dinner?"."""
    if not high or not passage.text.startswith("?", passage.tokens[high - 1].end):
        return False
    kinds = {sign.kind for sign in signs}
    return "what" in kinds and kinds.isdisjoint({"me", "we", "joint", "offer"})


def _home(signs: Sequence[Sign]) -> Sign | None:
    """A place of one's own: a house is one only as mine or yours."""
    owners = [sign.last for sign in signs if sign.kind in {"me", "you", "we"}]
    for sign in signs:
        if sign.kind == "at_home":
            return sign
        if sign.kind == "home" and any(0 < sign.first - owner <= OWNED_WITHIN for owner in owners):
            return sign
    return None


def _hour(passage: Passage, signs: Sequence[Sign], low: int, high: int) -> Sign | None:
    """A number that tells the time: "7pm", "at 8", "sunday, 11?"."""
    clocks = {sign.last for sign in signs if sign.kind == "clock"}
    numbers = {sign.first for sign in signs if sign.kind == "number"}
    times = {sign.last for sign in signs if sign.kind == "time"}
    for place in range(low, high):
        word = passage.tokens[place].text
        small = len(word) < 3 and word.isdecimal() and int(word) <= LAST_HOUR
        end = passage.tokens[place].end
        apart = place - 1 in times or (place > low and passage.clauses[place - 1] != passage.clauses[place])
        asked = (
            small and _ENDS.match(passage.text, end) and (apart or (place == low and passage.text.startswith("?", end)))
        )
        if (
            _HOUR.fullmatch(word)
            or _CLOCK.match(passage.text, passage.tokens[place].start)
            or asked
            or ((small or place in numbers) and place - 1 in clocks)
        ):
            return Sign("time", place, place)
    return None


def _refusal(passage: Passage, signs: Sequence[Sign]) -> Sign | None:
    """A denial with what it denies behind it in the same clause, or a plain no behind what was asked."""
    clauses = passage.clauses
    denied = [sign for sign in signs if sign.kind in DENIABLE]
    for sign in signs:
        if sign.kind != "deny":
            continue
        clause = clauses[sign.last]
        if any(0 < act.first - sign.last <= DENIED_WITHIN and clauses[act.first] == clause for act in denied):
            return sign
        if _ends_in_no(passage, sign) and any(0 < sign.first - act.last <= DENIED_BEFORE for act in denied):
            return sign
    return None


def _ends_in_no(passage: Passage, sign: Sign) -> bool:
    """Whether a denial is a no by itself, which nothing follows that it could deny: "meet you? no, sorry"."""
    word, place = passage.tokens[sign.last].text, sign.last
    if word not in _NO_BEHIND or passage.text.startswith("?", passage.tokens[place].end):
        return False
    return word == "nicht" or place + 1 == len(passage.tokens) or passage.clauses[place + 1] != passage.clauses[place]


def is_answered_no(passage: Passage, high: int) -> bool:
    """Whether a stretch that ends before the word `high` is a question that a plain no or mockery follows at once."""
    if not 0 < high < len(passage.tokens) or not passage.text.startswith("?", passage.tokens[high - 1].end):
        return False
    signs = {sign.kind for sign in passage.signs if sign.first == high}
    return "mocked" in signs or (passage.tokens[high].text in _NO_BEHIND and "not_deny" not in signs)


def _is_undone(virtual: Sign, signs: Sequence[Sign]) -> bool:
    """Whether the screen is only named to be left: "without a phone between us"."""
    return any(sign.kind in {"deny", "instead"} and 0 < virtual.first - sign.last <= UNDONE_WITHIN for sign in signs)


def _nearby(kind: str, signs: Sequence[Sign], clauses: Sequence[int]) -> Sign | None:
    """The first sign of a kind in the clause of an act, if there is any; what is done together is the weakest act."""
    acts = [sign for sign in signs if sign.kind in ACTS]
    acting = {clauses[sign.first] for sign in acts if sign.kind != "share"} or {clauses[sign.first] for sign in acts}
    return next((sign for sign in signs if sign.kind == kind and (not acting or clauses[sign.first] in acting)), None)


def _is_ordered(passage: Passage, signs: Sequence[Sign]) -> bool:
    """Whether a clause begins with a word that calls somebody to act."""
    leads = {sign.last for sign in signs if sign.kind == "lead"}
    for sign in signs:
        before = sign.first - 1
        if sign.kind == "order" and (
            before < 0 or before in leads or passage.clauses[before] != passage.clauses[sign.first]
        ):
            return True
    return False
