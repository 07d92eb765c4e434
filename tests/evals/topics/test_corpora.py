"""Ordinary talk from the files that people have, and one clear line about those that cannot be read."""

from __future__ import annotations

import json

import pytest

from brain.errors import DataError, NotFoundError
from evals.topics.corpora import load_corpus


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("a.txt", "hi there\r\n\n  how are you \n", ["hi there", "how are you"]),
        ("b.txt", "hello ! __eou__ hi , tea ? __eou__\nyes __eou__\n", ["hello !", "hi , tea ?", "yes"]),
        ("i.txt", "hi ! __eou__ yo . __eou__\t1\t2 1\t0 0\n", ["hi !", "yo ."]),
        ("c.csv", 'id,text\n1,"one, two"\n2,three\n', ["one, two", "three"]),
        ("d.csv", 'id,Best Generated Conversation\n1,"User 1: hi\nUser 2: hello: you"\n', ["hi", "hello: you"]),
        ("e.json", '["one", "two"]', ["one", "two"]),
        ("f.json", '{"t1": {"agent": "a", "content": [{"message": "hi"}, {"message": "yo"}]}}', ["hi", "yo"]),
        (
            "g.json",
            json.dumps(
                [{"chat_history": {"messages": [{"from_creator": False, "content": "hi"}]}, "output": "oh hello"}]
            ),
            ["hi", "oh hello"],
        ),
        ("h.jsonl", '{"text": "one", "label": "x"}\n\n"two"\n["three"]\n', ["one", "two", "three"]),
    ],
)
def test_each_kind_of_file_is_read(tmp_path, name, content, messages):
    """Speakers, blank lines and turn marks are no part of a message."""
    (tmp_path / name).write_bytes(content.encode())

    corpus = load_corpus(str(tmp_path / name))

    assert list(corpus.messages) == messages
    assert corpus.sources == {name: len(messages)}
    assert corpus.name == name


def test_a_column_may_be_named(tmp_path):
    """Behind a #, for headings nobody could guess."""
    path = tmp_path / "talk.csv"
    path.write_text("personas,what they said\nx,User 1: hi\n")

    assert load_corpus(f"{path}#what they said").messages == ("hi",)
    with pytest.raises(DataError) as caught:
        load_corpus(str(path))
    assert "personas, what they said" in caught.value.hint


def test_a_folder_is_all_its_files(tmp_path):
    """At any depth, in order of their names; other files are left alone."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "b.txt").write_text("two\nthree")
    (tmp_path / "deep" / "a.jsonl").write_text('{"text": "four"}')
    (tmp_path / "notes.md").write_text("no talk")

    corpus = load_corpus(str(tmp_path))

    assert corpus.messages == ("two", "three", "four")
    assert sum(corpus.sources.values()) == 3


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.json", "{", "a.json: is not JSON"),
        ("a.jsonl", '{"text": "x"}\n{', "a.jsonl, line 2: is not JSON"),
        ("a.json", '{"label": "x"}', "holds no message"),
        ("a.txt", "\n\n", "holds no message"),
        ("a.csv", "", "has no column"),
        ("a.csv", "one,two\n1,2\n", "has no column text or"),
        ("a.csv", 'text\n"open', "is not CSV"),
        ("a.pdf", "x", "is of no kind that can be read"),
        ("a.txt", b"\xff\xfe\x00", "is not UTF-8"),
    ],
)
def test_what_cannot_be_read_gets_one_line(tmp_path, name, content, what):
    """Which names the file, and a hint."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(DataError, match=what) as caught:
        load_corpus(str(path))

    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_missing_and_empty_places_are_named(tmp_path):
    """A folder without talk is not silently nothing."""
    with pytest.raises(NotFoundError, match="no such file or folder"):
        load_corpus(str(tmp_path / "none.txt"))
    with pytest.raises(NotFoundError, match="no such file or folder"):
        load_corpus(str(tmp_path / "none.csv#text"))
    with pytest.raises(DataError, match=r"holds no \.txt"):
        load_corpus(str(tmp_path))
