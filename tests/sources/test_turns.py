"""OpenAI's chat rows and ShareGPT's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sources.files import pairs, read

from brain.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


def row(*turns: tuple[str, Any], **more: Any) -> str:
    return json.dumps({"messages": [{"role": role, "content": content, **more} for role, content in turns]})


def test_every_reply_becomes_a_label_with_what_was_said_before(tmp_path: Path) -> None:
    """Turns in a row stay apart in the history and are joined in a reply."""
    source = read(
        tmp_path,
        row(("user", "hi"), ("user", "you there?"), ("assistant", "yes"), ("assistant", "always"), ("user", "good"))
        + "\n\n"
        + row(("assistant", "welcome"), ("user", "thanks"), ("assistant", "sure")),
    )

    assert pairs(source) == [(["hi", "you there?"], "yes\nalways"), ([">welcome", "thanks"], "sure")]
    assert source.conversations[0].chat_history.messages[0].timestamp is None


def test_a_history_holds_the_last_eight_messages(tmp_path: Path) -> None:
    """More teach nothing about the reply."""
    turns = [("user" if number % 2 == 0 else "assistant", str(number)) for number in range(12)]

    assert pairs(read(tmp_path, row(*turns)))[-1] == ([">3", "4", ">5", "6", ">7", "8", ">9", "10"], "11")


def test_content_may_be_parts_and_tools_are_left_out(tmp_path: Path) -> None:
    """Pictures have no words; a reply of weight 0 is history alone."""
    parts = [{"type": "text", "text": "look"}, {"type": "image_url", "image_url": {"url": "x"}}]
    turns = [
        {"role": "user", "content": parts},
        {"role": "assistant", "content": None, "tool_calls": []},
        {"role": "tool", "content": "42"},
        {"role": "assistant", "content": "wrong", "weight": 0},
        {"role": "user", "content": "no"},
        {"role": "assistant", "content": "right"},
    ]

    assert pairs(read(tmp_path, json.dumps({"messages": turns}))) == [(["look", ">wrong", "no"], "right")]


def test_one_system_text_for_all_tells_who_the_client_is(tmp_path: Path) -> None:
    """Different ones cannot all be true; both are said."""
    one = read(tmp_path, "\n".join(row(("system", "You are Ada."), ("user", n), ("assistant", "yo")) for n in "ab"))
    many = read(tmp_path, "\n".join(row(("developer", f"Be {n}."), ("user", n), ("assistant", "yo")) for n in "ab"))

    assert (one.about, many.about) == ("You are Ada.", "")
    assert "taken for what is said about the client" in one.notes[0]
    assert "2 different system texts" in many.notes[0]


def test_sharegpt_comes_as_a_list_or_a_row_a_line(tmp_path: Path) -> None:
    """Human and gpt, or user and assistant."""
    talk = {"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "yo"}]}
    other = {"id": "x", "conversations": [{"role": "user", "content": "bye"}, {"role": "assistant", "content": "bye"}]}
    wanted = [(["hi"], "yo"), (["bye"], "bye")]

    assert pairs(read(tmp_path, json.dumps([talk, other]))) == wanted
    assert pairs(read(tmp_path, f"{json.dumps(talk)}\r\n{json.dumps(other)}\r\n")) == wanted
    assert pairs(read(tmp_path, json.dumps(talk, indent=2))) == wanted[:1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (row(("user", "hi")) + '\n{"messages": 3}', "line 2: has no list `messages`"),
        (row(("user", "hi")) + "\n7", "line 2: has no list `messages`"),
        (row(("user", "hi")) + '\n{"messages": [{"content": "x"}]}', "line 2: messages[0] has no speaker"),
        (json.dumps([{"conversations": []}, {"conversations": ["x"]}]), "file[1]: conversations[0] is not an object"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path: Path, content: str, told: str) -> None:
    """By its line, or its place in the list."""
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)

    assert told in caught.value.message
