"""`persona sessions list`, `search` and `show`: what is kept can be found and read."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fakes import them, us
from rich.cells import cell_len
from terminal.kept_talks import refused, run, sessions_of, talk
from terminal.terminal import Terminal

from brain.errors import NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from brain.store.store import Store


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    """In words on standard error, and as an empty list for programs."""
    done = run(home=tmp_path)

    assert (done.exit_code, done.stdout) == (0, "")
    assert "persona chat" in done.stderr
    assert json.loads(run("--json", home=tmp_path).stdout) == {"sessions": []}
    assert "persona chat ann" in run("-v", "ann", home=tmp_path).stderr


def test_the_newest_conversation_comes_first(store: Store, tmp_path: Path) -> None:
    """With its id, when, with whom, how long, and what it is about; `list` is what is done without a verb."""
    old = talk(store, "hi", voice="ann", ago=timedelta(hours=30), title="The market")
    new = talk(store, "did you go\nto the market?", "yes")

    header, first, second = run(home=tmp_path).stdout.splitlines()

    assert header.split() == ["session", "when", "voice", "messages", "about"]
    assert first.split() == [new, "just", "now", "nela", "2", "did", "you", "go", "to", "the", "market?"]
    assert second.split()[0] == old
    assert second.endswith("ann    1         The market")
    assert run("list", home=tmp_path).stdout == run(home=tmp_path).stdout


@pytest.mark.parametrize("width", [30, 44, 60, 80, 200])
def test_the_list_fits_the_terminal(store: Store, tmp_path: Path, width: int) -> None:
    """A line a conversation, whatever was said in it."""
    for first in ("word " * 99, "你好" * 99, "👩‍🚀" * 99):
        talk(store, first, ago=timedelta(days=500), voice="x" * 40)

    lines = run(home=tmp_path, width=width).stdout.splitlines()

    assert len(lines) == 4
    assert max(map(cell_len, lines)) <= width
    assert all("…" in line for line in lines[1:])


def test_only_one_voice_is_listed(store: Store, tmp_path: Path) -> None:
    """Whatever its version."""
    talk(store, "hi", voice="ann")
    kept = talk(store, "hi")

    assert [each["id"] for each in sessions_of(tmp_path, "-v", "nela@2")] == [kept]


def test_it_says_when_there_are_more(store: Store, tmp_path: Path) -> None:
    """And not when there are none."""
    talk(store, "one")
    talk(store, "two")

    assert "-n" in run("-n", "1", home=tmp_path).stderr
    assert len(run("-n", "1", home=tmp_path).stdout.splitlines()) == 2
    assert run("-n", "2", home=tmp_path).stderr == ""
    assert len(sessions_of(tmp_path, "-n", "1")) == 1


def test_programs_get_every_fact(store: Store, tmp_path: Path) -> None:
    """One document, with times as ISO 8601."""
    kept = talk(store, "hi 👩‍🚀", "hello", title="T")
    (session,) = sessions_of(tmp_path)

    assert (session["id"], session["voice"], session["title"], session["messages"]) == (kept, "nela", "T", 2)
    assert session["first"] == "hi 👩‍🚀"
    assert datetime.fromisoformat(session["updated"]) == store.session(kept).updated
    assert session["deleted"] is None


def test_words_are_found_with_what_stands_around_them(store: Store, tmp_path: Path) -> None:
    """In the talk and in titles."""
    kept = talk(store, "did you go to the market on sunday?", "no")
    talk(store, "good night")

    done = run("search", "market", "sunday", home=tmp_path)

    assert kept in done.stdout
    assert "    did you go to the market on sunday?" in done.stdout
    assert "good night" not in done.stdout
    (found,) = json.loads(run("search", "market", "--json", home=tmp_path).stdout)["found"]
    assert (found["session"]["id"], found["excerpt"]) == (kept, "did you go to the market on sunday?")


def test_nothing_found_is_no_error(store: Store, tmp_path: Path) -> None:
    """It is said, and programs get an empty list."""
    talk(store, "hi")
    done = run("search", "elephant", home=tmp_path)

    assert (done.exit_code, done.stdout) == (0, "")
    assert "elephant" in done.stderr
    assert json.loads(run("search", "elephant", "--json", home=tmp_path).stdout) == {"found": []}


def test_found_words_are_bold_only_on_a_terminal(store: Store, tmp_path: Path) -> None:
    """A pipe gets text and nothing else."""
    talk(store, "to the market")
    store.close()
    with Terminal("sessions", "search", "market", home=tmp_path) as terminal:
        terminal.wait("to the market")
        assert terminal.end() == 0

    assert b"\x1b[1mmarket\x1b[0m" in terminal.written
    assert "\x1b" not in run("search", "market", home=tmp_path).stdout


def test_a_conversation_is_shown_as_it_stands(store: Store, tmp_path: Path) -> None:
    """Found by words, with marks where a reply is not whole."""
    session = talk(store, "hi there", "first try")
    asked = store.path(session)[0].id
    stopped = store.add(session, us("second tr"), parent=asked, now=datetime.now().astimezone(), state="stopped")
    on = store.add(session, them("go on"), parent=stopped, now=datetime.now().astimezone())
    store.add(session, us("third"), parent=on, now=datetime.now().astimezone(), state="interrupted")

    shown = run("show", "second", home=tmp_path).stdout

    assert "› hi there" in shown
    assert "second tr" in shown
    assert "stopped" in shown
    assert "cut off" in shown
    assert "first try" not in shown
    assert session in shown
    document = json.loads(run("show", session, "--json", home=tmp_path).stdout)
    assert [entry["content"] for entry in document["entries"]] == [
        "hi there",
        "first try",
        "second tr",
        "go on",
        "third",
    ]


@pytest.mark.parametrize("verb", [["show"], ["export"], ["rename", "--"], ["rm"], ["restore"]])
def test_a_conversation_that_is_not_there_is_said(verb: list[str], tmp_path: Path) -> None:
    """With the exit code of what is missing."""
    title = ["a title"] if verb[0] == "rename" else []
    error = refused(run(*verb, "nosuch", *title, home=tmp_path), NotFoundError, "nosuch")

    assert error.exit_code == 66
    assert "persona sessions" in error.hint


def test_with_json_an_error_is_the_document(tmp_path: Path) -> None:
    """And the exit code stays."""
    done = run("show", "nosuch", "--json", home=tmp_path)

    assert json.loads(done.stdout)["error"]["code"] == "not_found"
    assert done.exit_code == 66 or done.return_value == 66


def test_a_mistyped_verb_is_guessed(tmp_path: Path) -> None:
    """A flag alone belongs to `list`, and help is help."""
    assert "Did you mean 'search'?" in str(run("serch", home=tmp_path).exception)
    assert "Commands:" in run("--help", home=tmp_path).stdout
