"""What the other person asked for in the last turns, and whether a reply agrees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.models import Message
    from brain.policy.handoffs import Handoffs
    from brain.policy.meetings import Meetings

REACH = 6  # messages that are looked back
FEW_WORDS = 6  # an answer this short to an invitation is an answer to it


class Asked(NamedTuple):
    """A request still open; `plain` if it can mean nothing else, `fresh` if it waits for an answer right now."""

    plain: bool
    fresh: bool


ANYTHING = Asked(plain=True, fresh=True)  # the request that a reply agrees to most easily


class Agreement(NamedTuple):
    """Where a reply agrees, in the text that was read; `plain` if it can mean nothing else."""

    plain: bool
    start: int
    end: int


class Signs(NamedTuple):
    """What to look for in the turns before, each asked of one message's text.

    `asks` is None for no request, else whether it is a plain one; `goes_on` is a request's next detail (a time).
    """

    asks: Callable[[str], bool | None]
    goes_on: Callable[[str], bool]
    drops: Callable[[str], bool]


def open_request(context: Sequence[Message], signs: Signs) -> Asked | None:
    """The newest request that nobody has refused or dropped since."""
    waiting, goes_on = True, False
    for message in reversed(context[-REACH:]):
        if message.from_creator:
            waiting = False
            if signs.drops(message.content):
                return None
            continue
        plain = signs.asks(message.content)
        if plain is not None:
            return Asked(plain, waiting or goes_on)
        if waiting and signs.drops(message.content):
            return None
        goes_on = goes_on or (waiting and signs.goes_on(message.content))
    return None


def agrees_to_meet(text: str, meetings: Meetings, request: Asked) -> Agreement | None:
    """Whether a folded reply takes up an invitation; a refusal or a way to stay online ends the matter."""
    if meetings.finds("refusal", text) or meetings.finds("virtual", text):
        return None
    sure = request.fresh and request.plain
    if (request.fresh or request.plain) and (span := meetings.finds("agreed", text)):
        return Agreement(sure and "but" not in text.split(), *span)
    if not request.fresh:
        return None
    if meetings.is_yes(text):
        return Agreement(sure, *_whole(text))
    if len(text.split()) <= FEW_WORDS and (span := meetings.finds("place", text) or meetings.finds("time", text)):
        return Agreement(False, *span)
    return _opening_yes(text, meetings)


def agrees_to_move(text: str, handoffs: Handoffs, meetings: Meetings, request: Asked) -> Agreement | None:
    """Whether a folded reply follows to the platform that the other person named."""
    if found := handoffs.follows(text):
        return Agreement(request.fresh, found.start, found.end)
    if not request.fresh or meetings.finds("refusal", text):
        return None
    if meetings.is_yes(text):
        return Agreement(request.plain, *_whole(text))
    return _opening_yes(text, meetings) if request.plain else None


def _opening_yes(text: str, meetings: Meetings) -> Agreement | None:
    """A yes at the head of a longer reply: perhaps to this question, perhaps to another."""
    start = len(text) - len(text.lstrip())
    words = text.split()
    if words and meetings.is_yes(words[0]):
        return Agreement(False, start, start + len(words[0]))
    return None


def _whole(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())
