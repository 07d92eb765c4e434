"""How soon the program is there, what it does not load, and with which code it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from lms.servers import Failure, OllamaServer, Reply
from running import persona
from terminal.chatting import chat

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = ("litellm", "dspy", "sqlalchemy", "pydantic", "openai", "numpy")
COMPLETION = {"_PERSONA_COMPLETE": "bash_complete", "COMP_WORDS": "persona chat --", "COMP_CWORD": "2"}
QUICK = {
    "help": (("--help",), {}),
    "version": (("--version",), {}),
    "completion of a command": ((), COMPLETION | {"COMP_WORDS": "persona se", "COMP_CWORD": "1"}),
    "completion of an option": ((), COMPLETION),
}


def started(arguments: tuple[str, ...], home: Path, environ: dict[str, str]) -> tuple[float, str]:
    """Seconds of CPU that the program took, and what it loaded, one module a line."""
    variables = {**os.environ, "PERSONA_HOME": str(home), "PYTHONPROFILEIMPORTTIME": "1", **environ}
    program = "from brain.cli import main; import sys; sys.argv[0] = 'persona'; raise SystemExit(main())"
    before = os.times()
    plain = {name: value for name, value in variables.items() if name != "PYTHONPROFILEIMPORTTIME"}
    subprocess.run([sys.executable, "-c", program, *arguments], env=plain, capture_output=True, check=False)
    after = os.times()
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=variables, capture_output=True, check=False)
    assert done.stdout, done.stderr
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, done.stderr.decode()


@pytest.mark.parametrize(("arguments", "environ"), QUICK.values(), ids=QUICK.keys())
def test_what_a_shell_waits_for_is_quick(arguments: tuple[str, ...], environ: dict[str, str], tmp_path: Path) -> None:
    """Under 100 ms of CPU, the best of three on a busy machine, and nothing heavy is loaded."""
    runs = [started(arguments, tmp_path, environ) for _ in range(3)]

    loaded = {line.rpartition("|")[2].strip() for line in runs[0][1].splitlines()}
    assert not {*HEAVY} & loaded
    assert min(spent for spent, _ in runs) < 0.1


def test_the_first_prompt_is_there_at_once(home: Path, server: OllamaServer) -> None:
    """Under 150 ms from the start, the best of five on a busy machine."""
    times = []
    for _ in range(5):
        began = time.monotonic()
        with chat(home, server) as terminal:
            seen = b""
            while "›".encode() not in seen:
                seen += terminal.process.read_nonblocking(65536, timeout=30)
            times.append(time.monotonic() - began)
    assert min(times) < 0.15, times


CODES = {
    "no such command": (("chta",), 2),
    "no such voice": (("chat", "nobody"), 66),
    "no such conversation": (("chat", "-r", "wordsthatnobodysaid"), 66),
    "no key": (("chat", "-m", "openai/gpt"), 77),
    "no such model": (("chat", "-m", "nonsense"), 78),
    "no such policy": (("chat", "--policy", "/nowhere/policy.toml"), 66),
}


@pytest.mark.parametrize(("arguments", "code"), CODES.values(), ids=CODES.keys())
def test_each_ending_has_its_code(arguments: tuple[str, ...], code: int, home: Path) -> None:
    """One line of what is wrong on standard error, and no traceback."""
    done = persona(*arguments, home=home, given="hello\n")

    assert done.returncode == code, done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_broken_setting_is_named_and_ends_with_its_code(home: Path) -> None:
    """Which file, which value; 78."""
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text('typing_speed = "fast"\n')
    done = persona("chat", home=home, given="hello\n")

    assert done.returncode == 78
    assert "typing_speed" in done.stderr
    assert "config.toml" in done.stderr


def test_a_chat_in_a_pipe_says_what_failed_and_goes_on(home: Path, server: OllamaServer) -> None:
    """The lines that follow are answered."""
    server.script(Failure(500, "boom"), Reply("second one"))
    done = persona("chat", home=home, server=server, given="first\nsecond\n")

    assert "boom" in done.stdout + done.stderr
    assert "second one" in done.stdout


def test_everything_is_in_its_home_and_for_its_owner_alone(tmp_path: Path, server: OllamaServer) -> None:
    """From the first chat on, whatever the umask says: files 0600, folders 0700, and nothing anywhere else."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "DSPY_"))}
    own = {"PERSONA_HOME": str(home), "HOME": str(elsewhere), "OLLAMA_HOST": server.url, "PERSONA_JUDGE": "off"}
    chatting = "umask 0; {0} -m brain chat -m ollama/tiny && {0} -m brain config set country de"
    subprocess.run(
        ["sh", "-c", chatting.format(sys.executable)],
        input=b"hello\n/keep\n",
        env={**environ, **own},
        check=True,
        capture_output=True,
    )

    paths = [path for path in [home, *home.rglob("*")] if not path.is_symlink()]
    assert {path.name for path in paths} >= {"persona.db", "config.toml", "lessons.jsonl"}
    assert [path for path in paths if path.stat().st_mode & 0o777 != (0o700 if path.is_dir() else 0o600)] == []
    assert list(elsewhere.rglob("*")) == []
