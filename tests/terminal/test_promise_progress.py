"""Long work tells how far it is on standard error, and Ctrl-C keeps what was done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from running import persona
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def test_a_plain_line_for_each_tenth_of_a_compile(home: Path, server: OllamaServer) -> None:
    """Where nothing can move: each tenth once, rising, without a control code, and all of it on standard error."""
    server.script(Reply("a draft of the model", delay=0.15))
    done = persona("compile", "nela", "--listen", "20", home=home, server=server)

    assert done.returncode == 0, done.stderr
    tenths = [int(number) for number in re.findall(r"^(\d+) %: \d+ of 20 drafts$", done.stderr, re.MULTILINE)]
    assert len(tenths) >= 5
    assert tenths == sorted(set(tenths))
    assert not [number for number in tenths if number % 10]
    assert "\x1b" not in done.stderr + done.stdout
    assert "%" not in done.stdout
    assert "nela@2" in done.stdout


def test_ctrl_c_ends_the_listening_and_keeps_what_was_heard(home: Path, server: OllamaServer) -> None:
    """In mid draft: it says how many it has, and the voice is compiled with those."""
    server.script(*[Reply(f"draft {number}") for number in range(6)], Reply("slow", delay=60))
    arguments = ("compile", "nela", "--listen", "20", "-m", "ollama/tiny")
    with Terminal(*arguments, home=home, environ={"OLLAMA_HOST": server.url}) as terminal:
        terminal.wait("6 of 20 drafts")
        terminal.interrupt()
        terminal.wait("Stopped listening after 6 drafts")
        terminal.wait("nela@2 is ready")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.text
