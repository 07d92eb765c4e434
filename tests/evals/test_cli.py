"""`persona eval`, on the real embedded model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from running import persona

if TYPE_CHECKING:
    from pathlib import Path


def test_a_voice_is_scored_beside_its_baselines(home: Path) -> None:
    """Leave-one-out, with progress on standard error and one document on standard output."""
    done = persona("eval", "nela", "--limit", "3", "--seed", "1", "--json", home=home)

    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    scores = {score["system"]: score for score in document["scores"]}
    assert list(scores) == ["nela@1", "zero demos", "nearest reply", "real reply"]
    own, ours, nearest = (
        scores["real reply"],
        scores["nela@1"],
        scores["nearest reply"],
    )
    assert all(score["replies"] == 3 for score in scores.values())
    assert own["copy_rate"] == 0.0, "a reply is never compared with itself"
    assert ours["lm_calls"] >= 1
    assert ours["prompt_tokens"] > scores["zero demos"]["prompt_tokens"]
    assert nearest["lm_calls"] == 0
    assert "100 %" in done.stderr


def test_it_prints_a_table_for_people(home: Path) -> None:
    """Each system a column, within 80 of the terminal's."""
    done = persona("eval", "--limit", "1", home=home)

    words = " ".join(done.stdout.split())
    assert "zero demos" in words
    assert "punctuation" in words


def test_one_conversation_is_too_few(tmp_path: Path) -> None:
    """A voice is never compared with the reply it should have given; with --json the error is a document."""
    file = tmp_path / "conversations.json"
    file.write_text(
        json.dumps([{"chat_history": {"messages": [{"from_creator": False, "content": "hi"}]}, "output": "hey"}])
    )
    persona("compile", str(file), "--name", "ada", home=tmp_path / "home")

    done = persona("eval", "ada", "--json", home=tmp_path / "home")

    assert done.returncode == 65
    assert "needs two" in json.loads(done.stdout)["error"]["message"]
