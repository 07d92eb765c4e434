"""Does a reply deny what the clock says? A small check by rules: it wants to be right where it speaks, not complete.

It knows greetings that belong to a time of day, and weekdays that are said to be today, in English.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brain.modules.context import part_of_day

if TYPE_CHECKING:
    from datetime import datetime

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS = {  # from, until; past midnight counts on from 24
    "morning": (4, 13),
    "afternoon": (11, 19),
    "evening": (16, 28),
    "night": (18, 32),
}
_GREETING = re.compile(r"(?:^|[.!?\n])\W*(?:a\s+)?(?:very\s+)?good\s*-?(morning|afternoon|evening|night)\b", re.I)
_BARE_MORNING = re.compile(r"^\W*(?:morn(?:in[g'’]?)?)(?=$|[\s,!.🌅☀])(?!\s+(?:was|is|will|shift|after))", re.I)
_TODAY = re.compile(
    rf"\b(?:today\s+is|today'?s|it(?:'|’)?s|it\s+is|happy)\s+(?:a\s+|just\s+|only\s+)?({'|'.join(_DAYS)})\b"
    r"(?!\s+(?:night'?s?|tomorrow|next|i\b))",
    re.I,
)


def contradictions(reply: str, now: datetime) -> tuple[str, ...]:
    """What in the reply cannot be said at this time, in words; empty when nothing was found."""
    found = []
    for greeting in [*_GREETING.findall(reply), *(["morning"] if _BARE_MORNING.match(reply) else [])]:
        start, end = _HOURS[greeting.lower()]
        if not any(start <= hour < end for hour in (now.hour, now.hour + 24)):
            found.append(f"“good {greeting.lower()}” in the {part_of_day(now)}")
    for day in _TODAY.findall(reply):
        if day.lower() != _DAYS[now.weekday()]:
            found.append(f"says it is {day.capitalize()}, and it is {_DAYS[now.weekday()].capitalize()}")
    return tuple(dict.fromkeys(found))
