"""How long ago something was, in the fewest words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_MINUTE, _HOUR = 60, 3600


def ago(at: datetime, now: datetime) -> str:
    """`2 h ago`, `yesterday` or `4 May 2026`, by the zone of `now`; a clock that went back counts as just now."""
    seconds = (now - at).total_seconds()
    local = at.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min ago"
    if days == 0 or seconds < _HOUR * 6:
        return f"{seconds // _HOUR:.0f} h ago"
    if days < 7:
        return "yesterday" if days == 1 else f"{days} days ago"
    return f"{local.day} {local:%b}" + ("" if local.year == now.year else f" {local.year}")
