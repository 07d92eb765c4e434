"""Ctrl-C while a voice is learned: what is done is kept, one line says so, and the exit code tells a script."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import pytest
from eval_samples import conversations
from lms.servers import OllamaServer, Reply
from practising import reflecting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lms.scripted import Received


class Stopped(NamedTuple):
    """How the program ended, and how many LM calls it had made."""

    code: int
    out: str
    err: str
    calls: int


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """A model that proposes what it is asked to propose."""
    with OllamaServer(models=["tiny"]) as running:
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A client's conversations."""
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([one.model_dump(mode="json") for one in conversations(60)]))
    return path


def answers(server: OllamaServer, most: int) -> None:
    """So many at once; the next one takes a minute."""
    say, numbers = reflecting(), count(1)

    def answer(asked: Received) -> Reply:
        return Reply(str(say(asked.body["messages"])), delay=60.0 if next(numbers) > most else 0.0)

    server.requests.clear()
    server.script(answer)


def calls(server: OllamaServer) -> int:
    return sum(asked.path == "/api/chat" for asked in server.requests)


def stopped(server: OllamaServer, home: Path, *arguments: str, after: int, times: int = 1) -> Stopped:
    """`persona compile …`, stopped with Ctrl-C while it waits for the reply after so many."""
    answers(server, after)
    environ = {**os.environ, "PERSONA_HOME": str(home), "OLLAMA_HOST": server.url, "PERSONA_JUDGE": "off"}
    process = subprocess.Popen(
        [sys.executable, "-m", "brain", "compile", *arguments, "-m", "ollama/tiny"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
        text=True,
    )
    end = time.monotonic() + 120
    while calls(server) <= after and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.3 if times > 1 else 0.0)
    out, err = process.communicate(timeout=60)
    return Stopped(process.returncode, out, err, calls(server))


@pytest.mark.parametrize("method", ["search", "bootstrap", "mipro", "gepa"])
def test_an_optimizer_saves_the_best_so_far(method: str, file: Path, tmp_path: Path, server: OllamaServer) -> None:
    """One line says what was kept and one how to go on."""
    command = (str(file), "--name", "ada", "--with", method, "--prompts", "10", "--listen", "0", "--yes")

    done = stopped(server, tmp_path / "home", *command, after=12)

    assert done.code == 130, done.err
    assert "ada@1 is ready" in done.out
    assert done.err.splitlines()[-2:] == [
        "✗ Stopped early, the best so far is saved: Ctrl-C",
        "  → The same command goes on from there.",
    ]
    assert "Traceback" not in done.err
    assert done.calls == 13


def test_what_was_heard_is_learned(file: Path, tmp_path: Path, server: OllamaServer) -> None:
    """The rest of the listening is skipped, and the voice is compiled all the same."""
    done = stopped(server, tmp_path / "home", str(file), "--name", "ada", "--listen", "20", after=4)

    assert done.code == 0, done.err
    assert "ada@1 is ready" in done.out
    assert "Stopped listening after 4 drafts; the voice is compiled with those." in done.err


def test_twice_stops_at_once(file: Path, tmp_path: Path, server: OllamaServer) -> None:
    """Whole or not at all: a half-saved voice would be worse than none."""
    command = (str(file), "--name", "ada", "--with", "search", "--prompts", "10", "--listen", "0", "--yes")

    done = stopped(server, tmp_path / "home", *command, after=12, times=2)

    voices = tmp_path / "home/data/voices/ada"
    assert done.code in (130, -signal.SIGINT)
    assert "Traceback" not in done.err
    assert all((version / "manifest.json").is_file() for version in voices.glob("[0-9]*"))
