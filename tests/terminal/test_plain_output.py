"""No escape codes where nobody wants them: in a pipe, with NO_COLOR, with --no-color, and in a dumb terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from running import persona
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

ESCAPE = "\x1b"
COMMANDS = [
    ("--help",),
    ("config", "show"),
    ("config", "set", "modle", "x"),
    ("policy", "show"),
    ("policy", "check", "find me on instagram"),
    ("audit", "show"),
    ("voices",),
    ("sessions",),
    ("chta",),
]
WAYS = {"NO_COLOR": {"NO_COLOR": "1"}, "dumb": {"TERM": "dumb"}, "--no-color": {}}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with nothing in it."""
    return tmp_path / "home"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_pipe_gets_no_escape_code(home: Path, command: tuple[str, ...]) -> None:
    """Not even when a colour was asked for by a terminal's name."""
    done = persona(*command, home=home)

    assert done.stdout + done.stderr
    assert ESCAPE not in done.stdout + done.stderr


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_terminal_that_wants_none_gets_none(home: Path, command: tuple[str, ...], way: str) -> None:
    """Neither colour nor bold."""
    flag = ("--no-color",) if way == "--no-color" else ()
    with Terminal(*flag, *command, home=home, environ={"OLLAMA_HOST": "127.0.0.1:9", **WAYS[way]}) as terminal:
        terminal.end()
        written = terminal.process.before or b""

    assert written
    assert ESCAPE.encode() not in written


@pytest.mark.parametrize(("wanted", "environ"), [(True, {}), (False, {"NO_COLOR": "1"})])
def test_a_terminal_that_wants_colour_gets_it(home: Path, wanted: bool, environ: dict[str, str]) -> None:
    """Or the tests above would prove nothing."""
    with Terminal("doctor", home=home, environ={"OLLAMA_HOST": "127.0.0.1:9", **environ}) as terminal:
        terminal.end()
        assert (b"\x1b[32m" in (terminal.process.before or b"")) is wanted
