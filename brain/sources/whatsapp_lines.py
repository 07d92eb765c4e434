"""The lines of a WhatsApp export that begin a message, and when each was written.

    31/12/2026, 22:15 - Sam: hi                  Android; other lands: 12/31/26, 10:15 PM - …   31.12.26, 22:15 - …
    [31/12/2026, 22:15:30] Sam: hi               iOS; [2026/12/31 22:15:30] …   [31.12.2026 klo 22.15.30] …

Every export writes all its dates alike, so the file as a whole tells whether the day or the month comes first.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Order = Literal["dmy", "mdy", "ymd"]
MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_HEADER = re.compile(
    rf"[{MARKS}]*(?P<bracket>\[)?"
    r"(?P<first>\d{1,4})(?P<mark>[./-]|\.\ )(?P<second>\d{1,2})(?P=mark)(?P<third>\d{1,4})\.?,?\s"
    r"\s*(?:(?P<word>[^\W\d]{1,6})\.?\s*)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<seconds>\d{2}))?(?:\s?(?P<half>[AaPp])\.?\s?[Mm]\.?)?"
    r"(?(bracket)\]\s?|\s[-–]\s)(?P<rest>.*)"
)
_AFTERNOON, _MORNING = frozenset({"下午", "오후", "午後"}), frozenset({"上午", "오전", "午前"})
_CENTURY = 2000
_BACKWARDS = timedelta(hours=26)  # further back goes no clock that changes its zone
_LONG = timedelta(days=3)


class Header(NamedTuple):
    """A line that begins a message: its number from 0, when that was, and what follows on it."""

    line: int
    time: datetime
    rest: str


class _Candidate(NamedTuple):
    line: int
    match: re.Match[str]


def is_header(line: str) -> bool:
    """Whether a line looks like the first of a message."""
    return _HEADER.match(line) is not None


def headers(lines: Sequence[str]) -> list[Header]:
    """The lines that begin a message. A line that only quotes one, in another form or from an earlier day, does not."""
    candidates = _alike(lines)
    order = _order(candidates)
    dated = (
        Header(one.line, time, one.match["rest"]) for one in candidates if (time := _time(one.match, order)) is not None
    )
    return _without_quotes(list(dated))


def _alike(lines: Sequence[str]) -> list[_Candidate]:
    found = [_Candidate(number, match) for number, line in enumerate(lines) if (match := _HEADER.match(line))]
    return [one for one in found if _form(one.match) == _form(found[0].match)]


def _form(match: re.Match[str]) -> tuple[object, ...]:
    return match["bracket"], match["mark"], match["seconds"] is None, match["half"] is None


def _order(candidates: Sequence[_Candidate]) -> Order:
    """By what cannot be a month; else by what goes backwards least; else by what leaves the least silence."""
    if any(len(one.match["first"]) == 4 for one in candidates):
        return "ymd"
    not_months = [sum(int(one.match[part]) > 12 for one in candidates) for part in ("first", "second")]
    if not_months[0] != not_months[1]:
        return "dmy" if not_months[0] > not_months[1] else "mdy"
    orders: tuple[Order, Order] = (
        ("mdy", "dmy")
        if candidates and candidates[0].match["half"] and candidates[0].match["mark"] == "/"
        else ("dmy", "mdy")
    )
    return min(
        orders, key=lambda order: _strangeness([time for one in candidates if (time := _time(one.match, order))])
    )


def _strangeness(times: Sequence[datetime]) -> tuple[int, int]:
    steps = [after - before for before, after in pairwise(times)]
    return sum(step < -_BACKWARDS for step in steps), sum(step > _LONG for step in steps)


def _time(match: re.Match[str], order: Order) -> datetime | None:
    parts = {"d": 0, "m": 0, "y": 0}
    for letter, name in zip(order, ("first", "second", "third"), strict=True):
        parts[letter] = int(match[name])
    year = parts["y"] + (_CENTURY if parts["y"] < 100 else 0)
    try:
        return datetime(year, parts["m"], parts["d"], _hour(match), int(match["minute"]), int(match["seconds"] or 0))
    except ValueError:
        return None


def _hour(match: re.Match[str]) -> int:
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half == "p" or match["word"] in _AFTERNOON:
        return hour % 12 + 12
    return hour % 12 if half == "a" or match["word"] in _MORNING else hour


def _without_quotes(found: Sequence[Header]) -> list[Header]:
    """Without those of an earlier day that stand between later ones: somebody pasted them into a message."""
    kept: list[Header] = []
    for header, latest in zip(found, _latest_from(found), strict=True):
        if kept and header.time < kept[-1].time - _BACKWARDS and latest >= kept[-1].time:
            continue
        kept.append(header)
    return kept


def _latest_from(found: Sequence[Header]) -> Iterator[datetime]:
    """For each header the latest time from there to the end."""
    latest: list[datetime] = []
    for header in reversed(found):
        latest.append(max(header.time, latest[-1]) if latest else header.time)
    return reversed(latest)
