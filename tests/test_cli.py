"""The command line costs next to nothing until a command needs more, and a chat never loads LiteLLM."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from running import persona

if TYPE_CHECKING:
    from pathlib import Path

LOADED = "import atexit, sys; atexit.register(lambda: print('LOADED', *sys.modules)); sys.argv = {argv!r}; "
RUN = "from brain.cli import main; raise SystemExit(main())"


def loaded_by(*arguments: str, home: Path) -> set[str]:
    """The modules in memory when the command has ended."""
    code = LOADED.format(argv=["persona", *arguments]) + RUN
    environ = {**os.environ, "PERSONA_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ, timeout=120, check=True)
    return set(done.stdout.decode().split("LOADED")[1].split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_help_imports_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Neither dspy nor pydantic, rich or a provider's client."""
    loaded = loaded_by(*arguments, home=tmp_path)

    assert loaded.isdisjoint({"dspy", "pydantic", "rich", "prompt_toolkit", "numpy", "ollama", "together"})


def test_a_real_reply_never_loads_litellm(home: Path) -> None:
    """The embedded model answers through dspy without it, and without any provider's client."""
    loaded = loaded_by("ask", "hello", home=home)

    assert "dspy" in loaded
    assert loaded.isdisjoint({"litellm", "openai", "ollama", "together"})


def test_completion_offers_the_commands(tmp_path: Path) -> None:
    """As the shell asks for it."""
    environ = {
        **os.environ,
        "PERSONA_HOME": str(tmp_path),
        "_PERSONA_COMPLETE": "bash_complete",
        "COMP_WORDS": "persona d",
        "COMP_CWORD": "1",
    }
    code = "import sys; sys.argv = ['persona']; " + RUN
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ, timeout=60, check=False)

    assert "doctor" in done.stdout.decode()


def test_every_command_has_help(tmp_path: Path) -> None:
    """The same name and line as in the list."""
    listed = persona("--help", home=tmp_path).stdout

    for command in ("chat", "ask", "compile", "eval", "score", "policy", "audit", "doctor"):
        assert command in listed
        assert persona(command, "--help", home=tmp_path).returncode == 0
