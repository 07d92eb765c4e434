"""The command line costs next to nothing until a command needs more, and a chat never loads LiteLLM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import persona

import brain

BRAIN = Path(brain.__file__).parent
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

    assert loaded.isdisjoint(
        {"dspy", "pydantic", "sqlalchemy", "rich", "prompt_toolkit", "tomlkit", "numpy", "ollama", "together"}
    )


def test_a_real_reply_never_loads_litellm(home: Path) -> None:
    """The embedded model answers through dspy without it, and without any provider's client."""
    loaded = loaded_by("ask", "hello", home=home)

    assert "dspy" in loaded
    assert loaded.isdisjoint({"litellm", "openai", "ollama", "together"})


def test_every_command_has_help(tmp_path: Path) -> None:
    """The same name and line as in the list."""
    listed = persona("--help", home=tmp_path).stdout

    for command in (
        "chat",
        "ask",
        "compile",
        "eval",
        "score",
        "voices",
        "sessions",
        "policy",
        "audit",
        "config",
        "doctor",
    ):
        assert f"\n  {command} " in listed
        assert persona(command, "--help", home=tmp_path).returncode == 0
    assert persona("completion", "--help", home=tmp_path).returncode == 0
    assert "completion" not in listed


def test_a_mistyped_command_is_told_which_was_meant(tmp_path: Path) -> None:
    """Also for a command of a command."""
    assert "Did you mean 'chat'?" in persona("chta", home=tmp_path).stderr
    assert "Did you mean 'show'?" in persona("config", "shwo", home=tmp_path).stderr


def test_quiet_drops_notes_and_no_error(tmp_path: Path) -> None:
    """The same command, with a note, without it, and when it fails."""
    assert persona("config", "set", "history", "20", home=tmp_path).stderr.startswith("✓ history is set")
    assert persona("--quiet", "config", "set", "history", "30", home=tmp_path).stderr == ""
    assert "must be a whole number" in persona("-q", "config", "set", "history", "x", home=tmp_path).stderr


def test_the_program_is_called_as_it_was_started(tmp_path: Path) -> None:
    """By its name, as a module, or by the file of a launch configuration, which goes straight into the chat."""
    classic = [sys.executable, str(BRAIN / "chat_interface.py"), "--help"]
    environ = {**os.environ, "PERSONA_HOME": str(tmp_path), "PYTHONPATH": str(BRAIN.parent)}
    chat = subprocess.run(classic, capture_output=True, env=environ, timeout=60, check=True)

    assert persona("--help", home=tmp_path).stdout.startswith("Usage: python -m brain ")
    assert chat.stdout.decode().startswith("Usage: persona chat ")


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_an_output_that_is_not_utf_8_costs_letters_and_no_more(tmp_path: Path, encoding: str) -> None:
    """What does not fit is escaped; a JSON document stays one."""
    environ = {"PYTHONIOENCODING": encoding, "PERSONA_MODEL": "ollama/日本👩"}
    shown = persona("config", "show", home=tmp_path, environ=environ)
    document = persona("config", "show", "--json", home=tmp_path, environ=environ)

    assert shown.returncode == 0, shown.stderr
    assert '"ollama/\\u65e5\\u672c\\ud83d\\udc69"' in document.stdout


def test_a_folder_that_no_system_has_is_told_without_a_traceback(tmp_path: Path) -> None:
    """Whichever command meets it."""
    done = persona("voices", "export", "nela", "-o", "long" * 100, home=tmp_path)

    assert done.returncode == 69
    assert "File name too long" in done.stderr


def test_an_error_shows_no_escape_code_of_a_file(tmp_path: Path) -> None:
    """Neither in its words nor in its hint."""
    (tmp_path / "talk.json").write_text(
        '{"kind": "persona-sessions", "schema_version": 1, "sessions": [{"\\u001b[31mx": 1}]}'
    )
    done = persona("sessions", "import", str(tmp_path / "talk.json"), home=tmp_path)

    assert done.returncode == 65
    assert "\x1b" not in done.stderr


def test_a_command_line_that_is_refused_is_one_document_with_json(tmp_path: Path) -> None:
    """With the exit code of any wrong usage; without --json there is nothing on standard output."""
    done = persona("sessions", "list", "--json", "--limit", "x", home=tmp_path)
    plain = persona("sessions", "list", "--limit", "x", home=tmp_path)

    assert done.returncode == plain.returncode == 2
    assert json.loads(done.stdout)["error"]["code"] == "usage"
    assert "--limit" in json.loads(done.stdout)["error"]["message"]
    assert plain.stdout == ""
