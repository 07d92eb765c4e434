"""SillyTavern's chats: alternatives are swipes, and what makes no sense does no harm."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from transcripts.talks import NOW, one_of, reply, transcript, transcripts, user

from brain.errors import DataError
from brain.transcripts.tavern import read_tavern, write_tavern

HEADER = {"user_name": "Ann", "character_name": "Nela", "create_date": "2024-07-12@01h31m37s123ms"}


def lines(talk):
    return [json.loads(line) for line in "".join(write_tavern(talk)).splitlines()]


def read(*messages, header=None):
    return read_tavern(list(enumerate([header or HEADER, *messages], 1)), "f.jsonl", voice="nela", now=NOW)


def test_the_first_line_says_who_talks_and_the_others_what():
    """In the order and with the keys SillyTavern writes."""
    header, first, second = lines(one_of("hi", "hello"))

    assert header == {
        "user_name": "You",
        "character_name": "nela",
        "create_date": "2026-05-04T10:30:00.000Z",
        "chat_metadata": {},
    }
    assert (first["name"], first["is_user"], first["mes"]) == ("You", True, "hi")
    assert (second["name"], second["is_user"], second["is_system"], second["mes"]) == ("nela", False, False, "hello")
    assert second["send_date"] == "2026-05-04T10:30:00.000Z"


def test_alternatives_are_swipes():
    """The one that was chosen is the one on screen; each has its own date and model."""
    talk = transcript(
        user(1, None, "hi"), reply(2, 1, "hey", turn={"model": "m"}), reply(3, 1, "hello", "stopped"), head=2
    )
    said = lines(talk)[2]

    assert (said["mes"], said["swipe_id"], said["swipes"]) == ("hey", 0, ["hey", "hello"])
    assert [info["extra"] for info in said["swipe_info"]] == [{"model": "m"}, {"note": "stopped"}]


@given(transcripts())
def test_the_path_and_its_alternatives_come_back(talk):
    """What was said by whom, and what else the voice said at each place."""
    back = read(*lines(talk)[1:], header=lines(talk)[0]).transcript

    def seen(each):
        return [
            (entry.from_creator, entry.content, [other.content for other in each.beside(entry) if entry.from_creator])
            for entry in each.path
        ]

    assert seen(back) == seen(talk)


def test_what_the_screen_showed_counts():
    """An edit may have changed the message and left its swipes."""
    back = read(
        {"name": "Nela", "is_user": False, "mes": "edited", "swipes": ["old", "other"], "swipe_id": 0}
    ).transcript

    assert [entry.content for entry in back.entries] == ["edited", "other"]
    assert back.path[-1].content == "edited"


@pytest.mark.parametrize(
    "odd",
    [
        {"swipes": "no list", "swipe_id": 0},
        {"swipes": ["a"], "swipe_id": 7},
        {"swipes": ["a"], "swipe_id": "0"},
        {"swipes": ["a"], "swipe_id": -1},
        {"swipes": [{"message": "a"}, " "], "swipe_id": 1, "swipe_info": [None]},
    ],
)
def test_swipes_that_make_no_sense_do_no_harm(odd):
    """The message itself is there."""
    talk = read({"name": "Nela", "is_user": False, "mes": "hello", **odd}).transcript

    assert [entry.content for entry in talk.path] == ["hello"]


def test_hidden_and_empty_messages_are_left_out():
    """They were not said."""
    back = read(
        {"name": "System", "is_user": False, "is_system": True, "mes": "joined"},
        {"name": "Ann", "is_user": True, "mes": "hi"},
        {"name": "Nela", "is_user": False, "mes": " "},
    )

    assert [entry.content for entry in back.transcript.path] == ["hi"]
    assert back.left_out == {"hidden message": 1, "empty message": 1}


@pytest.mark.parametrize("line", [3, {"name": "Ann"}, {"mes": None}, {"mes": {"message": "hi"}}])
def test_a_line_without_text_is_named(line):
    """With the shape it should have."""
    with pytest.raises(DataError, match=r"f\.jsonl: line 3 has no text `mes`") as caught:
        read({"name": "Ann", "is_user": True, "mes": "hi"}, line)

    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "voice"),
    [("ada", "ada"), ("Zoë O'Hara", "zoe-o-hara"), ("my_voice", "my_voice"), ("/a/folder", "/a/folder"), ("", "nela")],
)
def test_a_talk_stays_with_whom_it_was(name, voice):
    """By the header; where that names nobody, with the voice that is given."""
    talk = read({"name": "You", "is_user": True, "mes": "hi"}, header={**HEADER, "character_name": name}).transcript

    assert talk.voice == voice
