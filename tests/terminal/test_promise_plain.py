"""A chat that wants no control codes has none, and one that wants calm moves nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from running import persona
from terminal.chatting import chat, opened

if TYPE_CHECKING:
    from pathlib import Path

COLOUR = re.compile(rb"\x1b\[(?!0?m)[0-9;]*m")


def test_a_dumb_terminal_gets_no_control_codes(home: Path, server: OllamaServer) -> None:
    """From the first line to the goodbye, with notes, errors and Markdown in between."""
    server.script(Reply("**all** is well"))
    with opened(chat(home, server, environ={"TERM": "dumb"})) as terminal:
        terminal.say("how are you?")
        terminal.wait("is well")
        terminal.say("/nonsense")
        terminal.wait("There is no command")
        assert terminal.leave() == 0

    assert b"\x1b" not in terminal.written


def test_without_colours_nothing_is_coloured_bold_or_dim(home: Path, server: OllamaServer) -> None:
    """NO_COLOR and --no-color, whatever keys and cursor need; toolbar and suggestions included."""
    server.script(Reply("**all** is well"))
    with opened(chat(home, server, environ={"NO_COLOR": "1"})) as terminal:
        terminal.say("how are you?")
        terminal.wait("is well")
        terminal.type("how")
        terminal.wait("how are you?", times=2)
        terminal.interrupt()
        assert terminal.leave() == 0

    assert not COLOUR.findall(terminal.written)


def test_a_pipe_gets_the_chat_and_no_code(home: Path, server: OllamaServer) -> None:
    """On standard output and on standard error, though the environment has a terminal's name."""
    server.script(Reply("**all** is well"))
    environ = {"TERM": "xterm-256color"}
    done = persona("chat", home=home, server=server, given="hello\n/why\n/stats\n/nonsense\n/help\n", environ=environ)

    assert done.returncode == 0
    assert "is well" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_nothing_moves_for_a_screen_reader(home: Path, server: OllamaServer) -> None:
    """ACCESSIBLE=1: no spinner, no typing out, no toolbar; the reply is written once, in one piece."""
    server.script(Reply("a calm and steady reply", delay=0.5, pause=0.05))
    environ = {"ACCESSIBLE": "1", "PERSONA_TYPING_SPEED": "5"}
    with opened(chat(home, server, environ=environ)) as terminal:
        terminal.say("hello")
        terminal.wait("a calm and steady reply")
        written = terminal.written.rpartition(b"hello")[2]
        assert terminal.leave() == 0
        assert "ollama/tiny ·" not in terminal.text

    assert written.count(b"a calm and steady reply") == 1
    assert written.partition(b"Nela")[0].count(b"\r\x1b") == 0
