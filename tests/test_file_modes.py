"""What is written holds private talk: files are for their owner alone, and so are the folders they lie in."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from eval_samples import conversations
from lms.servers import OllamaServer, Reply
from running import persona

from brain.private_files import make_private_folder, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """New files may be read by everybody, unless the program says otherwise; so it is on most machines."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Of the folder and everything below it."""
    return {
        str(entry.relative_to(folder)): stat.S_IMODE(entry.lstat().st_mode) for entry in (folder, *folder.rglob("*"))
    }


def test_everything_a_user_makes_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled, chatted with, measured, probed, set and exported, in a home that was not there before."""
    home, out = tmp_path / "new" / "home", tmp_path / "out"
    out.mkdir()
    file = tmp_path / "conversations.json"
    file.write_text("[" + ",".join(one.model_dump_json() for one in conversations(60)) + "]")
    monkeypatch.setenv("PERSONA_JUDGE", "auto")
    monkeypatch.delenv("DSPY_CACHEDIR")
    commands = (
        ("compile", str(file), "--name", "ada", "--listen", "0"),
        ("chat", "ada"),
        ("ask", "hello", "--as", "ada"),
        ("eval", "ada", "--limit", "4", "--systems", "nearest", "--report", str(out / "report.html")),
        ("audit", "export", "-o", str(out / "audit.jsonl")),
        ("config", "set", "history", "20"),
        ("config", "set", "--voice", "ada", "history", "30"),
    )
    with OllamaServer(models=["tiny"]) as server:
        server.script(Reply("the kettle is on and the cat is asleep. tea?"))
        for command in commands:
            answered = command[0] in {"compile", "chat", "ask", "eval"}
            done = persona(*command, home=home, server=server if answered else None, given="hello\n")
            assert done.returncode == 0, (command, done.stderr)
        monkeypatch.setenv("PERSONA_MODEL", "ollama/tiny")
        monkeypatch.setenv("OLLAMA_HOST", server.url)
        probed = persona("doctor", "--probe", home=home)

    made = {**modes(out), **modes(tmp_path / "new")}
    assert {name: oct(mode) for name, mode in made.items() if mode & 0o077} == {}
    for name in ("persona.db", "audit.jsonl", "voices/ada/1/manifest.json", "voices/ada/settings.toml"):
        assert f"home/data/{name}" in made, probed.stdout
    assert {"home/config/config.toml", "home/state/evals", "report.html", "audit.jsonl"} < {*made}


def test_the_program_leaves_what_was_there(tmp_path: Path) -> None:
    """A folder that others were let into stays as it is; only what is new is closed."""
    (tmp_path / "shared").mkdir()

    make_private_folder(tmp_path / "shared" / "a" / "b")
    make_private_folder(tmp_path / "shared" / "a" / "b")

    assert modes(tmp_path / "shared") == {".": 0o755, "a": 0o700, "a/b": 0o700}


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """And nothing half-written is left beside it."""
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder" / "full").mkdir(parents=True)

    replace_file(tmp_path / "file", b"new")
    with pytest.raises(OSError, match="directory"):
        replace_file(tmp_path / "folder", b"new")

    assert (tmp_path / "file").read_text() == "new"
    assert modes(tmp_path) == {".": 0o700, "file": 0o600, "folder": 0o755, "folder/full": 0o755}
