"""`persona audit`: what the log adds up to, whether it is whole, and what leaves it."""

from __future__ import annotations

import csv
import io
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from audit_writer import entry
from click.testing import CliRunner
from lms.servers import OllamaServer, Reply
from running import persona

from brain.audit import entries, verify
from brain.audit_log import AuditLog
from brain.cli import persona as group
from brain.errors import DataError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

BLOCKED: dict[str, Any] = {"allowed": False, "layer": "names", "rule": "platform:x", "action": "fallback"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Five turns: one stopped twice, one crisis, one in doubt, one clean."""
    written = AuditLog(tmp_path / "data" / "audit.jsonl")
    for number, fields in enumerate(
        [
            BLOCKED,
            BLOCKED,
            {"layer": "safety", "rule": "crisis", "action": "answered"},
            {"unsure": True, "layer": "meetings", "rule": "meeting:ask"},
            {"reply": "=HYPERLINK(1)"},
        ]
    ):
        written.append(entry(number * 24 * 60, **fields))
    return written.path


def audit(*arguments: str, home: Path) -> Result:
    return CliRunner().invoke(group, ["--home", str(home), "audit", *arguments], standalone_mode=False)


def test_a_whole_log_is_said_to_be_whole(log: Path, tmp_path: Path) -> None:
    """With the hash to note down; the log of the user is taken when no file is named."""
    done = audit("verify", home=tmp_path)
    document = json.loads(audit("verify", str(log), "--json", home=tmp_path / "elsewhere").stdout)

    assert done.return_value == 0
    assert f"last hash: {verify(log).head}" in done.stdout
    assert document["sound"]
    assert (document["file"], document["entries"], document["head"]) == (str(log), 5, verify(log).head)


def test_a_changed_log_is_found_out(log: Path, tmp_path: Path) -> None:
    """With the line and the exit code of bad data."""
    log.write_bytes(log.read_bytes().replace(b"crisis", b"nothin"))

    done = audit("verify", home=tmp_path)
    document = audit("verify", "--json", home=tmp_path)

    assert done.return_value == document.return_value == 65
    assert "line 3" in done.stdout
    assert json.loads(document.stdout)["broken"] == 3


def test_a_cut_log_is_found_out_by_a_noted_hash(log: Path, tmp_path: Path) -> None:
    """And only by it."""
    noted = verify(log).head
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:3]))

    assert audit("verify", home=tmp_path).return_value == 0
    done = audit("verify", "--expect", noted, home=tmp_path)
    assert done.return_value == 65
    assert "expected hash" in done.stdout


def test_a_torn_line_is_told_and_breaks_nothing(log: Path, tmp_path: Path) -> None:
    """It is what a killed process leaves."""
    with log.open("ab") as file:
        file.write(b'{"action"')

    done = audit("verify", home=tmp_path)

    assert done.return_value == 0
    assert "torn" in done.stdout


def test_what_is_exported_can_be_verified(log: Path, tmp_path: Path) -> None:
    """All of it is the log itself; the file is its owner's alone."""
    done = audit("export", "-o", str(tmp_path / "copy.jsonl"), home=tmp_path)

    assert done.return_value == 0
    assert (tmp_path / "copy.jsonl").read_bytes() == log.read_bytes()
    assert stat.S_IMODE((tmp_path / "copy.jsonl").stat().st_mode) == 0o600


def test_an_export_may_begin_at_a_day(log: Path, tmp_path: Path) -> None:
    """In UTC, the day itself included."""
    done = audit("export", "--since", "2026-05-06", home=tmp_path)

    assert [json.loads(line)["rule"] for line in done.stdout.splitlines()] == ["crisis", "meeting:ask", None]
    assert len(list(entries(log))) == 5


def test_a_spreadsheet_gets_a_table_and_no_formula(log: Path, tmp_path: Path) -> None:
    """A text that would run stays a text."""
    rows = list(csv.DictReader(io.StringIO(audit("export", "--format", "csv", home=tmp_path).stdout)))

    assert [row["rule"] for row in rows] == ["platform:x", "platform:x", "crisis", "meeting:ask", ""]
    assert rows[-1]["reply"] == "'=HYPERLINK(1)"
    assert rows[-1]["hash"] == verify(log).head


def test_an_export_of_a_changed_log_says_so(log: Path, tmp_path: Path) -> None:
    """What is left is exported all the same."""
    log.write_bytes(log.read_bytes().replace(b"crisis", b"nothin"))

    done = audit("export", home=tmp_path)

    assert done.return_value == 65
    assert len(done.stdout.splitlines()) == 4
    assert "line 3" in done.stderr


@pytest.mark.usefixtures("log")
def test_the_counts_hold_no_words(tmp_path: Path) -> None:
    """Rules, what was done, and the safety routes apart, as a report wants them."""
    counts = json.loads(audit("show", "--json", "-n", "1", home=tmp_path).stdout)
    shown = audit("show", home=tmp_path).stdout

    assert (counts["turns"], counts["blocked"], counts["unsure"]) == (5, 2, 1)
    assert counts["rules"] == {"platform:x": 2, "meeting:ask": 1}
    assert counts["actions"] == {"fallback": 2, "answered": 1}
    assert counts["safety"] == {"crisis": 1}
    assert [turn["turn_ms"] for turn in counts["latest"]] == [4 * 24 * 60]
    assert "crisis 1" in shown
    assert "HYPERLINK" not in shown


def test_the_counts_of_a_changed_log_come_with_a_warning(log: Path, tmp_path: Path) -> None:
    """They may be wrong."""
    log.write_text(log.read_text().replace("fallback", "trimmed", 1))

    assert "not whole" in audit("show", home=tmp_path).stderr


def test_without_a_log_it_is_said_how_one_begins(tmp_path: Path) -> None:
    """Exit code 66."""
    for command in ("verify", "export", "show"):
        error = audit(command, home=tmp_path).exception
        assert isinstance(error, NotFoundError)
        assert "first reply" in error.hint


def test_an_export_that_cannot_be_written_is_named(log: Path, tmp_path: Path) -> None:
    """The log is left alone."""
    error = audit("export", "-o", str(tmp_path), home=tmp_path).exception

    assert isinstance(error, DataError)
    assert verify(log).sound


def test_a_reply_is_logged_and_only_where_it_is_wanted(home: Path, server: OllamaServer) -> None:
    """By `ask`, one text or many; the words stay out."""
    server.script(Reply("i'm on instagram"), Reply("find me on snapchat"), Reply("fine"))
    request = json.dumps({"messages": [{"role": "user", "content": "hello"}]})
    (home / "config").mkdir(exist_ok=True)

    stopped = persona("ask", "where are you?", home=home, server=server)
    many = persona("ask", "--jsonl", home=home, server=server, given=f"{request}\n{request}\n")
    (home / "config" / "config.toml").write_text("audit = false", encoding="utf-8")
    silent = persona("ask", "hello", home=home, server=server)

    kept = list(entries(home / "data" / "audit.jsonl"))
    assert [done.returncode for done in (stopped, many, silent)] == [0, 0, 0]
    assert [one.action for one in kept] == ["fallback", "none", "none"]
    assert kept[0].rule == "platform:instagram"
    assert [(one.reply, one.evidence) for one in kept] == [(None, None)] * 3
    assert verify(home / "data" / "audit.jsonl").sound


def test_a_log_that_cannot_be_written_costs_no_reply(home: Path, server: OllamaServer) -> None:
    """One line on standard error."""
    server.script(Reply("oh hello"))
    (home / "data" / "audit.jsonl").mkdir()

    done = persona("ask", "hi there", home=home, server=server)

    assert (done.returncode, done.stdout) == (0, "oh hello\n")
    assert "audit log cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_chat_is_logged_under_its_conversation(home: Path, server: OllamaServer) -> None:
    """Hashed with the key of the store."""
    server.script(Reply("oh hello"), Reply("sleep well"))

    done = persona("chat", home=home, server=server, given="hi there\ngood night\n")

    kept = list(entries(home / "data" / "audit.jsonl"))
    assert done.returncode == 0
    assert len(kept) == 2
    assert len({one.conversation for one in kept}) == 1
    assert kept[0].conversation
