"""Many programs at once on one store: each answers, and nobody hears of a lock."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer, Reply
from running import persona
from terminal.chatting import is_whole, stored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from store.server import PostgreSQL


def at_once(commands: Sequence[Sequence[str]], given: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Started together; what each wrote, once all have ended well."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    variables = {**os.environ, "PERSONA_JUDGE": "off", **environ}
    started = [
        subprocess.Popen([sys.executable, "-m", "brain", *command, "-m", "ollama/tiny"], env=variables, **pipes)
        for command in commands
    ]
    ended = [process.communicate(text, timeout=120) for process, text in zip(started, given, strict=True)]
    assert [process.returncode for process in started] == [0] * len(started), ended
    assert not [err for _, err in ended if "lock" in err or "Traceback" in err]
    return [out for out, _ in ended]


def test_eight_programs_at_once(home: Path, server: OllamaServer) -> None:
    """Four chats and four `ask -c` in one conversation: every word of all is there, and the file is whole."""
    server.script(Reply("heard you", pause=0.3))
    persona("chat", home=home, server=server, given="the beginning\n")
    commands = [["chat"]] * 4 + [["ask", "-c", f"question {number}"] for number in range(4)]
    given = [f"one of {number}\ntwo of {number}\n" for number in range(4)] + [""] * 4
    said = at_once(commands, given, {"PERSONA_HOME": str(home), "OLLAMA_HOST": server.url})

    assert sum(out.count("heard you") for out in said) == 4 * 2 + 4
    rows = stored(home)
    wanted = [f"{what} of {number}" for what in ("one", "two") for number in range(4)]
    wanted += [f"question {number}" for number in range(4)] + ["the beginning"]
    assert sorted(row.content for row in rows if not row.from_creator) == sorted(wanted)
    assert len([row for row in rows if row.from_creator and row.state == "done"]) == len(wanted)
    assert is_whole(home)


def test_two_chats_on_a_server_of_its_own(home: Path, server: OllamaServer, postgresql: PostgreSQL) -> None:
    """PERSONA_DATABASE_URL: no file is made, and every message is in the other database."""
    url = postgresql.fresh()
    environ = {"PERSONA_HOME": str(home), "OLLAMA_HOST": server.url, "PERSONA_DATABASE_URL": url}
    at_once([["chat"]] * 2, [f"one of {number}\n" for number in range(2)], environ)

    rows = postgresql.rows(url, "select content from messages where not from_creator order by content")
    assert [content for (content,) in rows] == [f"one of {number}" for number in range(2)]
    assert not list(home.rglob("persona.db*"))


@pytest.mark.parametrize("command", [("chat",), ("sessions", "list")])
def test_a_database_that_is_not_there_is_said(command: tuple[str, ...], home: Path) -> None:
    """In a line, with the code for what is unavailable, and without the password."""
    environ = {"PERSONA_DATABASE_URL": "postgresql://me:hidden-word@127.0.0.1:9/none"}
    done = persona(*command, home=home, given="hello\n", environ=environ)

    assert done.returncode == 69
    assert "127.0.0.1" in done.stderr
    assert "hidden-word" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
