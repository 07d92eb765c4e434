"""The lines of a WhatsApp export that begin a message, and when each was written.

    31/12/2026, 22:15 - Sam: hi                  Android; other lands: 12/31/26, 10:15 PM - …   31.12.26, 22:15 - …
    [31/12/2026, 22:15:30] Sam: hi               iOS; [2026/12/31 22:15:30] …   [31.12.2026 klo 22.15.30] …
    22:15, 31/12/2026 - Sam: hi                  Vietnam writes the time first; 31.12.26 г., 22:15 ч. - … is Bulgaria

Every export writes all its dates alike, so the file as a whole tells whether the day or the month comes first.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

Order = Literal["dmy", "mdy", "ymd"]
MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_MORNING = frozenset("am ص ق.ظ πμ sa öö 上午 오전 午前 凌晨 清晨 早上".replace(".", "").split())
_AFTERNOON = frozenset("pm م ب.ظ μμ ch ös 下午 오후 午後 中午 晚上".replace(".", "").split())
_HALF = r"[AaPp]\.?\s?[Mm]\.?|[πμ]\.?\s?μ\.?|[صم]|[قب]\.ظ\.?|SA|CH"
_DATE = (
    rf"(?P<first>\d{{1,4}})[{MARKS}]*(?P<mark>[./-]|\.\ )(?P<second>\d{{1,2}})[{MARKS}]*(?P=mark)"
    r"(?P<third>\d{1,4})\.?(?:\s?г\.)?"
)
_TIME = (
    r"(?:(?P<word>[^\W\d]{1,6})\.?\s*)?"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<seconds>\d{2}))?"
    rf"(?:\s?(?P<half>{_HALF}))?(?:\s?ч\.)?"
)
_HEADERS = tuple(
    re.compile(rf"[{MARKS}]*(?P<bracket>\[)?{first}[,،]?[{MARKS}]*\s+{then}(?(bracket)\]\s?|\s[-–]\s)(?P<rest>.*)")
    for first, then in ((_DATE, _TIME), (_TIME, _DATE))
)
_CENTURY = 2000
_BACKWARDS = timedelta(hours=26)  # further back goes no clock that changes its zone
_LONG = timedelta(days=3)
_WRONG = timedelta(days=180)  # no talk rests so long and then goes on where it was
_LONGEST_QUOTE = 10  # messages that somebody pastes into one


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
    return _match(line) is not None


def headers(lines: Sequence[str]) -> list[Header]:
    """The lines that begin a message. A line that only quotes one, in another form or from an earlier day, does not."""
    candidates = _alike(lines)
    order = _order(candidates)
    dated = (
        Header(one.line, time, one.match["rest"]) for one in candidates if (time := _time(one.match, order)) is not None
    )
    return _without_quotes(list(dated))


def _alike(lines: Sequence[str]) -> list[_Candidate]:
    found = [_Candidate(number, match) for number, line in enumerate(lines) if (match := _match(line))]
    return [one for one in found if _form(one.match) == _form(found[0].match)]


def _match(line: str) -> re.Match[str] | None:
    return next((match for header in _HEADERS if (match := header.match(line))), None)


def _form(match: re.Match[str]) -> tuple[object, ...]:
    """What is alike in all headers of an export: brackets, marks, seconds, halves of the day, and where the year is."""
    year = "first" if len(match["first"]) == 4 else len(match["third"])
    return match.re, match["bracket"], match["mark"], match["seconds"] is None, match["half"] is None, year


def _order(candidates: Sequence[_Candidate]) -> Order:
    """By what cannot be a month; else by what goes backwards least; else by what leaves the least silence."""
    first = candidates[0].match if candidates else None
    if first and len(first["first"]) == 4:
        return "ymd"
    not_months = [sum(int(one.match[part]) > 12 for one in candidates) for part in ("first", "second")]
    if not_months[0] != not_months[1]:
        return "dmy" if not_months[0] > not_months[1] else "mdy"
    american = first and first["mark"] == "/" and first["half"] in {"AM", "PM"}  # p. m. and pm are of other lands
    orders: tuple[Order, Order] = ("mdy", "dmy") if american else ("dmy", "mdy")
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
    hour = int(match["hour"])
    half = re.sub(r"[.\s]", "", match["half"] or match["word"] or "").casefold()
    if half in _AFTERNOON:
        return hour % 12 + 12
    return hour % 12 if half in _MORNING else hour


def _without_quotes(found: Sequence[Header]) -> list[Header]:
    """Without those of an earlier day that stand between later ones: somebody pasted them into a message."""
    kept: list[Header] = []
    at = 0
    while at < len(found):
        after = _after_quote(found, at, kept[-2:])
        if after == at:
            kept.append(found[at])
        at = max(after, at + 1)
    return kept


def _after_quote(found: Sequence[Header], at: int, before: Sequence[Header]) -> int:
    """Where the talk goes on after what was pasted into the last message; `at` itself where nothing was.

    A message from a clock that is far ahead of the one before it has nothing pasted into it: what follows it only
    seems early.
    """
    if not before or before[-1].time - before[0].time > _WRONG:
        return at
    ends = range(at, min(at + _LONGEST_QUOTE + 1, len(found)))
    return next((end for end in ends if found[end].time >= before[-1].time - _BACKWARDS), at)
