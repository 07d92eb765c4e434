"""Labelled messages: what a line may hold, which half it belongs to, and what is said of a bad one."""

from __future__ import annotations

import json

import pytest
from topic_samples import a_row, written

from brain.errors import DataError, NotFoundError
from evals.topics.examples import PACKAGED, half_of, load_examples, load_sets


def test_a_line_becomes_a_message_with_its_turns(tmp_path):
    """The fan's turns and the creator's keep their sides."""
    context = [{"role": "user", "content": "are you on insta?"}, {"role": "assistant", "content": "nope"}]
    path = written(tmp_path / "a.jsonl", a_row(context=context, violation=True), a_row("2", role="fan"))

    first, second = load_examples(path)

    assert [turn.from_creator for turn in first.turns] == [False, True]
    assert first.violation
    assert first.role == "reply"
    assert (second.role, second.turns) == ("fan", ())


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("{", "line 2: is not JSON", "A line looks like"),
        ("[1]", "line 2: is not an object", "A line looks like"),
        (json.dumps(a_row(violation="yes")), "line 2: `violation`", "true or false"),
        (json.dumps(a_row(colour="red")), "line 2: `colour`", "Drop it"),
        (json.dumps(a_row(role="bot")), "line 2: `role`", "one of the values"),
        (json.dumps({"id": "1"}), "line 2: `text`: is missing", "Add it"),
        (json.dumps(a_row(context=[{"role": "user"}])), "line 2: `context.0.content`: is missing", "Add it"),
    ],
)
def test_a_bad_line_is_named(tmp_path, line, what, hint):
    """File, line, key and what to do."""
    path = tmp_path / "bad.jsonl"
    path.write_text(f"{json.dumps(a_row('0'))}\n{line}\n")

    with pytest.raises(DataError) as caught:
        load_examples(path)

    assert f"{path}, {what}" in caught.value.message
    assert hint in caught.value.hint


def test_files_that_hold_nothing_or_are_missing_are_named(tmp_path):
    """Before anything is measured."""
    (tmp_path / "empty.jsonl").write_text("\n\n")

    with pytest.raises(DataError, match=r"empty\.jsonl: holds no message"):
        load_examples(tmp_path / "empty.jsonl")
    with pytest.raises(NotFoundError, match=r"none\.jsonl: no such file"):
        load_examples(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match="is a folder"):
        load_examples(tmp_path)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(DataError, match="is not UTF-8"):
        load_examples(tmp_path / "latin.jsonl")


def test_a_file_tells_its_half_by_its_name(tmp_path):
    """A file that tells none belongs to every measurement."""
    files = [written(tmp_path / f"{name}.jsonl", a_row(name)) for name in ("names2_tune", "a_proof", "mine")]

    sets = load_sets(files, ["proof"])

    assert [half_of(file) for file in files] == ["tune", "proof", "given"]
    assert sorted((one.name, one.half) for one in sets) == [("a_proof", "proof"), ("mine", "given")]


def test_no_two_messages_share_an_id(tmp_path):
    """Or a miss could not be looked up."""
    twice = written(tmp_path / "one.jsonl", a_row("7"), a_row("7"))
    again = [written(tmp_path / f"{name}.jsonl", a_row("8")) for name in ("b", "c")]

    with pytest.raises(DataError, match="'7' stands twice, in one"):
        load_sets([twice])
    with pytest.raises(DataError, match="'8' stands twice, in b and c"):
        load_sets(again)


def test_no_set_of_the_wanted_half_is_an_error(tmp_path):
    """Rather than a table of nothing."""
    with pytest.raises(DataError, match="no set of this half"):
        load_sets([written(tmp_path / "a_tune.jsonl", a_row())], ["proof"])


def test_the_packaged_sets_are_whole():
    """Over 600 messages, of both kinds, in halves, and no text twice."""
    sets = load_sets()

    examples = [example for one in sets for example in one.examples]
    texts = [(example.text, example.turns) for example in examples]
    assert len(list(PACKAGED.glob("*.jsonl"))) == len(sets)
    assert {one.half for one in sets} == {"tune", "proof"}
    for violation in (True, False):
        assert sum(example.violation is violation for example in examples) >= 600
    assert len(texts) == len(set(texts))
