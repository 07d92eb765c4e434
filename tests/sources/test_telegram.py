"""Telegram's result.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from sources.files import pairs, read

from brain.errors import DataError
from brain.sources.telegram import read_telegram

if TYPE_CHECKING:
    from pathlib import Path


def message(minute: int, name: str | None, text: Any, id: str = "", **more: Any) -> dict[str, Any]:
    """A message at a minute of a May evening in a zone two hours east."""
    time = datetime(2026, 5, 2, 21, minute, tzinfo=UTC)
    return {
        "id": minute,
        "type": "message",
        "date": (time + timedelta(hours=2)).replace(tzinfo=None).isoformat(),
        "date_unixtime": str(int(time.timestamp())),
        "from": name,
        "from_id": id or f"user-{name}",
        "text": text,
        **more,
    }


def chat(*messages: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Sam", "type": "personal_chat", "id": 7, "messages": list(messages)}


def test_one_chat_becomes_labelled_conversations(tmp_path: Path) -> None:
    """With times in the zone they were written in."""
    source = read(tmp_path, json.dumps(chat(message(1, "Sam", "hi"), message(2, "Ada", "hello 🫖"))), client="Ada")

    assert pairs(source) == [(["hi"], "hello 🫖")]
    written = source.conversations[0].chat_history.messages[0].timestamp
    assert written == datetime(2026, 5, 2, 23, 1, tzinfo=timezone(timedelta(hours=2)))
    assert written is not None
    assert written.hour == 23


def test_a_full_export_has_many_chats_and_none_goes_on_in_another(tmp_path: Path) -> None:
    """Each has a history of its own."""
    chats = [
        chat(message(1, "Sam", "hi"), message(2, "Ada", "yo")),
        chat(message(3, "Bob", "hm"), message(4, "Ada", "?")),
    ]

    source = read(tmp_path, json.dumps({"about": "…", "chats": {"about": "…", "list": [*chats, chat()]}}), client="Ada")

    assert pairs(source) == [(["hi"], "yo"), (["hm"], "?")]


def test_a_text_may_be_a_list_of_entities(tmp_path: Path) -> None:
    """Links and bold words are text; pictures and service messages are not."""
    talk = chat(
        {"id": 1, "type": "service", "action": "phone_call", "actor": "Sam", "actor_id": "user-Sam", "text": ""},
        message(1, "Sam", ["see ", {"type": "link", "text": "example.org"}, {"type": "odd"}, 4, " now"]),
        message(2, "Sam", "", photo="photo.jpg"),
        message(3, "Ada", [{"type": "bold", "text": "no"}]),
    )

    assert pairs(read(tmp_path, json.dumps(talk), client="Ada")) == [(["see example.org now"], "no")]


def test_what_the_client_passed_on_is_no_reply_of_theirs(tmp_path: Path) -> None:
    """It stays in the history."""
    talk = chat(
        message(1, "Sam", "hi"),
        message(2, "Ada", "big news from elsewhere", forwarded_from="News"),
        message(3, "Sam", "wow"),
        message(4, "Ada", "right?"),
    )

    assert pairs(read(tmp_path, json.dumps(talk), client="Ada")) == [
        (["hi", ">big news from elsewhere", "wow"], "right?")
    ]


def test_two_people_of_one_name_are_two_speakers(tmp_path: Path) -> None:
    """Told apart by Telegram's ids; a changed name is still one person, and a deleted account has none."""
    talk = chat(
        message(1, "Sam", "a", "user1"),
        message(2, "Sam", "b", "user2"),
        message(3, "Ada", "c", "user3"),
        message(4, "Ada L", "d", "user3"),
        message(5, None, "e", "user4"),
    )

    assert read_telegram(tmp_path, talk).speakers() == {
        "Ada L": 2,
        "Sam (user1)": 1,
        "Sam (user2)": 1,
        "Deleted account": 1,
    }


@pytest.mark.parametrize(
    ("date", "unix", "wanted"),
    [
        ("2026-05-02T23:01:00", None, datetime(2026, 5, 2, 23, 1)),
        ("nonsense", "1777755660", datetime(2026, 5, 2, 21, 1, tzinfo=UTC)),
        ("2026-05-02T23:01:00", "never", datetime(2026, 5, 2, 23, 1)),
        ("2026-07-02T23:01:00", "1777755660", datetime(2026, 5, 2, 21, 1, tzinfo=UTC)),
        (None, 10**30, None),
        (["x"], {"y": 1}, None),
    ],
)
def test_a_time_is_taken_from_what_there_is(tmp_path: Path, date: Any, unix: Any, wanted: datetime | None) -> None:
    """Local time, seconds since 1970, both, or neither."""
    talk = chat({**message(1, "Sam", "hi"), "date": date, "date_unixtime": unix})

    assert read_telegram(tmp_path, talk).chats[0][0].time == wanted


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"chats": {"list": [{"messages": 3}]}}, "chats.list[0].messages is not a list"),
        ({"chats": {"list": [5]}}, "chats.list[0].messages is not a list"),
        ({**chat(message(1, "Sam", "x")), "messages": [message(1, "Sam", "x"), 5]}, "messages[1] is not an object"),
        (chat(), "nobody writes a word"),
        ({"chats": {"list": []}}, "nobody writes a word"),
    ],
)
def test_an_export_that_cannot_be_read_is_named_with_its_place(tmp_path: Path, document: Any, told: str) -> None:
    """One line."""
    with pytest.raises(DataError) as caught:
        read(tmp_path, json.dumps(document), client="Ada")

    assert told in caught.value.message


def test_missing_keys_cost_a_message_and_no_more(tmp_path: Path) -> None:
    """Programs that write the same form are not all alike."""
    talk = chat(
        message(1, "Sam", "hi"), {"type": "message"}, {"type": "message", "text": "who?"}, message(2, "Ada", "yo")
    )

    assert pairs(read(tmp_path, json.dumps(talk), client="Ada")) == [(["hi"], "yo")]
