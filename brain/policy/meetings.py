"""How much a text sounds like two people meeting in person: points for and against, sentence by sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.meeting_words import pattern_of, points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ACTS = ("invite", "likely", "hint", "weak")
FOR = ("place", "time", "together")
AGAINST = ("virtual", "others", "unreal", "work", "refusal")
VAGUE = frozenset({"hint", "weak"})  # acts that mean a meeting only in company
PLAN = ("move", "joint", "open", "place", "time")  # what a plan in other words is made of
PLAN_AT = 3  # so many of them make one; with one more it is plain
LONGEST_PLAN = 30  # words; a longer sentence tells a story
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


class Reading(NamedTuple):
    """The strongest sign of a meeting in a text; `start` and `end` are places in the text that was read."""

    score: int = 0
    act: str = ""
    marks: tuple[str, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def rule(self) -> str:
        """The rule's name: what was done, and the place or time that went with it."""
        return "-".join([f"meeting:{self.act}", *(mark for mark in self.marks if mark in {"place", "time"})])


NOTHING = Reading()


class Meetings:
    """Reads texts in the languages it was given. Its patterns are compiled once, when they are first needed."""

    def __init__(self, languages: Sequence[str], *, block_at: int) -> None:
        self._languages = tuple(languages)
        self._block_at = block_at
        self._points = points()

    def read(self, text: str) -> Reading:
        """The strongest reading of a folded text, over its sentences and the languages."""
        best = NOTHING
        refused = self.finds("refusal", text) is not None
        for start, sentence in _sentences(text):
            for language in self._languages:
                found = self._read_sentence(language, sentence)
                if refused and found.score and "refusal" not in found.marks:
                    found = found._replace(score=found.score - 2)  # what another sentence refuses is hardly meant
                if found.score > best.score:
                    best = found._replace(start=start + found.start, end=start + found.end)
        return best

    def finds(self, sign: str, text: str) -> tuple[int, int] | None:
        """Where a folded text shows a sign ("agreed", "virtual", "refusal"…) in any of the languages."""
        for language in self._languages:
            pattern = pattern_of(language, sign)
            if pattern and (match := pattern.search(text)):
                return match.span()
        return None

    def is_yes(self, text: str) -> bool:
        """Whether a folded text is nothing but a yes, with the small words people put around it."""
        words = " ".join(re.sub(r"[^\w' ]+", " ", text).split())
        for language in self._languages:
            yes, filler = pattern_of(language, "assent"), pattern_of(language, "filler")
            if yes and yes.search(words):
                either = f"{yes.pattern}|{filler.pattern}" if filler else yes.pattern
                if re.fullmatch(rf"(?:(?:{either})(?:\s|$))+", words):
                    return True
        return False

    def _read_sentence(self, language: str, sentence: str) -> Reading:
        if (harmless := pattern_of(language, "harmless")) is not None:
            sentence = harmless.sub(lambda match: "." * len(match.group()), sentence)
        act, span = _first_act(language, sentence)
        listed = self._weigh(language, sentence, act, span) if act else NOTHING
        if act in {"", "weak"}:
            return max(listed, self._plan(language, sentence), key=lambda reading: reading.score)
        return listed

    def _weigh(self, language: str, sentence: str, act: str, span: tuple[int, int]) -> Reading:
        """What a listed act comes to with all the signs around it."""
        marks = _signs(language, sentence, span, apart=act in VAGUE)
        score = self._points[act] + sum(self._points[mark] for mark in marks)
        if act in VAGUE:
            score = self._weigh_vague(language, sentence, act, score)
        return Reading(max(score, 0), act, marks, *span)

    def _plan(self, language: str, sentence: str) -> Reading:
        """A plan in words that are not listed: it shows by how much of what a plan is made of stands together."""
        if sentence.count(" ") >= LONGEST_PLAN:
            return NOTHING
        spans = {}
        for sign in PLAN:
            if (pattern := pattern_of(language, sign)) and (match := pattern.search(sentence)):
                spans[sign] = match.span()
            elif sign == "joint" and "move" not in spans:
                return NOTHING
        both = pattern_of(language, "both")
        if len(spans) < PLAN_AT or not (both and both.search(sentence)):
            return NOTHING
        span = spans.get("move") or spans["joint"]
        against = tuple(mark for mark in _signs(language, sentence, span) if mark in AGAINST)
        score = self._block_at if len(spans) > PLAN_AT else PLAN_AT
        score += sum(self._points[mark] for mark in against)
        marks = (*(sign for sign in FOR if sign in spans), *against)
        return Reading(max(score, 0), "plan", marks, *span)

    def _weigh_vague(self, language: str, sentence: str, act: str, score: int) -> int:
        """A vague act says little of one person alone, and the vaguest never blocks by itself."""
        both = pattern_of(language, "both")
        if both and not both.search(sentence):
            score -= 2
        return min(score, self._block_at - 1) if act == "weak" else score


def _signs(language: str, sentence: str, span: tuple[int, int], *, apart: bool = False) -> tuple[str, ...]:
    """The signs for and against in a sentence; those for it must stand `apart` from a vague act to count."""
    found = []
    for sign in (*FOR, *AGAINST):
        pattern = pattern_of(language, sign)
        low, high = _clause(sentence, span) if sign == "others" else (0, len(sentence))
        spans = [match.span() for match in pattern.finditer(sentence, low, high)] if pattern else []
        if apart and sign in FOR:
            spans = [(start, end) for start, end in spans if end <= span[0] or start >= span[1]]
        if spans:
            found.append(sign)
    return tuple(found)


def _first_act(language: str, sentence: str) -> tuple[str, tuple[int, int]]:
    for act in ACTS:
        pattern = pattern_of(language, act)
        if pattern and (match := pattern.search(sentence)):
            return act, match.span()
    return "", (0, 0)


def _clause(sentence: str, span: tuple[int, int]) -> tuple[int, int]:
    """The part between commas around an act: whoever else is named beyond it has another part in it."""
    high = sentence.find(",", span[1])
    return sentence.rfind(",", 0, span[0]) + 1, len(sentence) if high < 0 else high


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for gap in _SENTENCE.finditer(text):
        yield start, text[start : gap.start()]
        start = gap.end()
    yield start, text[start:]
