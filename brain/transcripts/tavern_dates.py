"""The dates of SillyTavern's chats. It wrote them in five ways over the years and reads them all."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from brain.transcripts.values import of_our_time

_HUMAN = re.compile(r"(?P<month>[A-Za-z]{3,9}) (?P<day>\d{1,2}), (?P<year>\d{4}) (?P<time>\d{1,2}:\d{2} ?[ap]m)", re.I)
_STAMP = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2}) ?@ ?(\d{1,2})h ?(\d{1,2})m ?(\d{1,2})s(?: ?(\d{1,3})ms)?")


def write_date(at: datetime) -> str:
    """As JavaScript's toISOString: `2026-05-04T10:30:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_date(date: object) -> datetime | None:
    """The moment, in UTC where the date names no zone; None when there is none or nobody can tell.

    Taken are ISO 8601, milliseconds since 1970, `June 19, 2023 2:20pm`, `2024-07-12@01h31m37s123ms` and
    `2024-6-5 @14h 56m 50s 682ms`.
    """
    try:
        at = _read(date)
        return of_our_time(at) if at else None
    except (ValueError, OverflowError, OSError):
        return None


def _read(date: object) -> datetime | None:
    if isinstance(date, bool) or not isinstance(date, int | float | str):
        return None
    if isinstance(date, int | float) or date.isdecimal():
        return datetime.fromtimestamp(float(date) / 1000, UTC)
    if found := _STAMP.fullmatch(date):
        year, month, day, hour, minute, second, milli = (int(part or 0) for part in found.groups())
        return datetime(year, month, day, hour, minute, second, milli * 1000, UTC)
    if found := _HUMAN.fullmatch(date):
        time = found["time"].replace(" ", "").upper()
        plain = f"{found['month'][:3]} {found['day']} {found['year']} {time}"
        return datetime.strptime(plain, "%b %d %Y %I:%M%p").replace(tzinfo=UTC)
    at = datetime.fromisoformat(date)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
