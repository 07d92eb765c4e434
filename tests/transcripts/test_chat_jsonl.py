"""OpenAI's chat format: a line a conversation, and what has no place in it is counted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from transcripts.talks import NASTY, NOW, one_of, reply, transcript, transcripts, user

from brain.errors import DataError
from brain.transcripts.chat_jsonl import read_chat, write_chat_jsonl


def lines(*talks):
    return [json.loads(line) for line in "".join(write_chat_jsonl(talks)).splitlines()]


def read(fields):
    return read_chat(fields, "f.jsonl: line 1", voice="nela", now=NOW)


def said(read_back):
    return [(entry.from_creator, entry.content) for entry in read_back.transcript.path]


def test_a_conversation_is_a_line():
    """The messages on its path, first to last; other branches have no place."""
    talk = transcript(user(1, None, "hi"), reply(2, 1, "hey"), reply(3, 1, "hello"), user(4, 3, "so?"))

    assert lines(talk, one_of("ok")) == [
        {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": "hello"},
                {"role": "user", "content": "so?"},
            ]
        },
        {"messages": [{"role": "user", "content": "ok"}]},
    ]


@pytest.mark.parametrize("state", ["stopped", "cut", "interrupted", "streaming"])
def test_nothing_learns_from_a_reply_that_is_not_whole(state):
    """Weight 0 is the format's own word for it; a corrected reply is whole."""
    replies = lines(transcript(user(1, None, "hi"), reply(2, 1, "hel", state)))[0]["messages"]
    corrected = lines(transcript(user(1, None, "hi"), reply(2, 1, "hello", "edited")))[0]["messages"]

    assert replies[1] == {"role": "assistant", "content": "hel", "weight": 0}
    assert corrected[1] == {"role": "assistant", "content": "hello"}
    assert [entry.whole for entry in read({"messages": replies}).transcript.path] == [True, False]
    assert read({"messages": corrected}).transcript.path[1].whole


@given(transcripts())
def test_what_was_said_comes_back(talk):
    """Whatever it looks like; only who said what is kept."""
    text = "".join(write_chat_jsonl([talk]))

    assert text.count("\n") == 1
    assert said(read(json.loads(text))) == [(entry.from_creator, entry.content) for entry in talk.path]


@pytest.mark.parametrize("content", NASTY)
def test_a_message_that_looks_like_the_format_stays_one_message(content):
    """A line break in it breaks no line."""
    assert said(read(lines(one_of("hi", content))[0])) == [(False, "hi"), (True, content)]


def test_parts_are_joined_and_what_is_no_talk_is_counted():
    """Instructions, tools and pictures are not part of what two people said."""
    read_back = read(
        {
            "messages": [
                {"role": "system", "content": "You are kind."},
                {"role": "developer", "content": "Be brief."},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "look"},
                        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}},
                        {"type": "text", "text": "at this"},
                    ],
                },
                {"role": "assistant", "content": None, "tool_calls": []},
                {"role": "tool", "content": "42", "tool_call_id": "1"},
                {"role": "assistant", "content": "nice"},
            ]
        }
    )

    assert said(read_back) == [(False, "look\nat this"), (True, "nice")]
    assert read_back.left_out == {"system message": 1, "developer message": 1, "empty message": 1, "tool message": 1}


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ("hi", "line 1: `messages` is not a list"),
        (["hi"], "line 1: message 1 is not an object"),
        ([{"role": "user", "content": "hi"}, {"role": "narrator", "content": "x"}], "message 2: `role` is 'narrator'"),
        ([{"role": ["user"], "content": "x"}], "message 1: `role` is"),
        ([{"role": "user", "content": 3}], "message 1: `content` is neither"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(messages, words):
    """In one line, with the shape it should have."""
    with pytest.raises(DataError, match=words) as caught:
        read({"messages": messages})

    assert caught.value.hint
