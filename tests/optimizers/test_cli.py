"""`persona compile`, as a user runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer, Reply
from running import persona, persona_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THEM = {"from_creator": False, "content": "hi"}
US = {"from_creator": True, "content": "hello"}
ROW = {"chat_history": {"messages": [{"from_creator": False, "content": "hi"}]}, "output": "oh hello"}


def test_a_file_becomes_a_voice_that_answers(tmp_path: Path) -> None:
    """Version after version; the real embedded model speaks with it."""
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([ROW, {**ROW, "output": "hey you"}]))

    first = persona("compile", str(file), "--name", "ada", home=tmp_path / "home")
    second = persona_here("compile", str(file), "--name", "ada", "-k", "1", home=tmp_path / "home")
    reply = persona("ask", "hi there", "--as", "ada@1", "--json", home=tmp_path / "home")

    assert first.returncode == second.returncode == 0, first.stderr
    assert "ada@1 is ready" in first.stdout
    assert "ada@2 is ready" in second.stdout
    document = json.loads(reply.stdout)
    assert document["reply"]
    assert {demo["id"] for demo in document["demos"]} == {"0", "1"}
    assert not list((tmp_path / "home").rglob("*.pkl"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"[{]", "line 1, column 3"),
        (b"{}", "not a list"),
        (b"[]", "no conversation"),
        (b'["x"]', "[0]"),
        (json.dumps([{**ROW, "chat_history": {"messages": [US]}}]).encode(), "the other person says nothing"),
        (
            json.dumps([{**ROW, "chat_history": {"messages": [{**THEM, "content": "\u200b"}]}}]).encode(),
            "nothing in it",
        ),
        (
            json.dumps([{**ROW, "chat_history": {"messages": [{**THEM, "timestamp": "1714683000"}]}}]).encode(),
            "ISO 8601",
        ),
        (json.dumps([ROW, {**ROW, "output": " "}]).encode(), "[1]: output has no text"),
        ("\xe4".encode("latin-1"), "not UTF-8"),
        (None, "no such file"),
    ],
)
def test_a_bad_file_is_one_line_and_nothing_is_written(tmp_path: Path, content: bytes | None, words: str) -> None:
    """File, place and fix; exit code 65."""
    file = tmp_path / "conversations.json"
    if content is not None:
        file.write_bytes(content)

    done = persona_here("compile", str(file), "--name", "ada", home=tmp_path / "home")

    assert done.returncode == 65
    assert str(file) in done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 2, "what, and what next"
    assert not (tmp_path / "home").exists()


def test_a_voice_needs_a_usable_name(tmp_path: Path) -> None:
    """Said before anything is read, or at the latest before anything is written."""
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([ROW]))

    nameless = persona_here("compile", str(file), home=tmp_path / "home")
    odd = persona_here("compile", str(file), "--name", "../up", home=tmp_path / "home")

    assert (nameless.returncode, odd.returncode) == (2, 65)
    assert "--name" in nameless.stderr
    assert "no name for a voice" in odd.stderr
    assert not (tmp_path / "home").exists()


def test_conversations_may_come_through_a_pipe(tmp_path: Path) -> None:
    """They are read once, and kept whole in the artifact."""
    home = tmp_path / "home"
    rows = json.dumps([ROW, {**ROW, "output": "hey"}])

    done = persona("compile", "/dev/stdin", "--name", "ada", home=home, given=rows)

    assert done.returncode == 0, done.stderr
    assert (home / "data" / "voices" / "ada" / "1" / "conversations.json").read_text() == rows


def test_a_voice_compiles_in_the_folder_of_its_own_persona(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its persona.toml is no file of settings, and needs no id."""
    (tmp_path / "conversations.json").write_text(json.dumps([ROW]))
    (tmp_path / "persona.toml").write_text('name = "Ada"\nfacts = ["Ada mends clocks."]\n')
    monkeypatch.chdir(tmp_path)

    done = persona_here("compile", "conversations.json", "--name", "ada", home=tmp_path / "home")

    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "home" / "data" / "voices" / "ada" / "1" / "manifest.json").read_text())
    assert (manifest["persona"]["name"], manifest["persona"]["id"]) == ("Ada", "ada")


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    """An Ollama that always says the same."""
    with OllamaServer(models=["tiny"]) as running:
        running.script(Reply("You're great! Sure thing!"))
        yield running


def test_a_model_is_listened_to_on_request_before_the_voice_is_saved(tmp_path: Path, server: OllamaServer) -> None:
    """Its drafts travel with the voice, and what it overdoes is known."""
    file = tmp_path / "conversations.json"
    rows = [{**ROW, "output": f"the kiln is on and it is hot, number {number}"} for number in range(30)]
    file.write_text(json.dumps(rows))

    done = persona_here("compile", str(file), "--name", "ada", "--listen", "12", home=tmp_path / "home", server=server)

    assert done.returncode == 0, done.stderr
    assert "Listening to ollama/tiny: 12 drafts" in done.stderr
    folder = tmp_path / "home" / "data" / "voices" / "ada" / "1"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["listened"] == "ollama/tiny"
    assert manifest["accent"]["great"] < -1
    assert len((folder / "drafts.jsonl").read_text().splitlines()) == 12


def test_a_model_that_cannot_be_heard_stops_no_compile(tmp_path: Path) -> None:
    """One line, and the voice is there."""
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([{**ROW, "output": f"hello number {number}"} for number in range(30)]))

    command = ("compile", str(file), "--name", "ada", "--listen", "5", "-m", "ollama/tiny")
    done = persona_here(*command, home=tmp_path / "home")

    assert done.returncode == 0, done.stderr
    assert "The voice is compiled with the 0 drafts heard so far" in done.stderr
    assert "Traceback" not in done.stderr
    manifest = json.loads((tmp_path / "home" / "data" / "voices" / "ada" / "1" / "manifest.json").read_bytes())
    assert manifest["listened"] is None
