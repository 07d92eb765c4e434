"""A chat that was killed in the middle of a reply."""

from __future__ import annotations

import signal
import sqlite3
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def test_the_message_survives_and_is_answered_later(home: Path, server: OllamaServer) -> None:
    """Killed while the model writes: the file is whole, the message is there, and the next chat says what to do."""
    server.script(Reply("never heard", delay=30), Reply("there you are"))
    arguments, environ = ("chat", "-m", "ollama/tiny"), {"OLLAMA_HOST": server.url}
    with Terminal(*arguments, home=home, environ=environ) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("do not lose me")
        assert server.arrived.wait(30)
        terminal.process.kill(signal.SIGKILL)

    with sqlite3.connect(home / "data" / "persona.db") as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    connection.close()
    with Terminal(*arguments, "-c", home=home, environ=environ) as terminal:
        terminal.wait("do not lose me")
        terminal.wait("your message is kept. /retry answers it")
        terminal.say("/retry")
        terminal.wait("there you are")
        assert terminal.leave() == 0
