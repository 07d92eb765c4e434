"""Answers on disk, so that a run can be taken up again."""

from __future__ import annotations

import stat

import pytest

from brain.errors import DataError
from evals.answer_log import AnswerLog, code_digest, digest
from evals.results import Answer


def test_an_answer_is_there_after_a_crash(tmp_path):
    """It is on disk before `add` returns, and only its owner may read it."""
    path = tmp_path / "evals" / "ada.jsonl"
    AnswerLog(path).add("one", Answer(reply="fine", lm_calls=1))

    assert AnswerLog(path).get("one") == Answer(reply="fine", lm_calls=1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert AnswerLog(path).get("two") is None


def test_a_line_cut_off_in_the_middle_costs_only_itself(tmp_path):
    """What comes after it stands on a line of its own."""
    path = tmp_path / "ada.jsonl"
    AnswerLog(path).add("one", Answer(reply="fine"))
    with path.open("a") as file:
        file.write('{"key": "two", "ans')

    AnswerLog(path).add("three", Answer(reply="still here"))

    log = AnswerLog(path)
    assert log.get("one") == Answer(reply="fine")
    assert log.get("two") is None
    assert log.get("three") == Answer(reply="still here")


def test_fresh_forgets_what_was_answered(tmp_path):
    """And what is answered then counts from then on."""
    path = tmp_path / "ada.jsonl"
    AnswerLog(path).add("one", Answer(reply="old"))

    fresh = AnswerLog(path, fresh=True)
    assert fresh.get("one") is None
    fresh.add("one", Answer(reply="new"))

    assert AnswerLog(path).get("one") == Answer(reply="new")


def test_a_folder_in_its_place_is_told(tmp_path):
    """Both ways: reading and writing."""
    with pytest.raises(DataError, match="cannot be read"):
        AnswerLog(tmp_path)
    log = AnswerLog(tmp_path / "later.jsonl")
    (tmp_path / "later.jsonl").mkdir()
    with pytest.raises(DataError, match="cannot be written"):
        log.add("one", Answer(reply="fine"))


def test_a_digest_tells_apart_what_differs():
    """The same parts have the same name, whatever the order of a mapping."""
    assert digest({"a": 1, "b": 2}, "x") == digest({"b": 2, "a": 1}, "x")
    assert digest({"one", "two", "three"}) == digest(["one", "three", "two"])
    assert digest({"a": 1}, "x") != digest({"a": 1}, "y")
    assert code_digest() == code_digest()
