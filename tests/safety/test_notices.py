"""The notices of the program: at the start, every three hours, and every hour for a minor."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from brain.models import Persona
from brain.safety.notices import Notices

NOON = datetime(2026, 5, 2, 12, tzinfo=UTC)
MARA = Notices("Mara", "en")


def test_a_talk_begins_with_the_notice() -> None:
    """It says whose style it is, and that no person writes."""
    assert MARA.due(None, NOON) == MARA.start
    assert MARA.start == "You are talking to an AI that writes in Mara's style, not to a person."


@pytest.mark.parametrize(("minor", "hours"), [(False, 3), (True, 1)])
def test_it_comes_again_by_the_wall_clock(minor: bool, hours: int) -> None:
    """Not a second sooner, and not a second later."""
    after = timedelta(hours=hours)

    assert MARA.due(NOON, NOON + after - timedelta(seconds=1), minor=minor) is None
    assert "Mara" in (MARA.due(NOON, NOON + after, minor=minor) or "")


def test_a_clock_that_was_put_back_silences_nothing() -> None:
    """The next turn reminds."""
    assert MARA.due(NOON, NOON - timedelta(hours=5)) is not None


@pytest.mark.parametrize(("language", "word"), [("es", "IA"), ("fr", "IA"), ("de", "KI"), ("pt", "IA"), ("it", "IA")])
def test_it_speaks_the_language_of_the_voice(language: str, word: str) -> None:
    """The first that the persona writes."""
    notices = Notices.of(Persona(name="Mara", id="mara", languages=(language, "en")))

    assert word in notices.start
    assert "Mara" in notices.start
    assert word in (notices.due(NOON, NOON + timedelta(hours=4)) or "")


def test_a_language_without_a_text_gets_english() -> None:
    """Better than none."""
    assert Notices("Mara", "nl").start == MARA.start
