"""A client's file: read in full, or refused with file, index and fix."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from brain.dataset import MAX_BYTES, load_conversations, load_persona, read_dataset, to_example, to_trainset
from brain.errors import DataError

ASKED = {"from_creator": False, "content": "hi"}
ROW = {"chat_history": {"messages": [ASKED]}, "output": "oh hello"}


@pytest.fixture
def file(tmp_path):
    """Writes conversations.json: bytes and texts as they are, anything else as JSON."""

    def write(content):
        path = tmp_path / "conversations.json"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def _refusal(path):
    with pytest.raises(DataError) as caught:
        load_conversations(path)
    error = caught.value
    assert error.exit_code == 65
    assert error.message.startswith(str(path))
    assert "\n" not in error.message + error.hint
    assert error.hint
    return error.message.removeprefix(str(path)), error.hint


def _with_message(**changes):
    message = {name: value for name, value in {**ASKED, **changes}.items() if value is not ...}
    return [ROW, {"chat_history": {"messages": [ASKED, message]}, "output": "x"}]


def test_conversations_are_read_in_order_with_unknown_keys(file):
    """Nothing of a client's export is lost."""
    first = {
        "chat_history": {
            "messages": [{**ASKED, "timestamp": "2026-05-02T23:10:00+02:00", "tip": 5}],
            "fan": "ann",
        },
        "output": "late again",
        "source": "export 3",
    }
    loaded = load_conversations(file([first, ROW]))

    assert [labeled.output for labeled in loaded] == ["late again", "oh hello"]
    assert loaded[0].source == "export 3"
    assert loaded[0].chat_history.fan == "ann"
    assert loaded[0].chat_history.messages[0].tip == 5
    assert loaded[0].chat_history.messages[0].timestamp.isoformat() == "2026-05-02T23:10:00+02:00"


def test_roles_may_alternate_freely(file):
    """The client may have written last, or first, or three times in a row."""
    messages = [{"from_creator": side, "content": "x"} for side in (True, True, False, False, True)]
    (loaded,) = load_conversations(file([{"chat_history": {"messages": messages}, "output": "y"}]))

    assert [message.from_creator for message in loaded.chat_history.messages] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_a_byte_order_mark_is_accepted(file):
    """Editors on Windows write one."""
    assert len(load_conversations(file(b"\xef\xbb\xbf" + json.dumps([ROW]).encode()))) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ": is empty"),
        (" \n\t ", ": is empty"),
        ("[\n  {]", ": is not JSON (line 2, column 4: "),
        ('[{"output": "x",}]', ": is not JSON (line 1, column "),
        (b'[{"output": "caf\xe9"}]', ": is not UTF-8 (byte 16)"),
        ('[{"output": NaN}]', ": is not JSON (NaN is not JSON)"),
        ('[{"score": -Infinity}]', ": is not JSON (-Infinity is not JSON)"),
        ("[" * 200_000, ": is nested too deep"),
        ("{}", ": the top level is an object, not a list"),
        ('"hi"', ": the top level is a text, not a list"),
        ("3", ": the top level is a number, not a list"),
        ("true", ": the top level is true or false, not a list"),
        ("null", ": the top level is null, not a list"),
        ("[]", ": holds no conversation"),
    ],
)
def test_a_file_that_is_no_list_of_conversations_is_refused_with_its_place(file, content, told):
    """One line names the file and what is wrong with it; a second one the fix."""
    message, _ = _refusal(file(content))

    assert message.startswith(told)


@pytest.mark.parametrize(
    ("rows", "told", "fix"),
    [
        ([ROW, 3], "[1]: is a number, not an object", "The shape is"),
        ([ROW, None], "[1]: is null, not an object", "The shape is"),
        ([[ROW]], "[0]: is a list, not an object", "The shape is"),
        ([{}], "[0]: chat_history is missing", "The shape is"),
        ([{"output": "x"}], "[0]: chat_history is missing", "The shape is"),
        ([ROW, {"chat_history": {}, "output": "x"}], "[1]: chat_history.messages is missing", "The shape"),
        (
            [{"chat_history": {"messages": []}, "output": "x"}],
            "[0]: chat_history.messages is empty",
            "drop the entry",
        ),
        ([{"chat_history": {"messages": {}}, "output": "x"}], "[0]: chat_history.messages: ", "The shape is"),
        ([{"chat_history": "hi", "output": "x"}], "[0]: chat_history: ", "The shape is"),
        ([{"chat_history": {"messages": [ASKED]}}], "[0]: output is missing", "`output`"),
        ([ROW, {**ROW, "output": " "}], "[1]: output has no text", "`output`"),
        ([ROW, {**ROW, "output": 5}], "[1]: output: ", "`output`"),
        (_with_message(content=...), "[1]: chat_history.messages[1].content is missing", "`content`"),
        (_with_message(content=""), "[1]: chat_history.messages[1].content has no text", "`content`"),
        (_with_message(content="\n"), "[1]: chat_history.messages[1].content has no text", "`content`"),
        (_with_message(content=None), "[1]: chat_history.messages[1].content: ", "`content`"),
        (_with_message(content=["a"]), "[1]: chat_history.messages[1].content: ", "`content`"),
        (_with_message(from_creator=...), "[1]: chat_history.messages[1].from_creator is missing", "true for"),
        (_with_message(from_creator="no"), "[1]: chat_history.messages[1].from_creator: ", "true for"),
        (_with_message(from_creator=0), "[1]: chat_history.messages[1].from_creator: ", "true for"),
        (_with_message(timestamp="yesterday"), "[1]: chat_history.messages[1].timestamp: ", "2026-05-02T"),
    ],
)
def test_a_wrong_entry_is_named_by_its_index_and_key(file, rows, told, fix):
    """Whoever has 5,000 conversations must not search for the bad one."""
    message, hint = _refusal(file(rows))

    assert message.startswith(told)
    assert fix in hint


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    """With its path, as it was given."""
    assert _refusal(tmp_path / "none.json")[0] == ": no such file"


def test_a_folder_is_no_file(tmp_path):
    """Tab completion stops at folders."""
    assert _refusal(tmp_path)[0] == ": is a folder"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_we_may_not_read_is_told_apart(file):
    """The fix is another one."""
    path = file([ROW])
    path.chmod(0)

    message, hint = _refusal(path)

    assert message.startswith(": cannot be read")
    assert "permissions" in hint


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    """A 100 MB file would take the memory of a small machine; this one is sparse and has no content at all."""
    path = tmp_path / "conversations.json"
    with path.open("wb") as sparse:
        sparse.truncate(100_000_000)

    assert _refusal(path)[0] == ": is 100 MB; at most 67 MB are read"


def test_a_device_without_an_end_is_refused():
    """It says that it is empty, and would fill the memory."""
    with pytest.raises(DataError, match="/dev/zero: is larger; at most 1 MB are read"):
        read_dataset(Path("/dev/zero"), most=1_000_000)


def test_the_largest_file_allowed_is_still_looked_at(tmp_path):
    """The bar itself is inside."""
    path = tmp_path / "conversations.json"
    with path.open("wb") as sparse:
        sparse.truncate(MAX_BYTES)

    assert "is not JSON" in _refusal(path)[0]


def test_an_example_has_the_conversation_as_input_and_the_reply_as_label(file):
    """DSPy's optimizers read exactly that."""
    labeled = load_conversations(file([ROW]))
    example = to_example(labeled[0])

    assert example.inputs().toDict().keys() == {"conversation"}
    assert example.conversation.last_from_other == "hi"
    assert example.reply == "oh hello"
    assert [each.reply for each in to_trainset(labeled)] == ["oh hello"]


def test_a_persona_is_read_from_toml(tmp_path):
    """With lists as they are written."""
    path = tmp_path / "persona.toml"
    path.write_text('name = "Nela"\nid = "nela"\nfacts = ["pots"]\n[fallbacks]\ngeneral = ["hm"]\n')

    persona = load_persona(path)

    assert (persona.name, persona.facts, persona.fallbacks) == ("Nela", ("pots",), {"general": ("hm",)})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name = ", ": is not TOML ("),
        (b'name = "\xff"', ": is not TOML ("),
        ('name = "Nela"', ": id is missing"),
        ('name = "Nela"\nid = "nela"\nage = 31', ": age: extra inputs are not permitted"),
        ('name = "Nela"\nid = "Nela Hart"', ": id: "),
        ('name = "Nela"\nid = "nela"\nfacts = [1]', ": facts[0]: "),
    ],
)
def test_a_persona_that_cannot_be_used_is_refused_with_its_key(tmp_path, content, told):
    """One line, like the conversations'."""
    path = tmp_path / "persona.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(DataError) as caught:
        load_persona(path)

    assert caught.value.message.startswith(f"{path}{told}")
    assert "\n" not in caught.value.message
