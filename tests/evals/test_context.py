"""Replies that deny the clock."""

from __future__ import annotations

from datetime import datetime

import pytest

from evals.context import contradictions

SATURDAY_NIGHT = datetime(2026, 5, 2, 23, 10)
SATURDAY_MORNING = datetime(2026, 5, 2, 8, 0)


@pytest.mark.parametrize(
    ("reply", "now"),
    [
        ("good morning! sleep well?", SATURDAY_NIGHT),
        ("mornin. kettle's on", SATURDAY_NIGHT),
        ("hm. good night then", SATURDAY_MORNING),
        ("Good evening you", SATURDAY_MORNING),
        ("it's monday, be kind", SATURDAY_MORNING),
        ("happy friday!", SATURDAY_NIGHT),
    ],
)
def test_what_cannot_be_said_now_is_named(reply, now):
    """One note, in words."""
    assert len(contradictions(reply, now)) == 1


@pytest.mark.parametrize(
    ("reply", "now"),
    [
        ("morning. kettle's on", SATURDAY_MORNING),
        ("good night, sleep well", SATURDAY_NIGHT),
        ("morning was awful, the kiln is cold", SATURDAY_NIGHT),
        ("i had a good morning at the market", SATURDAY_NIGHT),
        ("see you monday", SATURDAY_MORNING),
        ("it's saturday and i have flour everywhere", SATURDAY_MORNING),
        ("", SATURDAY_MORNING),
    ],
)
def test_what_may_be_said_is_left_alone(reply, now):
    """It would rather miss one than accuse a real reply."""
    assert contradictions(reply, now) == ()
