"""`persona sessions import`: what comes in is whole, is said, and can do no harm."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fakes import us
from terminal.kept_talks import contents, refused, run, talk
from terminal.terminal import Terminal

from brain.errors import DataError, NotFoundError, PersonaError

if TYPE_CHECKING:
    from pathlib import Path

    from brain.store.store import Store


def test_a_conversation_comes_back_whole(store: Store, tmp_path: Path) -> None:
    """Branches, states, times, title, where it stands, and what explains a reply; under a new id."""
    session = talk(store, "hi", "first", title="The market", ago=timedelta(days=3))
    first = store.path(session)
    turn = {"voice": "nela@1", "model": "m", "situation": "s", "verdict": {"allowed": True}, "demos": [], "usage": {}}
    now = datetime.now().astimezone()
    store.add(session, us("second", now), parent=first[0].id, now=now, turn=turn, state="stopped")
    store.choose(session, first[1].id)
    run("export", session, "-o", str(tmp_path / "a.json"), home=tmp_path)
    kept = store.session(session)
    store.remove(session, now)

    done = run("import", str(tmp_path / "a.json"), home=tmp_path)
    new = done.stdout.strip()

    assert new != session
    assert "Not in such a file: the exact messages" in done.stderr
    assert contents(store, new) == ["hi", "first"]
    assert store.session(new)._replace(id=session) == kept
    assert [each.message for each in store.tree(new)] == [each.message for each in store.tree(session)]
    assert [each.state for each in store.tree(new)] == ["done", "done", "stopped"]
    explained = store.turn(store.tree(new)[2].id)
    assert explained is not None
    assert explained["situation"] == "s"


def test_what_is_here_already_is_not_doubled(store: Store, tmp_path: Path) -> None:
    """A file of everything may be taken in again; what went on since it was written comes in as it was then."""
    same, other = talk(store, "hi", "hello"), talk(store, "bye", "see you", ago=timedelta(days=1))
    exported = run("export", "--all", "-f", "json", home=tmp_path).stdout
    now = datetime.now().astimezone()
    store.add(other, us("and more", now), parent=store.path(other)[-1].id, now=now)

    done = run("import", "-", home=tmp_path, given=exported)

    assert "Here already: hi" in done.stderr
    assert contents(store, done.stdout.strip()) == ["bye", "see you"]
    assert {info.id for info in store.sessions()} == {same, other, done.stdout.strip()}


def test_what_was_undone_to_the_start_stays_so(store: Store, tmp_path: Path) -> None:
    """Nothing of it is lost, and /redo finds it."""
    session = talk(store, "hi", "hello")
    store.undo(session, 1)
    exported = run("export", session, "-f", "json", home=tmp_path).stdout
    store.remove(session, datetime.now().astimezone())

    new = run("import", "-", home=tmp_path, given=exported).stdout

    assert contents(store, new.strip()) == []
    assert store.redo(new.strip(), 1) == 1


def test_what_comes_in_is_said(store: Store, tmp_path: Path) -> None:
    """The ids on standard output; form, first words and what was left out on standard error."""
    lines = [
        {"messages": [{"role": "system", "content": "be kind"}, {"role": "user", "content": "hi \x1b[31mred\x07"}]},
        {"messages": [{"role": "user", "content": "two"}, {"role": "assistant", "content": "three"}]},
    ]
    done = run("import", "-", "--as", "ann@3", home=tmp_path, given="\n".join(map(json.dumps, lines)))

    first, second = done.stdout.split()
    assert contents(store, first) == ["hi red"]
    assert contents(store, second) == ["two", "three"]
    assert store.session(first).voice == "ann"
    assert "OpenAI chat JSONL: 2 conversations" in done.stderr
    assert "hi red (ann, 1 message)" in done.stderr
    assert "Left out: 1 system message" in done.stderr
    assert "no voice ann here yet" in done.stderr
    assert "\x1b" not in done.stderr


def test_an_explanation_that_makes_no_sense_is_left_out(store: Store, tmp_path: Path) -> None:
    """/why could not show it; the reply itself is kept."""
    session = talk(store, "hi", "hello")
    document = json.loads(run("export", session, "-f", "json", home=tmp_path).stdout)
    document["sessions"][0]["entries"][1]["turn"] = {"reply": "another", "verdict": 3}
    store.remove(session, datetime.now().astimezone())

    done = run("import", "-", home=tmp_path, given=json.dumps(document))

    assert store.turn(store.path(done.stdout.strip())[1].id) is None
    assert "Left out: 1 unreadable explanation" in done.stderr


def test_a_talk_without_a_voice_is_with_the_default_one(store: Store, tmp_path: Path) -> None:
    """It can be gone on with at once."""
    done = run("import", "-", home=tmp_path, given='{"messages": [{"role": "user", "content": "hi"}]}')

    assert store.session(done.stdout.strip()).voice == "nela"
    assert "no voice" not in done.stderr


@pytest.mark.parametrize(
    ("file", "kind", "words"),
    [("nosuch.json", NotFoundError, "no such file"), (".", DataError, "is a folder"), ("bad", DataError, "not JSON")],
)
def test_a_file_that_cannot_be_read_is_said(
    store: Store, tmp_path: Path, file: str, kind: type[PersonaError], words: str
) -> None:
    """And nothing comes in."""
    (tmp_path / "bad").write_text("hello")
    refused(run("import", str(tmp_path / file), home=tmp_path), kind, words)

    assert store.sessions() == ()


def test_a_bad_line_keeps_all_others_out(store: Store, tmp_path: Path) -> None:
    """Half a file is worse than none: it could not be imported again."""
    good = '{"messages": [{"role": "user", "content": "hi"}]}'
    refused(run("import", "-", home=tmp_path, given=f"{good}\n{{oops"), DataError, "standard input: line 2")

    assert store.sessions() == ()


def test_on_a_terminal_no_bar_stands_where_the_ids_go(store: Store, tmp_path: Path) -> None:
    """However long it takes: each id has a line of its own."""
    line = json.dumps({"messages": [{"role": "user", "content": "hi"}] * 40})
    (tmp_path / "many.jsonl").write_text(f"{line}\n" * 600)

    with Terminal("sessions", "import", str(tmp_path / "many.jsonl"), home=tmp_path) as terminal:
        assert terminal.end() == 0
        written = terminal.process.before or b""

    assert len(store.sessions(limit=700)) == 600
    assert b" of 600" not in written
