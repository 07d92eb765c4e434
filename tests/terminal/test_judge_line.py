"""What doctor says of the judge."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from judge_answers import knows, says
from lms.servers import Reply

from brain.config import Settings
from brain.terminal.judge_line import judge_line
from brain.terminal.progress import Progress

if TYPE_CHECKING:
    from pathlib import Path

    from lms.servers import OllamaServer

OWN = '[[category]]\nid = "politics"\ndefinition = "takes a side in politics"\n'


@pytest.fixture
def settings(server: OllamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("OLLAMA_HOST", server.host)
    return Settings(home=tmp_path, model="ollama/tiny")


def test_a_model_that_was_never_tried(server: OllamaServer, settings: Settings) -> None:
    """Plain doctor asks it nothing and names the command that does."""
    line = judge_line(settings, probe=False)

    assert (line.good, line.fix) == (None, "persona doctor --probe")
    assert line.found == "ollama/tiny: not tried yet; the rules decide alone"
    assert not [request for request in server.requests if request.body]


def test_a_probe_is_told_as_it_goes_and_remembered(server: OllamaServer, settings: Settings) -> None:
    """The next plain doctor shows its result."""
    server.script(knows)
    stream = io.StringIO()

    line = judge_line(settings, probe=True, watcher=Progress(stream=stream, after=60.0))

    assert stream.getvalue() == "Trying ollama/tiny as a judge…\n"
    assert line.found == "ollama/tiny judges doubtful replies (12 of 12 clear cases right)"
    assert judge_line(settings, probe=False) == line


def test_a_model_that_cannot_judge(server: OllamaServer, settings: Settings) -> None:
    """It says so, and what to do."""
    server.script(Reply(says()))

    line = judge_line(settings, probe=True)

    assert line.good is None
    assert line.found == "none able; the rules decide alone (ollama/tiny: 1 of 3 clear cases right)"
    assert "judge_model" in line.fix


def test_the_embedded_model_is_known_to_be_too_small(tmp_path: Path) -> None:
    """Without a try."""
    line = judge_line(Settings(home=tmp_path), probe=False)

    assert line.found == "none able; the rules decide alone (embedded is too small; set judge_model)"


def test_a_server_that_is_gone_is_an_error_only_where_a_judge_was_wanted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line of the model tells it otherwise."""
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")

    assert judge_line(settings, probe=True).good is None
    wanted = settings.model_copy(update={"judge_model": "ollama/other"})
    assert judge_line(wanted, probe=True).good is False


def test_judging_that_is_off(settings: Settings) -> None:
    """It is nobody's fault."""
    line = judge_line(settings.model_copy(update={"judge": "off"}), probe=True)

    assert (line.good, line.found) == (None, "off; the rules decide alone")


def test_what_a_category_without_names_costs(server: OllamaServer, settings: Settings, tmp_path: Path) -> None:
    """A call for every reply; and nobody sees it without a judge."""
    policy = tmp_path / "policy.toml"
    policy.write_text(f"version = 1\n{OWN}")
    server.script(knows)
    own = settings.model_copy(update={"policy": policy})

    assert "nobody sees politics" in judge_line(own, probe=False).found
    assert "one more call for every reply, because of politics" in judge_line(own, probe=True).found
