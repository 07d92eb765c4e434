"""How the signs of a scene add up to two people meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.policy.meeting_hints import CLUES, EASY_WORDS, HINT, hinted
from brain.policy.scenes import ACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.policy.scenes import Scene

TOWARDS = frozenset({"meet", "visit", "find", "live"})  # acts that lead to somebody by themselves
WITH_BOTH = frozenset({"host", "body", "arrive"})  # acts that join two people who are both named
WHERE = ("home", "place", "time", "ride", "real")
AGAINST = ("virtual", "here", "others", "unreal", "past", "told", "work", "refusal")
MILD = frozenset({"told", "others", "work"})  # these make a doubt no smaller than by one
ADDRESSED = frozenset({"you", "we", "joint", "pair", "find"})
PROPOSED = frozenset({"offer", "propose", "will"})
ALONE_AT_MOST = 2  # what people also do alone stays below every bar until somebody shares it
LOOSE_AT_MOST = 4  # things of a meeting that nobody puts into words never block alone
AGREEING = 1  # further points if such things and a hint say the same
STORY_WORDS = 8  # a stretch of more than `EASY_WORDS` tells a story: a point less for every so many further words
SHORT_QUESTION = 6  # words: "dinner saturday?"


class Weight(NamedTuple):
    """What a scene comes to, the act or thing it turns on, and the other signs that counted."""

    score: int
    act: str
    marks: tuple[str, ...]


def weigh(scene: Scene, points: Mapping[str, int], *, asks: bool = False) -> Weight | None:
    """The points of a scene; None if nothing in it belongs to a meeting. `asks` if the stretch is a question."""
    kinds = scene.kinds
    acts = sorted((act for act in ACTS if act in kinds), key=lambda act: -points[act])
    marks = _apart(scene, acts)
    clues = [clue for clue in CLUES if clue in kinds]
    if not acts and not marks and not clues:
        return None
    against = [mark for mark in AGAINST if mark in kinds and not _is_proposed(mark, scene)]
    story = max(0, (scene.words - EASY_WORDS) // STORY_WORDS)
    doubts = sum(_mild(mark, kinds) if mark in MILD else -points[mark] for mark in against) + story
    loose, hint = _loose(scene, acts, marks) - doubts, hinted(scene, asks=asks) - doubts
    agreeing = loose >= LOOSE_AT_MOST and hint >= HINT and not kinds.keys().isdisjoint(ADDRESSED)
    score = max(min(loose, LOOSE_AT_MOST), hint) + AGREEING * agreeing
    if acts:
        score = max(
            score, _tight(scene, acts, marks, points, asks=asks) - story + sum(points[mark] for mark in against)
        )
    act = acts[0] if acts else marks.pop(0) if marks else clues.pop(0)
    return Weight(max(score, 0), act, (*marks, *against))


def _apart(scene: Scene, acts: Sequence[str]) -> list[str]:
    """The signs of where and when in words of their own."""
    counted = list(acts[:1])
    for mark in WHERE:
        if mark in scene.kinds and not any(_overlap(scene, mark, other) for other in counted):
            counted.append(mark)
    return counted[len(acts[:1]) :]


def _tight(scene: Scene, acts: Sequence[str], marks: Sequence[str], points: Mapping[str, int], *, asks: bool) -> int:
    """The points of an act that joins the two, with all that stands around it."""
    act, kinds = acts[0], scene.kinds
    short = asks and scene.words <= SHORT_QUESTION and ("time" in kinds or act in {"meet", "visit"})
    link = _link(scene, act, points)
    called = not link and _is_called(scene, act)
    if not link and not called and not short and "real" not in kinds and act != "live":
        return points[act] if act in {"meet", "visit"} else ALONE_AT_MOST
    further = [other for other in acts[1:] if not _overlap(scene, act, other)]
    score = points[act] + points["company"] * len(further) + sum(points[mark] for mark in marks)
    score += link or points["linked"] * (called or short)
    if short or not PROPOSED.isdisjoint(kinds) or (scene.ordered and not called):
        score += points["proposed"]
    return score


def _loose(scene: Scene, acts: Sequence[str], marks: Sequence[str]) -> int:
    """How many things of a meeting stand around somebody who is spoken to."""
    kinds = scene.kinds
    if not acts and set(marks) <= {"time"}:
        return 0
    both = not kinds.keys().isdisjoint({"joint", "we"}) or {"me", "you"} <= kinds.keys()
    proposed = scene.ordered or not kinds.keys().isdisjoint({"offer", "propose"})
    present = not {"host", "home"}.isdisjoint(kinds)  # a chair, a door, a house: people are there in the flesh
    things = len(acts) + len(marks)
    weight = 2 if things > 1 or present or "joint" in kinds else 1  # one thing alone is in every other sentence
    return things + weight * both + (weight if proposed else "will" in kinds) + present


def _mild(mark: str, kinds: Mapping[str, object]) -> int:
    """What a mild sign takes away: more if nobody is spoken to, or if all of it is over."""
    return 2 if mark == "told" or (mark == "others" and "you" not in kinds) else 1


def _link(scene: Scene, act: str, points: Mapping[str, int]) -> int:
    """How closely words join the two: as company, as "we", or by naming both."""
    kinds = scene.kinds
    if "joint" in kinds:
        return points["joint"]
    if act == "move" and not _is_somewhere(scene):
        return 0
    both = act in {*WITH_BOTH, "move"} and {"me", "you"} <= kinds.keys()
    near = {"place", "time"} <= kinds.keys() or "you" in kinds or ("me" in kinds and act != "find")
    one = act in TOWARDS and near
    return points["linked"] if both or one or "we" in kinds or "offer" in kinds else 0


def _is_called(scene: Scene, act: str) -> bool:
    """Whether an order alone says who comes to whom: "just knock"."""
    if not scene.ordered:
        return False
    return (
        act in TOWARDS
        or act == "host"
        or {"place", "time"} <= scene.kinds.keys()
        or (act == "move" and _is_somewhere(scene))
    )


def _is_somewhere(scene: Scene) -> bool:
    return not {"home", "place", "real"}.isdisjoint(scene.kinds)


def _overlap(scene: Scene, one: str, other: str) -> bool:
    first, second = scene.kinds[one], scene.kinds[other]
    return first.first <= second.last and second.first <= first.last


def _is_proposed(mark: str, scene: Scene) -> bool:
    """What is told is not past if somebody proposes it in the same breath."""
    return mark == "told" and not PROPOSED.isdisjoint(scene.kinds)
