"""`persona sessions export`: a talk leaves in any form, and no file is replaced by mistake."""

from __future__ import annotations

import json
import stat
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from terminal.kept_talks import refused, run, talk
from terminal.terminal import Terminal

from brain.errors import DataError
from brain.terminal.sessions_export import write_export

if TYPE_CHECKING:
    from pathlib import Path

    from brain.store.store import Store

FENCE = "oh hello\n\n```py\nif a < b: pass\n```"


def test_markdown_goes_to_standard_output(store: Store, tmp_path: Path) -> None:
    """Unless something else is asked for."""
    session = talk(store, "hi 👩‍🚀", FENCE)
    done = run("export", session, home=tmp_path)

    assert "> hi 👩‍🚀\n" in done.stdout
    assert "> if a < b: pass\n" in done.stdout
    assert done.stderr == ""
    assert run("export", session, "-o", "-", home=tmp_path).stdout == done.stdout


@pytest.mark.parametrize(
    ("name", "form", "begins"),
    [
        ("a.html", None, "<!DOCTYPE html>"),
        ("a.JSON", None, '{"kind": "persona-sessions"'),
        ("a.jsonl", None, '{"messages": '),
        ("a.jsonl", "tavern", '{"user_name": '),
        ("a", None, "# hi"),
    ],
)
def test_the_name_of_the_file_tells_the_form(
    store: Store, tmp_path: Path, name: str, form: str | None, begins: str
) -> None:
    """Nobody else may read the file."""
    path = tmp_path / name
    done = run("export", talk(store, "hi", FENCE), "-o", str(path), *(["-f", form] if form else []), home=tmp_path)

    assert path.read_text().startswith(begins)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(path) in done.stderr
    assert done.stdout == ""


def test_a_file_is_not_replaced_unasked(store: Store, tmp_path: Path) -> None:
    """It may be dear to somebody."""
    session, path = talk(store, "hi"), tmp_path / "mine.md"
    path.write_text("my diary")

    refused(run("export", session, "-o", str(path), home=tmp_path), DataError, "is there already")
    assert path.read_text() == "my diary"
    assert run("export", session, "-o", str(path), "--force", home=tmp_path).exit_code == 0
    assert path.read_text().startswith("# hi")


def test_in_a_terminal_it_asks_before_it_replaces(store: Store, tmp_path: Path) -> None:
    """And no is the default."""
    session, path = talk(store, "hi"), tmp_path / "mine.md"
    path.write_text("my diary")
    store.close()
    for answer, left in (("", "my diary"), ("y", "# hi")):
        with Terminal("sessions", "export", session, "-o", str(path), home=tmp_path) as terminal:
            terminal.wait("Replace it?")
            terminal.say(answer)
            assert terminal.end() == 0
        assert path.read_text().startswith(left)


def test_a_link_stays_a_link(store: Store, tmp_path: Path) -> None:
    """What it points to is written."""
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    link.symlink_to(real)
    run("export", talk(store, "hi"), "-o", str(link), home=tmp_path)

    assert link.is_symlink()
    assert real.read_text().startswith("# hi")


@pytest.mark.parametrize("output", ["/dev/null", ".", "/nowhere/a.md"])
def test_a_place_that_takes_no_file_is_said(store: Store, tmp_path: Path, output: str) -> None:
    """A device is no file to replace."""
    refused(run("export", talk(store, "hi"), "-o", output, "--force", home=tmp_path), DataError, output)


def test_all_conversations_leave_in_one_file(store: Store, tmp_path: Path) -> None:
    """Of one voice or of all; what was removed stays where it is."""
    talk(store, "one")
    talk(store, "two", voice="ann")
    store.remove(talk(store, "three"), datetime.now().astimezone())

    document = json.loads(run("export", "--all", home=tmp_path).stdout)
    lines = run("export", "--all", "-f", "jsonl", "-v", "ann", home=tmp_path).stdout.splitlines()

    assert [session["entries"][0]["content"] for session in document["sessions"]] == ["two", "one"]
    assert [json.loads(line)["messages"][0]["content"] for line in lines] == ["two"]


@pytest.mark.parametrize("arguments", [[], ["abc", "--all"]])
def test_one_conversation_or_all_of_them(tmp_path: Path, arguments: list[str]) -> None:
    """Neither and both are a slip."""
    done = run("export", *arguments, home=tmp_path)

    assert "SESSION, or --all" in str(done.exception)


def test_a_form_for_one_does_not_hold_all(store: Store, tmp_path: Path) -> None:
    """It is said before anything is written."""
    talk(store, "hi")
    error = refused(run("export", "--all", "-f", "html", home=tmp_path), DataError, "html")

    assert "json" in error.hint


def test_an_export_from_a_chat_never_replaces_another(store: Store, tmp_path: Path) -> None:
    """Each is a new file with a name that tells what it is."""
    session = talk(store, "hi", voice="/home/ann/my voice")
    names = [write_export(store, session, form, tmp_path).name for form in ("md", "md", "tavern")]

    stem = f"home-ann-my-voice-{session}"
    assert names == [f"{stem}.md", f"{stem}-2.md", f"{stem}.tavern.jsonl"]
    assert stat.S_IMODE((tmp_path / names[0]).stat().st_mode) == 0o600
    with pytest.raises(DataError, match="no format 'pdf'"):
        write_export(store, session, "pdf", tmp_path)


@pytest.mark.parametrize("form", ["md", "html", "json", "jsonl", "tavern"])
def test_no_escape_leaves_the_store(store: Store, tmp_path: Path, form: str) -> None:
    """What a model was writing when its process died lies there as it came."""
    session = talk(store, "hi", "all \x1b[2Jgone \x9b31mred", "\x1b[2J", "so?")
    shown = run("export", session, "-f", form, home=tmp_path).stdout

    assert "all gone red" in shown
    assert "so?" in shown
    assert not {"\x1b", "\x9b"} & {*shown}
    assert "u001b" not in shown
