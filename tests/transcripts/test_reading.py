"""A file of any form, told by its content; what comes out may be shown, and what cannot be read is said."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transcripts.talks import NOW, one_of

from brain.errors import DataError
from brain.transcripts import reading
from brain.transcripts.forms import FORMS
from brain.transcripts.reading import read_transcripts
from brain.transcripts.writing import write

TALK = one_of("hi 👩‍🚀", "oh hello", "so?")
KEYS = ["kind", "messages", "sessions", "schema_version", "mes", "user_name", "role", "content", "swipes"]
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.sampled_from(["persona-sessions", "user"]),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner),
).map(lambda fields: json.dumps(fields).encode())
CHAT = b'{"messages": [{"role": "user", "content": "hi"}]}'


def read(content, voice="nela"):
    return read_transcripts(content, "a file", voice=voice, now=NOW)


@pytest.mark.parametrize("form", ["json", "jsonl", "tavern"])
def test_the_form_is_told_by_the_content(form):
    """Nobody has to name it."""
    found = read("".join(write([TALK], form)).encode())

    assert [entry.content for entry in found.transcripts[0].path] == ["hi 👩‍🚀", "oh hello", "so?"]
    assert found.form == {"json": "JSON", "jsonl": "OpenAI chat JSONL", "tavern": "SillyTavern chat"}[form]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + CHAT + b"\r\n\r\n" + CHAT + b"\r\n",
        b"\n\n" + CHAT + b"\n" + CHAT,
        b"[" + CHAT + b"," + CHAT + b"]",
        json.dumps([json.loads(CHAT)] * 2, indent=2).encode(),
    ],
)
def test_how_the_lines_are_laid_out_does_not_matter(content):
    """A mark at the start, Windows line ends, blank lines, or one list of all."""
    assert [talk.path[0].content for talk in read(content).transcripts] == ["hi", "hi"]


def test_one_conversation_may_take_several_lines():
    """As people keep it who read JSON."""
    assert len(read(json.dumps(json.loads(CHAT), indent=2).encode()).transcripts) == 1


def test_the_voice_is_the_file_s_own_where_it_names_one():
    """SillyTavern names its character, OpenAI's form nobody."""
    assert read("".join(write([TALK], "json")).encode(), voice="ann").transcripts[0].voice == "nela"
    assert read(CHAT, voice="ann").transcripts[0].voice == "ann"
    assert read("".join(write([TALK], "tavern")).encode(), voice="ann").transcripts[0].voice == "nela"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "a file: is empty"),
        (b" \n ", "a file: is empty"),
        (b"\xff\xfe", r"is not UTF-8 \(byte 0\)"),
        (b"hello there", r"is not JSON \(line 1, column 1"),
        (b'{"kind": "persona-sessions",\n "sessions": [}', r"is not JSON \(line 2, column 15"),
        (CHAT + b"\n{oops", r"line 2 is not JSON \(column 2"),
        (CHAT + b"\n3", "line 2 is not an object"),
        (b"null", "is no file of conversations that we know"),
        (b'{"a": 1}\n{"b": 2}', "is no file of conversations that we know"),
        (b"[]", "is no file of conversations that we know"),
        (b"NaN", "is not JSON that can be read"),
        (b'{"a": ' + b"9" * 5000 + b"}", "is not JSON that can be read"),
        (b"[" * 100_000, "is nested too deep"),
        (b'{"messages": []}', "holds no message"),
        (b'{"user_name": "Ann", "chat_metadata": {}}', "holds no message"),
        (json.dumps({"messages": [{"role": "user", "content": "\x1b[2J"}]}).encode(), "holds no message"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(content, words):
    """With where, and what would do."""
    with pytest.raises(DataError, match=words) as caught:
        read(content)

    assert caught.value.message.startswith("a file: ")
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_file_that_is_too_large_is_refused():
    """Before it is parsed."""
    with pytest.raises(DataError, match="more than 64 MB"):
        read(b" " * (reading.MAX_BYTES + 1))


@given(st.binary() | DOCUMENTS)
def test_no_file_breaks_the_program(content):
    """Whatever it holds, it is read or it is refused."""
    with contextlib.suppress(DataError):
        assert read(content).transcripts


def test_every_form_is_written():
    """Each in its own way, and none of them empty."""
    assert len({"".join(write([TALK], form)) for form in FORMS}) == len(FORMS)
