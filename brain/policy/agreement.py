"""What the other person asked for in the last turns, and what a reply makes of it."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from brain.policy.meeting_points import WHERE
from brain.policy.scenes import ACTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from brain.models import Message
    from brain.policy.handoffs import Handoffs
    from brain.policy.meetings import Meetings

Says = Literal["agrees", "may agree", "refuses", "leaves"]
REACH = 6  # messages that are looked back
ITS_OWN = 25  # characters behind a yes in which a question mark still belongs to it: "what time?"
FEW_WORDS = 12  # an answer this short to an invitation is an answer to it
NOES = frozenset({"no", "nope", "nah", "nein", "nee", "non", "nao"})
BUTS = frozenset({"but", "pero", "mais", "aber", "mas", "ma"})
DETAILS = ("detail", *WHERE, *ACTS)  # what a plan is made of


class Strength(IntEnum):
    """How surely somebody asks for something; a `SLIGHT` request shows only in the answer."""

    SLIGHT = 1
    LIKELY = 2
    PLAIN = 3


class Asked(NamedTuple):
    """A request still open; `fresh` if it waits for an answer right now."""

    strength: Strength
    fresh: bool

    @property
    def sure(self) -> bool:
        """Whether a yes can be to nothing else."""
        return self.fresh and self.strength is Strength.PLAIN


class Answer(NamedTuple):
    """What a reply says to a request, and where in the text that was read.

    "agrees" is plain, "may agree" is not; "refuses" closes the matter, "leaves" it as it was.
    """

    says: Says
    start: int = 0
    end: int = 0


LEAVES, REFUSES = Answer("leaves"), Answer("refuses")


class Signs(NamedTuple):
    """What to look for in the turns before, each asked of one message's text.

    `asks` is None for no request; `goes_on` is a request's next detail (a time).
    """

    asks: Callable[[str], Strength | None]
    goes_on: Callable[[str], bool]
    drops: Callable[[str], bool]


def open_request(context: Sequence[Message], signs: Signs) -> Asked | None:
    """The newest request that nobody has refused or dropped since."""
    waiting, goes_on = True, False
    slight: Asked | None = None
    for message in reversed(context[-REACH:]):
        if message.from_creator:
            waiting = False
            if signs.drops(message.content):
                return slight
            continue
        strength = signs.asks(message.content)
        if strength and strength > Strength.SLIGHT:
            return Asked(strength, waiting or goes_on)
        if waiting and not strength and signs.drops(message.content):
            return slight
        if strength and waiting:
            slight = Asked(Strength.SLIGHT, fresh=True)
        goes_on = goes_on or (waiting and signs.goes_on(message.content))
    return slight


def answer_to_meeting(text: str, meetings: Meetings, request: Asked, *, unsure_at: int) -> Answer:
    """What a folded reply makes of an invitation: a yes, a detail of the plan, a refusal, or nothing.

    A reply that sounds like a meeting by itself, with a score of `unsure_at`, is one in answer to a sure request.
    """
    shown = meetings.shows(text)
    refuses = "refusal" in shown or ("deny" in shown and _opens_with_no(text))
    if refuses or "virtual" in shown or ("deny" in shown and "accept" not in shown):
        return REFUSES if refuses else LEAVES
    if request.strength is Strength.SLIGHT and shown.keys().isdisjoint(WHERE):
        return LEAVES
    adds = "accept" in shown and not shown.keys().isdisjoint(WHERE)
    likely = request.fresh and request.strength is Strength.LIKELY and adds
    sure = (request.sure or likely) and not _excuses(text, meetings)
    if request.fresh and meetings.is_yes(text):
        return Answer("agrees" if sure else "may agree", *_whole(text))
    if "accept" in shown and (request.fresh or request.strength is Strength.PLAIN):
        start, end = shown["accept"]
        evades = "?" in text and "?" not in text[start : end + ITS_OWN]
        return Answer("may agree" if evades or not sure else "agrees", start, end)
    own = meetings.read(text)
    if request.sure and own.score >= unsure_at and "others" not in shown:
        return Answer("may agree" if "?" in text else "agrees", own.start, own.end)
    return _taken_up(text, shown, sure=sure) if request.fresh else LEAVES


def _taken_up(text: str, shown: Mapping[str, tuple[int, int]], *, sure: bool) -> Answer:
    """Who takes up a plan adds to it and is done; who evades it tells of something else and asks back."""
    span = next((shown[kind] for kind in ("assent", *DETAILS) if kind in shown), None)
    if not span or "others" in shown or len(text.split()) > FEW_WORDS or "?" in text:
        return LEAVES
    return Answer("agrees" if sure else "may agree", *span)


def answer_to_move(text: str, handoffs: Handoffs, meetings: Meetings, request: Asked) -> Answer:
    """What a folded reply makes of a wish to talk on another platform."""
    if found := handoffs.follows(text):
        return Answer("agrees" if request.fresh else "may agree", found.start, found.end)
    shown = meetings.shows(text)
    if "refusal" in shown:
        return REFUSES
    if not request.fresh:
        return LEAVES
    if meetings.is_yes(text):
        return Answer("agrees" if request.sure else "may agree", *_whole(text))
    words = text.split()
    if words and request.sure and meetings.is_yes(words[0]):
        start = len(text) - len(text.lstrip())
        return Answer("may agree", start, start + len(words[0]))  # perhaps to this question, perhaps to another
    return LEAVES


def answer_to_contact(text: str, meetings: Meetings) -> Answer:
    """What a folded reply makes of a wish for a number or an address; a yes is no number yet."""
    shown = meetings.shows(text)
    if "refusal" in shown or "deny" in shown:
        return REFUSES
    return Answer("may agree", *shown["assent"]) if "assent" in shown else LEAVES


def _excuses(text: str, meetings: Meetings) -> bool:
    """Whether a "but" follows that is more than a condition about the plan: "i'd love to, but this week is crazy"."""
    words = text.split()
    place = next((place for place, word in enumerate(words) if word in BUTS), None)
    if place is None:
        return False
    behind = meetings.shows(" ".join(words[place:]))
    return "deny" in behind or behind.keys().isdisjoint({"detail", "host", "thing", "accept", "share"})


def _opens_with_no(text: str) -> bool:
    """Whether one of the first words is a plain no."""
    return not NOES.isdisjoint(re.findall(r"\w+", text)[:2])


def _whole(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())
