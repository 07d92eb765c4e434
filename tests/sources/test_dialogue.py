"""From long dialogues to labelled conversations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from brain.naming import voice_name
from brain.sources.dialogue import HISTORY, Said, labeled

START = datetime(2026, 5, 2, 20, 0)


def talk(*lines: tuple[int, str, str]) -> list[Said]:
    """Messages at minutes of an evening."""
    return [Said(speaker, text, START + timedelta(minutes=minute)) for minute, speaker, text in lines]


def found(*lines: tuple[int, str, str], gap: timedelta = timedelta(hours=1)) -> list[tuple[list[str], str]]:
    return [
        ([message.content for message in one.chat_history.messages], one.output)
        for one in labeled([talk(*lines)], "ada", gap=gap).conversations
    ]


def test_bursts_are_kept() -> None:
    """Several messages stay several in the history, and are one reply with line breaks."""
    assert found(
        (0, "sam", "hi"), (1, "sam", "you there"), (2, "ada", "yes"), (3, "ada", "what's up"), (4, "sam", "x")
    ) == [(["hi", "you there"], "yes\nwhat's up")]


def test_after_an_hour_of_silence_a_new_conversation_begins() -> None:
    """An hour is not yet more than an hour; what is written first in the new one answers nobody."""
    lines = [(0, "sam", "hi"), (60, "ada", "yo"), (121, "ada", "and?"), (122, "sam", "well"), (123, "ada", "good")]

    assert found(*lines) == [(["hi"], "yo"), (["and?", "well"], "good")]
    assert found(*lines, gap=timedelta(minutes=30)) == [(["and?", "well"], "good")]
    assert labeled([talk(*lines)], "ada", gap=timedelta(minutes=30)).late == 1


def test_everybody_but_the_client_is_the_other_person() -> None:
    """In a group too."""
    (one,) = labeled([talk((0, "sam", "hi"), (1, "bob", "ho"), (2, "ada", "hey"))], "ada").conversations

    assert [message.from_creator for message in one.chat_history.messages] == [False, False]


def test_of_very_many_replies_the_newest_are_taken() -> None:
    """Whatever chat they stand in; they stay in the order of the chats."""
    chats = [
        talk((0, "sam", "a"), (1, "ada", "old"), (30, "sam", "c"), (31, "ada", "newest")),
        talk((9, "sam", "b"), (10, "ada", "new")),
    ]

    result = labeled(chats, "ada", most=2)

    assert [one.output for one in result.conversations] == ["newest", "new"]
    assert result.replies == 3


def test_the_same_exchange_counts_once_and_what_cannot_be_shown_not_at_all() -> None:
    """A message of control characters is none."""
    undated = [Said("sam", "hi"), Said("ada", "yo")]

    assert len(labeled([undated, undated], "ada").conversations) == 1
    assert not labeled([[Said("sam", "\x07"), Said("ada", "yo")]], "ada").conversations
    assert not labeled([[Said("sam", "hi"), Said("ada", "\x1b[2J")]], "ada").conversations


_TIMES = st.none() | st.datetimes(timezones=st.none() | st.just(UTC))
_SAID = st.builds(Said, st.sampled_from(["ada", "sam", "bob"]), st.text(max_size=5), _TIMES, st.booleans())


@given(st.lists(st.lists(_SAID, max_size=12), max_size=3))
def test_whatever_is_said_a_label_answers_somebody(chats: list[list[Said]]) -> None:
    """The history ends with the other person, is never too long, and no reply is empty."""
    for one in labeled(chats, "ada").conversations:
        assert not one.chat_history.messages[-1].from_creator
        assert 1 <= len(one.chat_history.messages) <= HISTORY
        assert one.output.strip()


@given(st.text())
def test_a_name_for_a_voice_is_always_one_or_none(text: str) -> None:
    """Small letters, digits and hyphens."""
    from brain.places import VOICE_NAME

    name = voice_name(text)

    assert not name or VOICE_NAME.fullmatch(name)
