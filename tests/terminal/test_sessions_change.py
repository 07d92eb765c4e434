"""`persona sessions rename`, `rm` and `restore`: nothing is gone by mistake, and what is gone for good is gone."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from terminal.kept_talks import refused, run, sessions_of, talk
from terminal.terminal import Terminal

from brain.errors import DataError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from brain.store.store import Store


def test_a_title_is_given_and_found(store: Store, tmp_path: Path) -> None:
    """Of one word or several."""
    session = talk(store, "hi")
    done = run("rename", session, "The", "market", home=tmp_path)

    assert store.session(session).title == "The market"
    assert f"{session} The market" in done.stderr
    refused(run("rename", session, " ", home=tmp_path), DataError, "no text")


def test_what_is_removed_can_be_restored(store: Store, tmp_path: Path) -> None:
    """It is listed apart meanwhile, and the way back is said."""
    gone, kept = talk(store, "hi", title="Old"), talk(store, "hello")
    done = run("rm", gone, home=tmp_path)

    assert f"persona sessions restore {gone}" in done.stderr
    assert [each["id"] for each in sessions_of(tmp_path)] == [kept]
    assert [each["id"] for each in sessions_of(tmp_path, "--removed")] == [gone]
    assert "removed" in run("--removed", home=tmp_path).stdout.splitlines()[0]
    assert "Old" in run("restore", "old", home=tmp_path).stderr
    assert {each["id"] for each in sessions_of(tmp_path)} == {gone, kept}
    assert "restored" in run("--removed", home=tmp_path).stderr


def test_either_all_are_removed_or_none(store: Store, tmp_path: Path) -> None:
    """A slip in the last one costs nothing."""
    session = talk(store, "hi")
    refused(run("rm", session, "nosuch", home=tmp_path), NotFoundError, "nosuch")

    assert [each.id for each in store.sessions()] == [session]


def test_for_good_needs_somebody_who_is_sure(store: Store, tmp_path: Path) -> None:
    """Without a terminal only --yes does it, and only by id: words might mean another conversation."""
    session = talk(store, "a secret holiday")

    refused(run("rm", "--now", session, home=tmp_path), DataError, "to be asked")
    refused(run("rm", "--now", "--yes", "holiday", home=tmp_path), DataError, "'holiday' is no id")
    assert [each.id for each in store.sessions()] == [session]

    assert "Gone for good" in run("rm", "--now", "--yes", session[:5], home=tmp_path).stderr
    assert store.sessions() == ()
    store.close()
    assert not any(b"secret" in file.read_bytes() for file in (tmp_path / "data").iterdir())


def test_in_a_terminal_it_asks_before_it_is_for_good(store: Store, tmp_path: Path) -> None:
    """What is meant is shown, no is the default, and removed ones can go too."""
    session = talk(store, "a secret holiday")
    store.remove(session, datetime.now().astimezone())
    store.close()
    for answer, left in (("", True), ("y", False)):
        with Terminal("sessions", "rm", "--now", session, home=tmp_path) as terminal:
            assert "a secret holiday" in terminal.wait("for good?")
            terminal.say(answer)
            assert terminal.end() == 0
        assert bool(sessions_of(tmp_path, "--removed")) is left


def test_words_that_mean_several_remove_none(store: Store, tmp_path: Path) -> None:
    """They are named instead; an id or a title of its own means one."""
    kiln = talk(store, "the kiln is hot")
    other = talk(store, "the kiln is cold", title="sunday")

    told = refused(run("rm", "kiln", home=tmp_path), DataError, "'kiln' is in several conversations")
    assert {kiln, other} <= set(re.findall(r"[0-9a-f]{8}", told.hint))
    assert run("rm", "Sunday", home=tmp_path).exit_code == 0

    assert [info.id for info in store.sessions()] == [kiln]
