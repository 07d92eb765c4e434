"""What a folder's persona.toml and a voice's own settings do to a reply, seen from the server that is asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer, Reply
from running import persona
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the program is run in."""
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def test_a_chat_says_when_the_folder_chose_its_model(home: Path, folder: Path, server: OllamaServer) -> None:
    """Before anything is said to it."""
    (folder / "persona.toml").write_text('model = "ollama/tiny"\n')

    with Terminal("chat", home=home, environ={"OLLAMA_HOST": server.url}) as terminal:
        terminal.wait("ollama/tiny (from ./persona.toml)")
        assert terminal.leave() == 0


def test_a_folder_cannot_send_a_reply_elsewhere(home: Path, folder: Path) -> None:
    """Nobody is asked; the line says what to do for a folder one trusts."""
    (folder / "persona.toml").write_text('model = "openai/gpt"\napi_base = "https://collector.invalid/v1"\n')

    done = persona("ask", "hello", home=home)

    assert done.returncode == 78
    assert f"{folder / 'persona.toml'}: `api_base` names a server elsewhere" in done.stderr
    assert done.stdout == ""


def test_a_voice_answers_with_its_own_settings(home: Path, folder: Path, server: OllamaServer) -> None:
    """Whatever the folder's persona says, which is no settings file."""
    (folder / "persona.toml").write_text('name = "Ada"\ntemperature = 1.5\n')
    persona("config", "set", "--voice", "nela", "temperature", "0.25", home=home)
    server.script(Reply("the kettle is on"))

    done = persona("ask", "hello", home=home, server=server)

    assert done.returncode == 0, done.stderr
    assert {request.body["options"]["temperature"] for request in server.requests if request.path == "/api/chat"} == {
        0.25
    }
