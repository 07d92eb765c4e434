"""The clock in words, for every hour and every pause."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import dspy
import pytest
from fakes import ScriptedEngine, scripted_lm, talk, them, us

from brain.adapters import ChatTurnAdapter
from brain.models import Conversation
from brain.modules.context import SituationReader, clock_facts, part_of_day, spoken

BERLIN = timezone(timedelta(hours=2))
NOON = datetime(2026, 5, 4, 12, 30, tzinfo=BERLIN)  # a Monday


def ago(**time):
    return NOON - timedelta(**time)


def chat(*messages):
    return Conversation(messages=messages)


@pytest.mark.parametrize(
    ("hours", "name"),
    [
        (range(5), "night"),
        (range(5, 9), "early morning"),
        (range(9, 12), "morning"),
        (range(12, 14), "midday"),
        (range(14, 18), "afternoon"),
        (range(18, 22), "evening"),
        (range(22, 24), "late evening"),
    ],
)
def test_every_hour_has_its_part_of_the_day(hours, name):
    """From its first minute to its last."""
    for hour in hours:
        assert part_of_day(NOON.replace(hour=hour, minute=0)) == name
        assert part_of_day(NOON.replace(hour=hour, minute=59)) == name


def test_the_weekday_is_that_of_the_local_time():
    """It is Sunday night in Berlin while it is still Sunday evening in London and Saturday nowhere."""
    utc = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)

    assert clock_facts(talk("hi"), utc).startswith("It is Sunday late evening.")
    assert clock_facts(talk("hi"), utc.astimezone(BERLIN)).startswith("It is Monday night.")


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ({"seconds": 0}, "a moment"),
        ({"seconds": 59}, "a moment"),
        ({"minutes": 1}, "1 minute"),
        ({"minutes": 59}, "59 minutes"),
        ({"hours": 1}, "1 hour"),
        ({"hours": 23, "minutes": 59}, "23 hours"),
        ({"days": 1}, "1 day"),
        ({"days": 6, "hours": 23}, "6 days"),
        ({"days": 7}, "7 days"),
        ({"days": 13}, "13 days"),
        ({"days": 14}, "2 weeks"),
        ({"days": 800}, "114 weeks"),
        ({"hours": -3}, "a moment"),
    ],
)
def test_a_pause_is_said_as_one_would_say_it(gap, words):
    """The largest unit that fits, and never 1 week."""
    assert spoken(timedelta(**gap)) == words


def test_the_first_message_is_known_as_such():
    """There is nothing to have paused from, however many messages it came in."""
    assert clock_facts(talk("hi"), NOON) == "It is Monday midday. This is their first message."
    assert clock_facts(chat(them("hi"), them("you there?")), NOON).endswith("This is their first message.")
    assert clock_facts(chat(), NOON).endswith("This is their first message.")


def test_a_pause_before_the_message_is_told():
    """A voice that answers after three days says so."""
    conversation = chat(them("hi", ago(days=3)), us("hello", ago(days=3)), them("hey", ago(minutes=1)))

    assert clock_facts(conversation, NOON) == (
        "It is Monday midday. Before this you had not talked for 2 days. You have only just started talking."
    )


def test_short_pauses_are_not_told():
    """Under an hour it is one talk."""
    conversation = chat(them("hi", ago(minutes=100)), us("hello", ago(minutes=60)), them("hey", ago(minutes=1)))

    assert "not talked" not in clock_facts(conversation, NOON)


def test_the_pause_that_opened_this_sitting_is_still_told_later_in_it():
    """So that the head of the prompt stays the same while they talk; only the newest pause counts."""
    conversation = chat(
        them("hi", ago(days=30)),
        us("hello", ago(days=30)),
        them("back", ago(hours=5, minutes=10)),
        us("hey", ago(hours=5)),
        them("sorry, work", ago(minutes=9)),
        us("no worries", ago(minutes=8)),
        them("so", ago(minutes=1)),
    )

    assert "not talked for 4 hours." in clock_facts(conversation, NOON)


def test_a_message_that_waited_is_told():
    """The client answers in the evening what was asked at breakfast."""
    facts = clock_facts(chat(them("hi", ago(days=1)), us("hey", ago(days=1)), them("ok", ago(hours=3))), NOON)

    assert "Their message has waited 3 hours for an answer." in facts


@pytest.mark.parametrize("minutes", [0, 59])
def test_a_message_that_hardly_waited_is_not(minutes):
    """An hour is the bar."""
    assert "waited" not in clock_facts(chat(them("hi", ago(minutes=minutes))), NOON)


def test_of_several_messages_the_last_one_waits():
    """They may have begun hours ago."""
    assert "waited" not in clock_facts(chat(them("hi", ago(hours=9)), them("hello?", ago(minutes=2))), NOON)


def test_timestamps_of_other_zones_are_compared_as_moments():
    """10:30 UTC is 12:30 in Berlin: no time has passed."""
    message = them("hi", datetime(2026, 5, 4, 10, 30, tzinfo=UTC))

    assert "waited" not in clock_facts(chat(message), NOON)


def test_a_timestamp_without_a_zone_counts_as_local():
    """Old exports have none; 09:30 was three hours ago where the client lives."""
    facts = clock_facts(chat(them("hi", datetime(2026, 5, 4, 9, 30))), NOON)

    assert "waited 3 hours" in facts


def test_a_clock_without_a_zone_works_too():
    """With timestamps that have none, and with ones that do."""
    naive = NOON.replace(tzinfo=None)

    assert "waited 3 hours" in clock_facts(chat(them("hi", naive - timedelta(hours=3))), naive)
    assert clock_facts(chat(them("hi", NOON)), naive).startswith("It is Monday midday.")


def test_messages_without_timestamps_say_nothing_of_time():
    """What is not known is not told."""
    facts = clock_facts(talk("hi", "hello", "hey"), NOON)

    assert facts == "It is Monday midday. You have only just started talking."


def test_a_timestamp_in_the_future_is_no_pause():
    """A wrong clock must not make a voice say nonsense."""
    conversation = chat(them("hi", ago(days=-1)), us("hey", ago(days=-1)), them("ok", ago(days=2)))

    assert "not talked" not in clock_facts(conversation, NOON)
    assert "waited" not in clock_facts(chat(them("hi", ago(days=-2))), NOON)


@pytest.mark.parametrize(
    ("messages", "words"),
    [(3, "only just started talking"), (7, "only just"), (9, "for a while"), (99, "for a while"), (101, "long")],
)
def test_the_length_of_the_talk_is_told_coarsely(messages, words):
    """A count would change with every turn."""
    assert words in clock_facts(talk(*["x"] * messages), NOON)


def test_the_words_hardly_change_in_a_long_talk():
    """40 turns, two minutes apart: they stand at the head of the prompt, and every change empties a prefix cache."""
    now = datetime(2026, 5, 4, 12, 55, tzinfo=BERLIN)
    messages, texts = [], []
    for turn in range(40):
        now += timedelta(minutes=2)
        messages.append(them(f"message {turn}", now))
        texts.append(clock_facts(chat(*messages), now))
        messages.append(us(f"reply {turn}", now + timedelta(seconds=20)))

    changes = sum(before != after for before, after in pairwise(texts))
    assert changes <= 4


def read(engine, reader, *, awaited=False):
    conversation = talk("hi", "hello", "what a day")
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        if awaited:
            return asyncio.run(reader.acall(conversation=conversation, now=NOON)).situation
        return reader(conversation=conversation, now=NOON).situation


@pytest.mark.parametrize("awaited", [False, True])
def test_facts_come_from_code_and_cost_no_call(awaited):
    """A clock needs no model."""
    engine = ScriptedEngine([])

    assert read(engine, SituationReader(), awaited=awaited).startswith("It is Monday midday.")
    assert engine.requests == []


@pytest.mark.parametrize("awaited", [False, True])
def test_on_request_the_model_reads_the_mood_once(awaited):
    """It gets the facts and the newest turns, and its sentence follows the facts."""
    engine = ScriptedEngine(['{"situation": " They sound tired. "}'])

    situation = read(engine, SituationReader(ask_lm=True), awaited=awaited)

    (prompt,) = engine.prompts
    assert situation == "It is Monday midday. You have only just started talking. They sound tired."
    assert "It is Monday midday." in prompt[-1]["content"]
    assert "what a day" in prompt[-1]["content"]
