"""A shell completes commands, options, voices and settings, and asks next to nothing for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pexpect
import pytest
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

RUN = "import sys; sys.argv = ['persona']; from brain.cli import main; code = main(); "
ORDER = ["chat", "ask", "compile", "eval", "score", "voices", "sessions", "policy", "audit", "config", "doctor"]
HEAVY = {"dspy", "pydantic", "sqlalchemy", "rich", "numpy", "prompt_toolkit", "tomlkit", "ollama", "together"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with the voice ada in two versions, and with a folder that is no voice."""
    voices = tmp_path / "home" / "data" / "voices"
    for folder in ("ada/1", "ada/10", "ada/2", "begun", "Not A Voice/1"):
        (voices / folder).mkdir(parents=True)
    return tmp_path / "home"


def asked(home: Path, *words: str, shell: str = "bash") -> list[str]:
    """What the shell is given for a line of which the last word is to be completed; with the modules it took."""
    line = {"COMP_WORDS": " ".join(("persona", *words)), "COMP_CWORD": str(len(words))}
    if shell == "fish":
        line = {"COMP_WORDS": " ".join(("persona", *words[:-1])), "COMP_CWORD": words[-1]}
    environ = {**os.environ, "PERSONA_HOME": str(home), "_PERSONA_COMPLETE": f"{shell}_complete", **line}
    code = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); " + RUN
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environ, timeout=60, check=False)
    assert set(done.stderr.decode().split()).isdisjoint(HEAVY), done.stderr
    assert b"Traceback" not in done.stderr
    return done.stdout.decode().splitlines()


def offered(home: Path, *words: str) -> list[str]:
    """The words bash would show."""
    return [line.partition(",")[2] for line in asked(home, *words) if line]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("d",), ["doctor"]),
        (("--no-",), ["--no-color", "--no-input"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("chat", ""), ["ada", "nela"]),
        (("chat", "a"), ["ada"]),
        (("chat", "ada@"), ["ada@10", "ada@2", "ada@1"]),
        (("chat", "../@"), []),
        (("ask", "--as", ""), ["ada", "nela"]),
        (("chat", "-m", "o"), ["ollama/", "openai/"]),
        (("eval", "--again"), ["--against"]),
        (("eval", "--against", "ada@1"), ["ada@10", "ada@1"]),
        (("score", "--voice", "n"), ["nela"]),
        (("config", ""), ["edit", "get", "path", "set", "show", "unset"]),
        (("config", "se"), ["set"]),
        (("config", "set", "typ"), ["typing_speed"]),
        (("config", "set", "hom"), []),
        (("config", "set", "editing-mode", ""), ["emacs", "vi"]),
        (("config", "set", "audit", "t"), ["true"]),
        (("config", "set", "voice", ""), ["ada", "nela"]),
        (("config", "set", "nothing", ""), []),
        (("config", "set", "--voice", "a"), ["ada"]),
    ],
)
def test_what_can_follow_is_offered(home: Path, words: tuple[str, ...], found: list[str]) -> None:
    """In the order in which it is listed elsewhere."""
    assert offered(home, *words) == found


def test_every_shown_command_is_offered(home: Path) -> None:
    """In the order of the help; the hidden one is not."""
    assert offered(home, "") == ORDER


def test_after_a_mistyped_command_the_commands_are_offered(home: Path) -> None:
    """And nothing breaks: the shell would show that in the middle of the line."""
    assert "chat" in offered(home, "chta", "")
    assert offered(home, "config", "sett", "s") == ["set", "show"]


def test_files_and_folders_are_left_to_the_shell(home: Path) -> None:
    """It knows them better."""
    assert asked(home, "--home", "x") == ["dir,x"]
    assert asked(home, "chat", "--policy", "x") == ["file,x"]
    assert asked(home, "config", "set", "policy", "x") == ["file,x"]


def test_zsh_and_fish_are_told_what_a_word_means(home: Path) -> None:
    """Bash has no place for it."""
    assert asked(home, "doc", shell="zsh") == ["plain", "doctor", "Check what is installed and configured."]
    assert "doctor" in "".join(asked(home, "doc", shell="fish"))
    assert asked(home, "config", "get", "typ", shell="zsh")[1:2] == ["typing_speed"]


def test_another_home_has_its_own_voices(home: Path, tmp_path: Path) -> None:
    """The flag counts while one types."""
    (tmp_path / "other" / "data" / "voices" / "bob" / "1").mkdir(parents=True)

    assert offered(home, "--home", str(tmp_path / "other"), "chat", "") == ["bob", "nela"]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A command `persona` for a shell to find."""
    persona = tmp_path / "bin" / "persona"
    persona.parent.mkdir()
    persona.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from brain.cli import main; raise SystemExit(main())' \"$@\"\n"
    )
    persona.chmod(0o755)
    return persona


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")
def test_a_real_bash_completes(home: Path, program: Path) -> None:
    """The script is loaded, the function is called as bash calls it, and the voices come back."""
    ask = 'COMP_WORDS=(persona chat a); COMP_CWORD=2; _persona_completion persona; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f'eval "$(persona completion bash)"; {ask}; complete -p persona'],
        capture_output=True,
        env={**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PERSONA_HOME": str(home)},
        timeout=60,
        check=False,
    )

    assert done.stdout.decode().splitlines()[0] == "ada"
    assert b"-F _persona_completion persona" in done.stdout
    assert done.stderr == b""


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")
def test_a_real_bash_completes_a_version(home: Path, program: Path) -> None:
    """It breaks words at an @ until it is told not to."""
    environ = {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}", "PERSONA_HOME": str(home), "PS1": "$ "}
    bash = pexpect.spawn("bash", ["--norc", "-i"], env=environ, encoding="utf-8", timeout=30)
    bash.sendline('eval "$(persona completion bash)"; echo load""ed')
    bash.expect("loaded")
    bash.send("persona chat ada@\t\t")
    bash.expect("ada@10")
    bash.close(force=True)


@pytest.mark.parametrize(
    ("shell", "start"), [("bash", "_persona_completion"), ("zsh", "#compdef"), ("fish", "function")]
)
def test_the_script_is_all_there_is_on_standard_output(home: Path, shell: str, start: str) -> None:
    """It is made for `>`; how to install it is said where somebody reads it."""
    environ = {**os.environ, "PERSONA_HOME": str(home)}
    command = [sys.executable, "-m", "brain", "completion", shell]
    done = subprocess.run(command, capture_output=True, env=environ, timeout=60, check=True)
    with Terminal("completion", shell, home=home, columns=100, rows=60) as terminal:
        assert terminal.end() == 0

    assert done.stdout.decode().startswith(start)
    assert done.stderr == b""
    assert f"persona completion {shell} >" in terminal.text
