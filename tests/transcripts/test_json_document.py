"""Our own JSON: what is written comes back whole, and what is wrong with a file is said."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transcripts.talks import one_of, transcripts, user

from brain.errors import DataError
from brain.transcripts.json_document import read_json, write_json


def written(*talks):
    return json.loads("".join(write_json(talks)))


@given(st.lists(transcripts(), max_size=3))
def test_every_tree_comes_back_as_it_was(talks):
    """Branches, ids, states, times with their zones, what explains a reply, and where it stands."""
    assert read_json(written(*talks), "f.json") == tuple(talks)


def test_the_document_is_readable_by_people():
    """One session a line, and letters as letters."""
    text = "".join(write_json([one_of("hi 👩‍🚀"), one_of("你好")]))

    assert [line[:8] for line in text.splitlines()[1:3]] == ['{"id": "', '{"id": "']
    assert "👩‍🚀" in text
    assert "你好" in text


def test_a_newer_document_is_refused():
    """Its fields may mean something else."""
    with pytest.raises(DataError, match="newer version") as caught:
        read_json({**written(one_of("hi")), "schema_version": 2}, "f.json")

    assert caught.value.hint == "Update this program."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema_version": None}, r"^f\.json: has no `sessions` of schema version 1"),
        ({"sessions": {}}, r"has no `sessions`"),
        ({"sessions": [one_of("hi").model_dump(mode="json"), 3]}, r"f\.json: session 2: "),
        ({"sessions": [{**one_of("hi").model_dump(mode="json"), "voice": ""}]}, r"session 1: `voice`: "),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change, words):
    """In one line, with what to do."""
    with pytest.raises(DataError, match=words) as caught:
        read_json(written(one_of("hi")) | change, "f.json")

    assert "\n" not in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("entries", "head", "words"),
    [
        ([user(1, None, "a"), user(1, None, "b")], 1, "two messages have the id 1"),
        ([user(1, 2, "a"), user(2, None, "b")], 1, "message 1 follows 2, which does not come before it"),
        ([user(1, 1, "a")], 1, "message 1 follows 1"),
        ([user(1, None, "a")], 9, "it stands at message 9, which it does not hold"),
    ],
)
def test_what_is_no_tree_is_refused(entries, head, words):
    """A circle would never end."""
    session = one_of("hi").model_dump(mode="json")
    session |= {"head": head, "entries": [entry.model_dump(mode="json") for entry in entries]}

    with pytest.raises(DataError, match=words):
        read_json({**written(), "sessions": [session]}, "f.json")


def test_a_date_that_no_clock_shows_is_refused():
    """The store could not put it into another zone."""
    session = one_of("hi").model_dump(mode="json") | {"created": "0001-01-01T00:00:00+14:00"}

    with pytest.raises(DataError, match="`created`: is no date of our time"):
        read_json({**written(), "sessions": [session]}, "f.json")
