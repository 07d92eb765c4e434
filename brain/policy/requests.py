"""What one message of the other person asks for: a meeting, another platform, a number."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from brain.policy.agreement import Signs, Strength
from brain.policy.contacts import asked_contact
from brain.policy.fold import fold
from brain.policy.meeting_hints import CLUES
from brain.policy.meeting_points import AGAINST, PROPOSED, WHERE
from brain.policy.scenes import ACTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brain.policy.handoffs import Handoffs
    from brain.policy.meetings import Meetings
    from brain.policy.names import Names
    from brain.policy.policy import Thresholds

REMEMBERED = 512  # turns whose requests are kept at hand
# A doubt is a request if one of these is in it.
INVITES = frozenset({*PROPOSED, "joint", "ask", "meet", "visit", "arrive", "live"})
BOTH = frozenset({"you", "we", "joint", "offer", "propose", *CLUES})  # what concerns more than its speaker
SHARED = frozenset({"joint", "arrive"})  # with a day it is an invitation
CHOICES = frozenset({"share", "place", "time", "room"})
CHOSEN_ON_A_DAY = frozenset({"time", "room"})  # what a question about somebody's ways must name to ask for more


class Requests:
    """Reads requests. The same turns come back with every reply, so it remembers what it read last."""

    def __init__(self, names: Names, handoffs: Handoffs, meetings: Meetings, bars: Thresholds) -> None:
        self._names, self._handoffs, self._meetings, self._bars = names, handoffs, meetings, bars
        self.to_meet = lru_cache(REMEMBERED)(self._to_meet)
        self._moves = lru_cache(REMEMBERED)(self._to_move)
        self.meeting = Signs(self.to_meet, self._goes_on, self._drops)
        self.contact = Signs(_to_exchange, _never, self._drops)

    def move(self, category: str | None) -> Signs:
        """The signs of a wish to go to a platform of a category; None for platforms that nobody names."""
        return Signs(partial(self._moves, category), _never, _never)

    def _to_meet(self, text: str) -> Strength | None:
        folded = fold(text).text
        reading, shown, asks = self._meetings.read(folded), self._meetings.shows(folded), "?" in text
        if reading.score >= self._bars.block_at:
            prefers = "either" in shown and reading.act == "share" and "joint" not in shown
            return Strength.LIKELY if prefers else Strength.PLAIN
        undoubted = shown.keys().isdisjoint(AGAINST)
        if asks and undoubted and (reading.act == "meet" or "farewell" in shown):  # a good-bye is none if it is asked
            return Strength.PLAIN if "we" in shown else Strength.LIKELY
        if reading.score >= self._bars.unsure_at:
            invites = "others" not in shown and not shown.keys().isdisjoint(INVITES)
            if not invites or (_is_own(shown) and not asks):
                return Strength.SLIGHT
            dated = undoubted and "time" in shown and not shown.keys().isdisjoint(SHARED)
            return Strength.PLAIN if dated else Strength.LIKELY
        return Strength.SLIGHT if undoubted and _may_hint(shown, asks=asks) else None

    def _to_move(self, category: str | None, text: str) -> Strength | None:
        folded = fold(text)
        if named := self._names.find(text, folded):
            is_meant = any(mention.category == category for mention in named)
            wish = self._handoffs.is_request(folded.text) if is_meant else None
        elif category is None and (found := self._handoffs.find(folded.text)) and not self._names.allows(folded.text):
            wish = found.sure
        else:
            return None
        return None if wish is None else Strength.PLAIN if wish else Strength.LIKELY

    def _goes_on(self, text: str) -> bool:
        shown = self._meetings.shows(fold(text).text)
        return "time" in shown or "place" in shown

    def _drops(self, text: str) -> bool:
        shown = self._meetings.shows(fold(text).text)
        return "refusal" in shown or "virtual" in shown


def _to_exchange(text: str) -> Strength | None:
    return Strength.LIKELY if asked_contact(fold(text).text) else None


def _may_hint(shown: Mapping[str, tuple[int, int]], *, asks: bool) -> bool:
    """Whether words that weigh little may still ask for a meeting: a plan, a choice of things, a hope."""
    is_plan = not shown.keys().isdisjoint({*ACTS, *WHERE}) and not shown.keys().isdisjoint({*PROPOSED, "joint"})
    choices = CHOSEN_ON_A_DAY if "habit" in shown else CHOICES
    return is_plan or (asks and not shown.keys().isdisjoint(choices)) or "ask" in shown


def _is_own(shown: Mapping[str, tuple[int, int]]) -> bool:
    """Whether a text tells of its speaker alone: "i'm going to the cinema tonight"."""
    return "me" in shown and shown.keys().isdisjoint(BOTH)


def _never(_text: str) -> bool:
    return False
