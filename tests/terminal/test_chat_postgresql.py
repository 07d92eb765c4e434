"""The same chat with its conversations in a PostgreSQL."""

from __future__ import annotations

import signal
from contextlib import closing
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from running import persona
from terminal.chatting import chat, opened

from brain.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from store.server import PostgreSQL


def test_a_killed_chat_goes_on_there_too(home: Path, server: OllamaServer, postgresql: PostgreSQL) -> None:
    """Nothing of the talk lies in a file; it is listed, taken up and gone on with."""
    url = postgresql.fresh()
    environ = {"PERSONA_DATABASE_URL": url}
    server.script(Reply("the kiln is hot " * 100, pause=0.05), Reply("so i wait"))
    with opened(chat(home, server, environ=environ)) as terminal:
        terminal.say("how is the kiln?")
        assert server.arrived.wait(30)
        server.has_spoken(20)
        terminal.process.kill(signal.SIGKILL)

    with opened(chat(home, server, "-c", environ=environ)) as terminal:
        terminal.wait("Last time stopped mid-reply; I kept ")
        terminal.say("/continue")
        terminal.wait("so i wait")
        assert terminal.leave() == 0

    with closing(Store(url)) as store:
        (talk,) = store.sessions()
        assert [stored.state for stored in store.tree(talk.id)] == ["done", "interrupted", "done"]
    listed = persona("config", "show", home=home, environ=environ)
    assert "postgresql" in listed.stdout
    assert "not-for-anybody" not in listed.stdout
    assert not list(home.rglob("persona.db*"))
