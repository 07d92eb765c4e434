"""The dates of SillyTavern's chats: all it ever wrote are read, and one is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from transcripts.talks import NOW

from brain.transcripts.tavern_dates import read_date, write_date


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026-05-04T10:30:00.000Z", datetime(2026, 5, 4, 10, 30, tzinfo=UTC)),
        ("2026-05-04T12:30:00+02:00", datetime(2026, 5, 4, 10, 30, tzinfo=UTC)),
        ("June 19, 2023 2:20pm", datetime(2023, 6, 19, 14, 20, tzinfo=UTC)),
        ("2024-07-12@01h31m37s123ms", datetime(2024, 7, 12, 1, 31, 37, 123000, UTC)),
        ("2024-7-12@01h31m37s", datetime(2024, 7, 12, 1, 31, 37, tzinfo=UTC)),
        ("2024-6-5 @14h 56m 50s 682ms", datetime(2024, 6, 5, 14, 56, 50, 682000, UTC)),
        (1714113960000, datetime(2024, 4, 26, 6, 46, tzinfo=UTC)),
        ("1714113960000", datetime(2024, 4, 26, 6, 46, tzinfo=UTC)),
    ],
)
def test_every_date_it_ever_wrote_is_read(date, moment):
    """As SillyTavern itself reads them."""
    assert read_date(date) == moment


@pytest.mark.parametrize(
    "date", [None, "", "yesterday", "2024-13-45@01h31m37s", True, [], 1e300, "9" * 400, "0001-01-01T00:00:00+14:00"]
)
def test_a_date_that_is_none_is_none(date):
    """The message stays, without a time."""
    assert read_date(date) is None


def test_a_date_is_written_as_a_browser_writes_it():
    """So that every version reads it."""
    assert write_date(NOW) == "2026-05-04T10:30:00.000Z"
