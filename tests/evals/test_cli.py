"""`persona eval`: the real program, once on the embedded model, otherwise against a server that the test controls."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import pytest
from click.testing import CliRunner
from eval_samples import conversations
from lms.servers import OllamaServer, Reply
from running import persona as persona_process

from brain.cli import persona
from brain.errors import PersonaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from brain.models import LabeledConversation

SAID = "the kettle is on and the cat is asleep. tea?"


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """An Ollama that always says the same."""
    with OllamaServer(models=["tiny"]) as running:
        running.script(Reply(SAID))
        yield running


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the voice ada, of sixty short conversations."""
    folder = tmp_path_factory.mktemp("small")
    with OllamaServer() as nobody:
        file = written(folder / "c.json", conversations(60))
        run("compile", str(file), "--name", "ada", "--listen", "0", home=folder / "home", server=nobody)
    return folder / "home"


@pytest.fixture
def ada(small: Path, tmp_path: Path) -> Path:
    """A fresh copy of it."""
    return shutil.copytree(small, tmp_path / "ada")


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, home: Path, server: OllamaServer) -> Done:
    """The command in this process, which spares the imports."""
    command = ["--home", str(home), *arguments, *(() if arguments[0] == "compile" else ("-m", "ollama/tiny"))]
    result = CliRunner(env={"OLLAMA_HOST": server.url}).invoke(persona, command, standalone_mode=False)
    if isinstance(result.exception, PersonaError):
        return Done(result.exception.exit_code, result.stdout, result.exception.message)
    if result.exception is not None:
        raise result.exception
    return Done(result.return_value or 0, result.stdout, result.stderr)


def written(path: Path, labeled: Sequence[LabeledConversation]) -> Path:
    path.write_text(json.dumps([one.model_dump(mode="json") for one in labeled]))
    return path


def told(done: Done) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_a_voice_is_scored_beside_its_baselines(home: Path) -> None:
    """On the embedded model, with progress on standard error and a table on standard output."""
    done = persona_process("eval", "nela", "--limit", "5", "--systems", "ours,nearest,real", home=home)

    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    words = " ".join(done.stdout.split())
    assert "nela@1 on embedded: 5 prompts it has not seen" in words
    assert "The 3 worst replies of nela@1" in words
    assert "5 prompts, 3 systems, about 5 LM calls on embedded" in done.stderr
    assert "100 %: 15 of 15 replies" in done.stderr


def test_a_second_run_asks_nothing_and_says_the_same(ada: Path, server: OllamaServer) -> None:
    """The answers are kept from the first; `--fresh` asks again."""
    command = ("eval", "ada", "--limit", "6", "--systems", "ours,zero,echo,real", "--json")

    first = told(run(*command, home=ada, server=server))
    asked = len(server.requests)
    second = told(run(*command, home=ada, server=server))

    assert asked >= 12
    assert len(server.requests) == asked
    assert [score["system"] for score in first["scores"]] == ["ours", "zero", "echo", "real"]
    assert first["scores"] == second["scores"]
    assert len(first["prompts"]) == 6
    told(run(*command, "--fresh", home=ada, server=server))
    assert len(server.requests) == 2 * asked


def test_a_report_is_one_page_beside_the_table(ada: Path, server: OllamaServer, tmp_path: Path) -> None:
    """Where it was asked for."""
    page = tmp_path / "page.html"

    done = run("eval", "ada", "--limit", "5", "--systems", "real", "--report", str(page), home=ada, server=server)

    assert done.returncode == 0, done.stderr
    assert f"✓ {page}" in done.stderr
    assert page.read_text().startswith("<!doctype html>")


def test_a_report_is_never_written_over_a_voice(ada: Path, server: OllamaServer) -> None:
    """`--report ada` would take the voice for the file."""
    with pytest.raises(click.UsageError, match=r"ends in \.html"):
        run("eval", "--report", "ada", home=ada, server=server)


@pytest.mark.parametrize(("least", "code"), [("0.99", 3), ("-9", 0)])
def test_below_the_least_headline_it_exits_3(ada: Path, server: OllamaServer, least: str, code: int) -> None:
    """For a gate in CI; the table is printed all the same."""
    done = run("eval", "ada", "--limit", "5", "--systems", "real", "--min", least, home=ada, server=server)

    assert done.returncode == code, done.stderr
    assert "voice" in done.stdout
    assert ("--min is 0.99" in done.stderr) == (code == 3)


def test_a_voice_that_is_too_small_is_told_what_is_missing(tmp_path: Path, server: OllamaServer) -> None:
    """With --json the error is a document; with twenty there is no headline, and with --min that is a failure."""
    home = tmp_path / "home"
    for count in (4, 20):
        file = written(tmp_path / f"{count}.json", conversations(count))
        run("compile", str(file), "--name", f"ada{count}", "--listen", "0", home=home, server=server)

    none = run("eval", "ada4", "--json", home=home, server=server)
    few = run("eval", "ada20", "--json", "--min", "0.1", home=home, server=server)

    assert none.returncode == 65
    assert "needs 10" in json.loads(none.stdout)["error"]["message"]
    assert few.returncode == 3, few.stderr
    document = json.loads(few.stdout)
    assert document["refused"].startswith("preliminary")
    assert document["scores"][0]["headline"] is None
    assert len(document["prompts"]) == 5


def test_two_versions_are_compared_on_the_same_prompts(home: Path, server: OllamaServer, tmp_path: Path) -> None:
    """Of one file, or else on prompts that neither has seen."""
    labeled = conversations(60)
    for count in (60, 60, 50):
        run(
            "compile",
            str(written(tmp_path / "c.json", labeled[:count])),
            "--name",
            "ada",
            "--listen",
            "0",
            home=home,
            server=server,
        )
    later = written(tmp_path / "later.json", conversations(8, seed=9))
    compared = ("eval", "ada@1", "--limit", "6", "--systems", "real", "--json", "--against")

    same = told(run(*compared, "ada@2", home=home, server=server))
    refused = run(*compared, "ada@3", home=home, server=server)
    allowed = told(run(*compared, "ada@3", "--heldout", str(later), home=home, server=server))

    assert [score["name"] for score in same["scores"]] == ["ada@1", "ada@2", "real reply"]
    assert refused.returncode == 78
    assert "--heldout FILE" in json.loads(refused.stdout)["error"]["hint"]
    assert allowed["heldout"] == "later.json"
    assert {prompt["id"].partition(":")[0] for prompt in allowed["prompts"]} == {"later.json"}


def test_another_client_answers_in_their_own_voice(ada: Path, server: OllamaServer, tmp_path: Path) -> None:
    """The same program, learned from their file."""
    bob = written(tmp_path / "bob.json", conversations(12))

    document = told(
        run("eval", "ada", "--limit", "5", "--systems", "other", "--other", str(bob), "--json", home=ada, server=server)
    )

    assert [score["name"] for score in document["scores"]] == ["ada@1", "as bob"]


def test_ctrl_c_keeps_what_was_answered(ada: Path, server: OllamaServer) -> None:
    """Exit code 130, a line that says so, and the next run goes on from there."""
    server.script(Reply(SAID), Reply(SAID), Reply(SAID), Reply(SAID, delay=60.0))
    command = [sys.executable, "-m", "brain", "eval", "ada", "--limit", "6", "--systems", "real", "-m", "ollama/tiny"]
    process = subprocess.Popen(
        command,
        env={**os.environ, "PERSONA_HOME": str(ada), "OLLAMA_HOST": server.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if b"3 of 12" in line or b"40 %" in line or b"2 of 12" in line:
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert output == b""
    assert b"New answers kept: " in errors
    assert b"Traceback" not in errors
    server.script(Reply(SAID))
    done = run("eval", "ada", "--limit", "6", "--systems", "real", home=ada, server=server)
    assert done.returncode == 0
    assert "about 6 LM calls" not in done.stderr
