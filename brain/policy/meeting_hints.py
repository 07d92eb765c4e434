"""What is said of a meeting without naming it: a chair kept free, a question after the street, a voice to be heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.policy.meeting_words import Sign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from brain.policy.scenes import Passage, Scene

CLUES = ("room", "whereabouts", "presence")  # what stands in `close` signs, and may be all there is
BEARING = frozenset({*CLUES, "vacant", "question", "nearness", "free", "pair"})  # the signs that hints are made of
THINGS = frozenset({"thing", "host", "share", "ride"})
ROOM_WITHIN = 6  # words between "spare" and the chair
ASKED_WITHIN = 8  # words between "which" and the street
FELT_WITHIN = 8  # words between "i want to know" and the voice
HINT = 3  # points of a hint: enough for a doubt
COMING = 3  # further points if who asks where somebody is can be there soon
FIXED = 2  # further points if a place has a day and an hour, and little else is told of it
EASY_WORDS = 14
SHORT_APPOINTMENT = 8  # words in which a day and an hour are about all that is said


def clues(passage: Passage, signs: Sequence[Sign], high: int) -> Iterator[Sign]:
    """The signs that come from two others close to each other, in a stretch that ends before the word `high`."""
    found = (
        _close("room", signs, "vacant", THINGS, ROOM_WITHIN),
        _close("whereabouts", signs, "question", frozenset({"reach"}), ASKED_WITHIN, ahead=True),
        _close("presence", signs, "nearness", frozenset({"sense"}), FELT_WITHIN),
        _asking(passage, signs, high),
    )
    return (sign for sign in found if sign)


def hinted(scene: Scene, *, asks: bool) -> int:
    """The points of the strongest hint in a scene."""
    kinds = scene.kinds
    points = [0, _whereabouts(kinds), _appointment(scene)]
    if (
        "room" in kinds
        or {"presence", "you"} <= kinds.keys()
        or ("free" in kinds and ("near" in kinds or ("you" in kinds and asks and "what" not in kinds)))
        or ("pair" in kinds and not kinds.keys().isdisjoint({"time", "place", "thing", "share"}))
    ):
        points.append(HINT)
    return max(points)


def _whereabouts(kinds: Mapping[str, Sign]) -> int:
    if not {"whereabouts", "asking"} <= kinds.keys() or kinds.keys().isdisjoint({"you", "near"}):
        return 0
    return HINT + COMING if {"near", "me"} <= kinds.keys() else HINT


def _appointment(scene: Scene) -> int:
    """A place and a time in one breath, or a day with its hour, that are not only somebody's own."""
    kinds = scene.kinds
    own = "me" in kinds and kinds.keys().isdisjoint({"you", "we", "joint", "find"})
    if {"place", "time"} <= kinds.keys():
        if "appointment" in kinds and not own and scene.words <= EASY_WORDS:
            return HINT + FIXED
        return 0 if own and "will" not in kinds else HINT
    return HINT if "appointment" in kinds and not own and scene.words <= SHORT_APPOINTMENT else 0


def _close(
    kind: str, signs: Sequence[Sign], one: str, others: frozenset[str], within: int, *, ahead: bool = False
) -> Sign | None:
    """A sign and one of the `others` so close that they belong together; `ahead` if that must come after it."""
    latest: dict[bool, Sign] = {}
    for sign in signs:
        if sign.kind != one and sign.kind not in others:
            continue
        is_one = sign.kind == one
        before = latest.get(not is_one)
        if before and 0 < sign.first - before.last <= within and not (ahead and is_one):
            return Sign(kind, before.first, sign.last)
        latest[is_one] = sign
    return None


def _asking(passage: Passage, signs: Sequence[Sign], high: int) -> Sign | None:
    """A question word where a clause begins, or anywhere if a question mark ends it all."""
    marked = high > 0 and passage.text.startswith("?", passage.tokens[high - 1].end)
    for sign in signs:
        begins = sign.first == 0 or passage.clauses[sign.first - 1] != passage.clauses[sign.first]
        if sign.kind == "question" and (marked or begins):
            return Sign("asking", sign.first, sign.last)
    return None
