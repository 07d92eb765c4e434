"""Writing the audit log: several writers, crashes, files that cannot be written, and what is kept of a turn."""

from __future__ import annotations

import asyncio
import errno
import multiprocessing
import stat
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from audit_writer import START, append_entries, entry
from fakes import HashEmbedder, ScriptedEngine, scripted_lm

from brain.answering import Voice
from brain.audit import entries, verify
from brain.audit_log import AuditLog, TurnRecorder, build_recorder, log_path, policy_digest
from brain.config import load_settings
from brain.demos import DemoBank, Row
from brain.errors import UnavailableError
from brain.lms.build import Model
from brain.models import Persona, Recipe, Turn, Usage, Verdict
from brain.modules.chat import ChatProgram
from brain.policy.policy_file import load_policy
from brain.session import ChatSession
from brain.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from brain.policy.rules import Rules

STOPPED = Verdict(
    allowed=False, category="social_platforms", layer="names", rule="platform:x", evidence="on x", action="fallback"
)


def turn(verdict: Verdict = STOPPED) -> Turn:
    return Turn(
        reply="tell me more",
        voice="ada@1",
        model="scripted/x",
        situation="",
        verdict=verdict,
        demos=(),
        usage=Usage(seconds=1.25),
    )


def test_eight_processes_write_one_chain(tmp_path: Path) -> None:
    """No entry is lost, none is torn, and all hash a conversation alike."""
    context = multiprocessing.get_context("spawn")
    ready, path = context.Barrier(8), tmp_path / "data" / "audit.jsonl"
    writers = [context.Process(target=append_entries, args=(path, f"w{n}", ready, 25)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found, read = verify(path), list(entries(path))

    assert [writer.exitcode for writer in writers] == [0] * 8
    assert found.sound
    assert (found.entries, found.torn) == (200, 0)
    assert sorted(one.model for one in read) == sorted(f"w{n}" for n in range(8) for _ in range(25))
    assert len({one.conversation for one in read}) == 1


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    """Log, key and folder, also when somebody had opened the log up."""
    log = AuditLog(tmp_path / "data" / "audit.jsonl")
    log.append(entry(conversation=log.hashed("abc")))
    log.path.chmod(0o644)
    log.append(entry())

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (log.path, log.path.with_suffix(".key"), log.path.parent)]
    assert modes == [0o600, 0o600, 0o700]


def test_ids_of_conversations_are_hashed_with_a_key_of_the_store(tmp_path: Path) -> None:
    """The same in every process, and nowhere else, so that ids cannot be guessed."""
    one, again, other = (AuditLog(tmp_path / name / "audit.jsonl") for name in ("a", "a", "b"))

    assert one.hashed("0a1b2c3d") == again.hashed("0a1b2c3d") != one.hashed("0a1b2c3e")
    assert one.hashed("0a1b2c3d") != other.hashed("0a1b2c3d")
    assert one.hashed("\ud800")


def test_a_key_that_was_cut_short_is_made_anew(tmp_path: Path) -> None:
    """As after a crash at the very first turn."""
    (tmp_path / "audit.key").write_bytes(b"short")

    first = AuditLog(tmp_path / "audit.jsonl").hashed("abc")

    assert AuditLog(tmp_path / "audit.jsonl").hashed("abc") == first
    assert len((tmp_path / "audit.key").read_bytes()) == 32


def test_the_chain_follows_an_entry_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    """The last line is found from the end, however long it is."""
    log = AuditLog(tmp_path / "audit.jsonl")
    for length in (10, 200_000, 10):
        log.append(entry(reply="é" * length))

    assert verify(log.path).entries == 3


def test_a_file_without_any_entry_is_kept_and_written_after(tmp_path: Path) -> None:
    """The first process was killed in its first line."""
    log = AuditLog(tmp_path / "audit.jsonl")
    log.path.write_bytes(b'{"acti')

    log.append(entry())

    assert log.path.read_bytes().startswith(b'{"acti\n')
    assert (verify(log.path).entries, verify(log.path).torn) == (1, 1)


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A folder in its place, or a file in its folder's place."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()

    for path in (tmp_path / "folder", tmp_path / "file" / "audit.jsonl"):
        with pytest.raises(UnavailableError, match="cannot be written") as caught:
            AuditLog(path).append(entry())
        assert "audit = false" in caught.value.hint


def test_a_full_disk_leaves_nothing_torn() -> None:
    """What was begun is taken back."""
    from brain.audit_log import _write

    class FullDisk:
        """Takes ten bytes."""

        content = b"before\n"

        def seek(self, _offset: int, _whence: int) -> int:
            return len(self.content)

        def write(self, more: bytes) -> int:
            if len(self.content) > 10:
                raise OSError(errno.ENOSPC, "No space left on device")
            self.content += more[:10]
            return 10

        def truncate(self, size: int) -> None:
            self.content = self.content[:size]

    file: Any = FullDisk()
    with pytest.raises(OSError, match="No space"):
        _write(file, b"a line that does not fit\n")

    assert file.content == b"before\n"


def test_a_turn_is_kept_without_its_words(tmp_path: Path, rules: Rules) -> None:
    """Who, when, under which policy, and what was done; times are UTC whatever the clock shows."""
    log = AuditLog(tmp_path / "audit.jsonl")
    record = TurnRecorder(
        log, rules.policy, words=False, warn=pytest.fail, clock=lambda: START.astimezone(timezone(timedelta(hours=2)))
    )

    record(turn(), "0a1b2c3d")

    (kept,) = entries(log.path)
    assert kept.time == START
    assert kept.conversation == log.hashed("0a1b2c3d")
    assert (kept.policy_version, kept.policy) == (rules.policy.version, policy_digest(rules.policy))
    assert (kept.layer, kept.rule, kept.category) == ("names", "platform:x", "social_platforms")
    assert (kept.allowed, kept.unsure, kept.action) == (False, False, "fallback")
    assert (kept.model, kept.turn_ms) == ("scripted/x", 1250)
    assert (kept.reply, kept.evidence) == (None, None)
    content = log.path.read_text()
    assert "0a1b2c3d" not in content
    assert "on x" not in content
    assert '"time":"2026-05-04T12:30:00Z"' in content


def test_the_words_are_kept_only_when_asked_for(tmp_path: Path) -> None:
    """As `audit_text` says; without `audit` nothing is."""
    policy = load_policy()
    settings = load_settings({"home": tmp_path, "audit_text": True})

    build_recorder(settings, policy, warn=pytest.fail)(turn(), None)
    build_recorder(settings.model_copy(update={"audit": False}), policy, warn=pytest.fail)(turn(), None)

    (kept,) = entries(log_path(settings))
    assert (kept.reply, kept.evidence, kept.conversation) == ("tell me more", "on x", None)


def test_two_policies_have_two_digests(tmp_path: Path) -> None:
    """Whatever differs in them."""
    (tmp_path / "policy.toml").write_text('platforms = {allow = ["youtube"]}')

    assert policy_digest(load_policy()) != policy_digest(load_policy(tmp_path / "policy.toml"))
    assert policy_digest(load_policy()) == policy_digest(load_policy())


def session(folder: Path, rules: Rules, record: Any) -> ChatSession:
    """A session whose model says one and two."""
    program = ChatProgram(Persona(name="Ada", id="ada"), rules, small=True)
    program.replier.use(DemoBank.build([Row("0", "hi", "hello")], HashEmbedder()), Recipe(k=1))
    model = Model("scripted/x", scripted_lm(ScriptedEngine(("one", "two"))), small=True)
    return ChatSession(
        Store(f"sqlite:///{folder / 'persona.db'}"), Voice("ada@1", program, "ada"), model, record=record
    )


def test_every_turn_of_a_chat_is_logged(tmp_path: Path, rules: Rules) -> None:
    """Under one conversation, also the clean ones."""
    log = AuditLog(tmp_path / "audit.jsonl")
    chat = session(tmp_path, rules, TurnRecorder(log, rules.policy, words=False, warn=pytest.fail))

    asyncio.run(chat.say("good morning"))
    asyncio.run(chat.say("good night"))
    chat.store.close()

    assert chat.conversation is not None
    assert [one.conversation for one in entries(log.path)] == [log.hashed(chat.conversation)] * 2
    assert [one.layer for one in entries(log.path)] == ["none", "none"]


def test_a_log_that_cannot_be_written_costs_no_reply_and_is_told_once(tmp_path: Path, rules: Rules) -> None:
    """The chat goes on."""
    (tmp_path / "audit.jsonl").mkdir()
    told: list[str] = []
    log = AuditLog(tmp_path / "audit.jsonl")
    chat = session(tmp_path, rules, TurnRecorder(log, rules.policy, words=False, warn=told.append))

    replies = [asyncio.run(chat.say(text)).reply for text in ("good morning", "good night")]
    kept = [message.content for message in chat.messages.messages]
    chat.store.close()

    assert replies == ["one", "two"]
    assert kept == ["good morning", "one", "good night", "two"]
    assert len(told) == 1
    assert "goes on without" in told[0]
