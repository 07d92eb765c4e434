"""How long ago something was, as a person would say it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from brain.terminal.ago import ago

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=12), "12 h ago"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=6), "6 days ago"),
        (timedelta(days=7), "27 Apr"),
        (timedelta(days=123), "1 Jan"),
        (timedelta(days=125), "30 Dec 2025"),
    ],
)
def test_the_farther_back_the_coarser(before, words):
    """A clock that went back counts as now."""
    assert ago(NOW - before, NOW) == words


def test_the_day_is_that_of_the_reader():
    """Half past eleven at night in London is the next morning in Berlin."""
    late = datetime(2026, 5, 2, 23, 30, tzinfo=UTC)

    assert ago(late, NOW) == "yesterday"
    assert ago(late, NOW.astimezone(UTC)) == "2 days ago"


def test_a_late_evening_is_hours_ago_after_midnight():
    """Nobody says yesterday for an hour ago."""
    assert ago(NOW.replace(hour=23, minute=30) - timedelta(days=1), NOW.replace(hour=0, minute=45)) == "1 h ago"
