"""What is said of a meeting without naming it."""

from __future__ import annotations

import pytest

from brain.policy.fold import fold
from brain.policy.meetings import Meetings

UNSURE_AT, BLOCK_AT = 3, 5
LANGUAGES = ("en", "es", "fr", "de", "pt", "it")


@pytest.fixture(scope="module")
def meetings() -> Meetings:
    """Every language at once."""
    return Meetings(LANGUAGES)


@pytest.mark.parametrize(
    "text",
    [
        "there's an empty chair at my kitchen table", "the tent sleeps two, I checked",
        "en mi sofá hay un hueco y dos copas", "j'ai fait des crêpes pour quatre",
        "auf meinem Sofa ist noch ein Platz frei", "a cadeira da frente tá vazia", "ho due calici e un divano libero",
    ],
)  # fmt: skip
def test_a_thing_kept_for_a_second_person_is_a_hint(text: str, meetings: Meetings) -> None:
    """Nobody is asked to come, and yet everybody understands."""
    assert meetings.read(fold(text).text).score >= UNSURE_AT


def test_a_thing_that_is_only_there_is_no_hint(meetings: Meetings) -> None:
    """The same chair, without anything free about it."""
    assert meetings.read("the chair at the table wobbles").score < UNSURE_AT


def test_a_question_after_somebodys_street_is_a_hint(meetings: Meetings) -> None:
    """Surely so if who asks can be there soon."""
    asked = meetings.read("is your flat the one above the bakery?").score
    coming = meetings.read("is your flat the one above the bakery? i could drop by").score

    assert UNSURE_AT <= asked < BLOCK_AT <= coming


def test_a_wish_to_be_near_is_a_hint(meetings: Meetings) -> None:
    """Smell, voice and hands are nothing one has on a screen."""
    assert meetings.read("i want to know how your hand feels").score >= UNSURE_AT
    assert meetings.read("my hand hurts, i want to know why").score < UNSURE_AT


def test_a_day_an_hour_and_a_place_make_an_appointment(meetings: Meetings) -> None:
    """Without a verb; with somebody else's name on it, it is theirs."""
    assert meetings.read("friday 19:30, the bench by the canal").score >= BLOCK_AT
    assert meetings.read("my sister is at the canal on friday 19:30").score < BLOCK_AT
    assert meetings.read("i'm at the gym right now").score < UNSURE_AT
