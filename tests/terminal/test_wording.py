"""What is said when a model or its server fails, and the exit code: each row on the wire of each kind of server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest
from lms.asking import silent_port
from lms.servers import Failure, OllamaServer, OpenAIServer, Raw, Reply

from brain.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lms.scripted import ChatServer

KEY = "tgp-0123456789-abcdefx9Q2"
COMPANIES = {"ollama": "Ollama", "together": "Together", "openai": "OpenAI"}
KEYS = {"together": "TOGETHER_API_KEY", "openai": "OPENAI_API_KEY"}
OVERFLOW = Failure(400, "This model's maximum context length is 4096 tokens", code="context_length_exceeded")
NO_REPLY = "{who} failed (The server's answer is not a chat reply)."
ESCAPES = Failure(500, "boom \x1b[2Jhidden\nsecond line")


class Said(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`persona ask hi`, in this process, of one kind of model at an address."""
    for name in KEYS.values():
        monkeypatch.setenv(name, KEY)
    monkeypatch.setenv("PERSONA_HOME", str(home))
    monkeypatch.setenv("PERSONA_JUDGE", "off")
    monkeypatch.setenv("PERSONA_TIMEOUT", "0.5")

    def run(kind: str, host: str, *flags: str) -> Said:
        monkeypatch.setenv("OLLAMA_HOST", host)
        base = () if kind == "ollama" else ("--api-base", f"http://{host}/v1")
        monkeypatch.setattr(sys, "argv", ["persona", "ask", "hi", "-m", f"{kind}/tiny", *base, *flags])
        code = main()
        return Said(code, *capsys.readouterr())

    return run


@contextmanager
def serving(kind: str, *answers: Failure | Raw | Reply, model: str = "tiny") -> Iterator[ChatServer]:
    """A server of this kind that gives these answers."""
    with OllamaServer(models=[model]) if kind == "ollama" else OpenAIServer(models=[model]) as server:
        server.script(*answers)
        yield server


ROWS: dict[str, tuple[Failure | Raw | Reply, int, str, str]] = {
    "no credit": (Failure(402, "Credit limit"), 77, "The account at {who} has no credit.", "embedded"),
    "rate limit": (
        Failure(429, "Slow down", {"Retry-After": "0"}),
        75,
        "{who} limits the rate of calls.",
        "Try again in 1 s.",
    ),
    "far away": (
        Failure(429, "Slow down", {"Retry-After": "400"}),
        75,
        "{who} limits the rate of calls.",
        "Try again in 7 min.",
    ),
    "failed": (Failure(500, "boom"), 69, "{who} failed (HTTP 500: boom).", "the server's log"),
    "busy": (Failure(503, "Full", {"Retry-After": "0"}), 69, "{who} failed (HTTP 503: Full).", "Try again"),
    "late": (Reply(delay=30), 75, "tiny took too long to answer.", "slowest when it loads"),
    "dropped": (Reply(cut_after=0), 69, "{who} isn't answering at {place}.", ""),
    "too long": (OVERFLOW, 65, "This is more than tiny can hold at once.", "Shorten the message"),
    "not json": (Raw(b"<html>"), 69, NO_REPLY, "Try again"),
    "no object": (Raw(b"[1]", "application/json"), 69, NO_REPLY, "Try again"),
    "empty": (Reply("  \n"), 69, "tiny said nothing.", "Ask again"),
    "no api": (Raw(b"404 page", "text/plain", 404), 78, "No API of {who} at {place} (HTTP 404: 404 page).", "Check"),
    "refused": (Failure(400, "bad option"), 65, "{who} refused the request (HTTP 400: bad option).", "settings"),
}


@pytest.mark.parametrize("kind", COMPANIES)
@pytest.mark.parametrize("row", ROWS)
def test_each_failure_has_its_words_its_way_on_and_its_code(row: str, kind: str, ask: Callable[..., Said]) -> None:
    """One line and one hint on standard error, nothing on standard output, no traceback and no key."""
    answer, code, words, hint = ROWS[row]
    with serving(kind, answer) as server:
        said = ask(kind, server.host)
        place = server.host if kind == "ollama" else f"{server.url}/v1"

    lines = said.err.splitlines()
    assert (said.code, said.out) == (code, ""), said
    assert lines[-2] == f"✗ {words.format(who=COMPANIES[kind], place=place)}"
    assert lines[-1].startswith("  → ")
    assert hint in lines[-1]
    assert KEY not in said.err


@pytest.mark.parametrize("row", [row for row in ROWS if row != "late"])
def test_with_json_the_error_is_the_one_document(row: str, ask: Callable[..., Said]) -> None:
    """The same fact and hint, and when to come back where the server said so."""
    answer, code, words, hint = ROWS[row]
    with serving("together", answer) as server:
        said = ask("together", server.host, "--json")

    error = json.loads(said.out)["error"]
    assert said.code == code
    assert list(error) == ["code", "message", "hint", "retry_after"]
    assert error["message"] == words.format(who="Together", place=f"{server.url}/v1")
    assert hint in error["hint"]
    assert error["retry_after"] == {"rate limit": 0.0, "busy": 0.0, "far away": 400.0}.get(row)


@pytest.mark.parametrize("kind", COMPANIES)
def test_a_server_that_is_not_there(kind: str, ask: Callable[..., Said]) -> None:
    """Where we looked."""
    host = f"127.0.0.1:{silent_port()}"

    said = ask(kind, host)

    place = host if kind == "ollama" else f"http://{host}/v1"
    assert said.code == 69
    assert said.err.startswith(f"✗ {COMPANIES[kind]} isn't answering at {place}.\n  → ")


@pytest.mark.parametrize("kind", COMPANIES)
def test_a_model_that_is_not_there(kind: str, ask: Callable[..., Said]) -> None:
    """An Ollama says what it has instead."""
    with serving(kind, Reply("never asked for"), model="qwen3:4b") as server:
        said = ask(kind, server.host)

    assert (said.code, said.out) == (69, "")
    if kind == "ollama":
        assert said.err == (
            "✗ tiny isn't on this Ollama. Installed: qwen3:4b.\n  → `ollama pull tiny`   ·   `/model ollama/qwen3:4b`\n"
        )
    else:
        assert said.err.startswith(f"✗ {COMPANIES[kind]} has no model tiny for this key.\n")


@pytest.mark.parametrize("kind", KEYS)
def test_a_refused_key_is_named_and_never_told(kind: str, ask: Callable[..., Said]) -> None:
    """Its variable and its last four characters, whatever the server says of it."""
    with serving(kind, Failure(401, f"no such key: {KEY}", code="invalid_api_key")) as server:
        said = ask(kind, server.host)
        document = ask(kind, server.host, "--json")

    assert (said.code, document.code) == (77, 77)
    assert said.err.startswith(f"✗ {COMPANIES[kind]} refused the key (from ${KEYS[kind]}, …x9Q2).\n")
    assert KEY not in said.err + document.out + document.err


def test_a_server_that_wants_a_key_nobody_gave(ask: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of one's own may be asked without one; when it refuses, none was refused."""
    monkeypatch.delenv("OPENAI_API_KEY")
    with serving("openai", Failure(401, "key please")) as server:
        said = ask("openai", server.host)

    assert said.code == 77
    assert said.err.startswith("✗ No key for OpenAI.\n  → `export OPENAI_API_KEY=…`")


@pytest.mark.parametrize("kind", COMPANIES)
def test_a_rate_limit_is_waited_out_where_it_can_be_seen(kind: str, ask: Callable[..., Said]) -> None:
    """A line for the wait, and then the reply."""
    with serving(kind, Failure(429, "Slow down", {"Retry-After": "0.2"}), Reply("oh hello")) as server:
        said = ask(kind, server.host)

    assert (said.code, said.out) == (0, "oh hello\n")
    assert said.err == "Rate limited. Trying again in 1 s — Ctrl-C to stop waiting.\n"


def test_what_a_server_says_cannot_touch_the_terminal(ask: Callable[..., Said]) -> None:
    """One line of it, without its escapes."""
    with serving("ollama", ESCAPES) as server:
        said = ask("ollama", server.host)

    assert "\x1b" not in said.err
    assert "second line" not in said.err
    assert said.err.count("\n") == 2


@pytest.mark.parametrize("answer", [Reply(delay=60), Failure(429, "Slow down", {"Retry-After": "60"})])
def test_ctrl_c_ends_it_without_a_word(answer: Reply | Failure, home: Path) -> None:
    """While it waits for the reply, and while it waits out a limit: exit code 130, and a line break at most."""
    with serving("ollama", answer) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "brain", "ask", "hi", "-m", "ollama/tiny"],
            env={**os.environ, "PERSONA_HOME": str(home), "OLLAMA_HOST": server.url, "PERSONA_JUDGE": "off"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        assert server.arrived.wait(60)
        waiting = process.stderr.readline() if isinstance(answer, Failure) else b""
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert waiting.startswith(b"Rate limited. Trying again in 60 s" if waiting else b"")


@pytest.mark.parametrize("command", ["ask hi", "ask hi --json", "policy show"])
def test_a_reader_that_leaves_is_no_trouble(command: str, home: Path, server: OllamaServer) -> None:
    """`persona … | head -c 1` and a reader that takes nothing at all."""
    server.script(Reply("oh hello"))
    model = " -m ollama/tiny" if command.startswith("ask") else ""
    environ = {**os.environ, "PERSONA_HOME": str(home), "OLLAMA_HOST": server.url, "PERSONA_JUDGE": "off"}

    for reader in ("head -c 1", "true"):
        line = f"{sys.executable} -m brain {command}{model} | {reader}"
        done = subprocess.run(["bash", "-c", line], env=environ, capture_output=True, timeout=120, check=False)

        assert done.stderr == b""
        assert len(done.stdout) <= 1
