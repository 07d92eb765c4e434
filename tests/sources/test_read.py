"""Any file: told by its content, and refused in one line."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.files import CARD, chunk, packed, pairs, png, read

from brain.errors import DataError, PersonaError
from brain.sources.read import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from brain.sources.source import Source

OWN = [{"chat_history": {"messages": [{"from_creator": False, "content": "hi"}]}, "output": "oh hello"}]
ANDROID = "31/12/2026, 22:15 - Sam: hi\n31/12/2026, 22:16 - Ada: hello\n"
TELEGRAM = {
    "name": "Sam",
    "type": "personal_chat",
    "id": 1,
    "messages": [
        {"id": 1, "type": "message", "date": "2026-05-02T23:10:00", "from": "Sam", "from_id": "user1", "text": "hi"},
        {"id": 2, "type": "message", "date": "2026-05-02T23:11:00", "from": "Ada", "from_id": "user2", "text": "hello"},
    ],
}


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (json.dumps(OWN), "conversations.json"),
        ("\ufeff" + json.dumps(OWN), "conversations.json"),
        (
            '{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yo"}]}',
            "OpenAI chat rows",
        ),
        ('{"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "yo"}]}', "ShareGPT rows"),
        (json.dumps(CARD), "a character card (V2)"),
        (png(b""), None),
        (ANDROID, "a WhatsApp export"),
        ("\ufeff" + ANDROID.replace("\n", "\r\n"), "a WhatsApp export"),
        (json.dumps(TELEGRAM), "a Telegram export"),
        (json.dumps({"chats": {"list": [TELEGRAM]}}), "a Telegram export"),
    ],
)
def test_a_file_is_known_by_its_content(tmp_path: Path, content: str | bytes, form: str | None) -> None:
    """Its name tells nothing."""
    if form is None:
        with pytest.raises(DataError, match="without a character card"):
            read(tmp_path, content)
        return
    source = read(tmp_path, content, name="photo.xlsx", client="Ada")

    assert source.form == form
    assert source.conversations


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is none of the files"),
        (b"[settings]\nx = 1", "is none of the files"),
        (b"hello there", "is none of the files"),
        (b'{"a": 1}', "is none of the files"),
        (b"[1, 2]", "is none of the files"),
        (b"[]", "is none of the files"),
        (b"\xff\xfe\x00", "is none of the files"),
        (b"PK\x03\x04rest", "is a ZIP file"),
        (b'{"messages": [}', "line 1, column 15"),
        (b"[" * 5000, "nested too deep"),
        (b'{"messages": []}\n{"messages"', "line 2: is not JSON"),
        (b'{"messages": [3]}', "messages[0] is not an object"),
        (b'{"messages": [{"role": "user", "content": "hi"}]}', "no reply in it answers anybody"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_with_place_and_fix(tmp_path: Path, content: bytes, told: str) -> None:
    """Exit code 65; the known forms are listed where it is none of them."""
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)

    assert told in caught.value.message
    assert str(tmp_path / "file") in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Like any file of this program."""
    with pytest.raises(DataError, match="no such file"):
        read_source(tmp_path / "gone")


def test_escapes_and_hidden_text_do_not_come_in(tmp_path: Path) -> None:
    """What is left of nothing is no message; a row that repeats another is left out."""
    rows = [
        {"chat_history": {"messages": [{"from_creator": False, "content": "\x1b[31mhi\x07"}]}, "output": "o\u202ek"},
        {"chat_history": {"messages": [{"from_creator": False, "content": "hi"}]}, "output": "ok"},
        {"chat_history": {"messages": [{"from_creator": False, "content": "hi"}]}, "output": "\x07"},
    ]

    source = read(tmp_path, json.dumps(rows))

    assert pairs(source) == [(["hi"], "ok")]
    assert source.notes == ("2 rows are left out: they repeat others.",)


def test_unknown_keys_of_our_own_form_are_kept(tmp_path: Path) -> None:
    """Notes of a user's own stay in the file."""
    source = read(tmp_path, json.dumps([{**OWN[0], "note": {"by": "me"}}]))

    assert source.conversations[0].model_dump()["note"] == {"by": "me"}


def test_a_persona_beside_our_own_form_comes_along(tmp_path: Path) -> None:
    """As it does for `persona compile`."""
    (tmp_path / "persona.toml").write_text('name = "Ada L"\nabout = "Mends clocks."\n')

    source = read(tmp_path, json.dumps(OWN))

    assert source.persona is not None
    assert (source.persona.name, source.persona.about) == ("Ada L", "Mends clocks.")


_KEYS = [
    *("messages", "conversations", "chats", "list", "type", "from", "from_id", "text", "date", "date_unixtime", "data"),
    *("spec", "name", "nickname", "description", "scenario", "mes_example", "extensions", "role", "content", "value"),
    *("weight", "chat_history", "output"),
]
_VALUES = ["chara_card_v2", "message", "user", "assistant", "human", "gpt", "<START>\n{{char}}: x"]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(_KEYS), inner | st.sampled_from(_VALUES), max_size=6)
    ),
    max_leaves=30,
)
_LINES = st.lists(
    st.sampled_from(
        ["31/12/26, 22:15 - ", "[1/2/2026, 10:15:30 PM] ", "\u200e[99/99/99, 99:99:99] ", "2026-01-01, 1:1 - "]
    )
    | st.sampled_from(["Sam: ", "a: b: ", "Sam changed the subject: ", "\u200e", "\r\n", "\n", "<Media omitted>"])
    | st.text(max_size=10),
    max_size=30,
).map("".join)


@given(
    st.binary(max_size=300)
    | _JSON.map(lambda value: json.dumps(value).encode())
    | st.lists(_JSON, max_size=3).map(lambda rows: "\n".join(map(json.dumps, rows)).encode())
    | _LINES.map(lambda text: text.encode(errors="replace"))
    | _LINES.map(lambda text: f"31/12/26, 22:15 - {text}".encode(errors="replace"))
    | _LINES.map(lambda text: f"[99/1/26, 22:15:30 PM] {text}".encode(errors="replace"))
    | st.binary(max_size=100).map(lambda body: png(b"")[:33] + body)
    | _JSON.map(lambda value: png_of(json.dumps(value).encode()))
)
def test_no_bytes_are_more_than_a_person_s_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever comes, one of our errors or a source of clean texts."""
    path = tmp_path_factory.getbasetemp() / "file"
    path.write_bytes(content)

    source = sound(path)

    assert source is None or all(output.strip() for _, output in pairs(source))
    assert source is None or source.conversations or source.persona


def sound(path: Path) -> Source | None:
    """What is in the file, or nothing where it is refused in one line."""
    try:
        return read_source(path, ask=lambda speakers: next(iter(speakers)))
    except PersonaError as exc:
        return None if exc.hint and "\n" not in exc.message else pytest.fail(repr(exc))


def png_of(text: bytes) -> bytes:
    return png(chunk(b"tEXt", b"chara\0" + base64.b64encode(text)))


def test_a_card_in_a_picture_is_read_too(tmp_path: Path) -> None:
    """See test_card.py and test_png.py."""
    source = read(tmp_path, png(chunk(b"tEXt", b"chara\0" + packed(CARD))))

    assert source.card == CARD
