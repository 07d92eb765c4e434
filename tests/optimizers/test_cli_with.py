"""`persona compile --with`, as a user runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from practising import labeled
from running import persona, persona_here

from brain.errors import UnavailableError
from optimizers.cli import _how_it_ended
from optimizers.material import Found
from optimizers.variant import Variant

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, count: int) -> Path:
    """A conversations.json of so many."""
    file = folder / "conversations.json"
    file.write_text(json.dumps([row.model_dump(mode="json") for row in labeled(count)]))
    return file


def test_the_embedded_model_searches_and_is_stopped_by_its_budget(tmp_path: Path) -> None:
    """A few calls of the real model: the cost is told first, a voice is saved, and the manifest says how it was."""
    home = tmp_path / "home"

    done = persona(
        "compile",
        str(written(tmp_path, 44)),
        *("--name", "ada", "--with", "search", "--prompts", "8", "--budget", "4", "--listen", "0"),
        home=home,
    )

    assert done.returncode == 0, done.stderr
    assert "ada@1 is ready" in done.stdout
    assert "search: at most 4 LM calls on embedded" in done.stderr
    assert "the best so far is saved: the budget of 4 LM calls is spent" in done.stderr
    manifest = json.loads((home / "data" / "voices" / "ada" / "1" / "manifest.json").read_text())
    assert manifest["notes"]["optimizer"]["lm_calls"] == 4
    assert "Traceback" not in done.stderr


def test_too_few_conversations_are_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    """Said before a model is even loaded, listening included."""
    command = ("compile", str(written(tmp_path, 39)), "--name", "ada", "--with", "gepa")
    done = persona_here(*command, home=tmp_path / "home")

    assert done.returncode == 65
    assert "39 conversations are too few to optimize on" in done.stderr
    assert done.stderr.count("\n") == 2
    assert not (tmp_path / "home").exists()


def test_a_hosted_model_is_not_paid_for_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a script it takes a --yes."""
    monkeypatch.setenv("TOGETHER_API_KEY", "none")

    done = persona_here(
        "compile",
        str(written(tmp_path, 44)),
        *("--name", "ada", "--with", "search", "-m", "together/x"),
        home=tmp_path / "home",
    )

    assert done.returncode == 78
    assert "--yes" in done.stderr
    assert not (tmp_path / "home").exists()


class Ended:
    """An optimization that is over."""

    changed = "layout block"

    def __init__(self, **how: object) -> None:
        scores = {"practice_headline": 0.61, "practice_headline_before": 0.4}
        self.found = Found(Variant(), scores, {"optimizer": {}}, **how)


@pytest.mark.parametrize(
    ("how", "code", "words"),
    [
        ({}, 0, ""),
        ({"why": "the budget of 9 LM calls is spent"}, 0, "budget of 9"),
        ({"why": "Ctrl-C", "interrupted": True}, 130, "Stopped early, the best so far is saved: Ctrl-C"),
        ({"why": "the model failed", "failure": UnavailableError("down")}, 69, "The same command goes on"),
    ],
)
def test_the_exit_code_says_how_it_ended(
    how: dict[str, object], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The best so far is saved each time."""
    assert _how_it_ended(Ended(**how), "ada@1") == code

    said = capsys.readouterr()
    assert "layout block: headline 0.61 on its practice prompts, 0.40 before" in said.out
    assert words in said.err
