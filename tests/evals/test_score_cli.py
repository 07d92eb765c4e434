"""`persona score`: lines in, lines out, whatever the lines are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from running import persona_here

from brain.cli import persona
from brain.errors import ArtifactError, DataError, NotFoundError, PersonaError

if TYPE_CHECKING:
    from pathlib import Path

THINGS = "kettle kiln heron van seal tide mug glaze oven ferry garden cat bread storm lamp clock radio goose boat chair"
GROUP = {
    "group", "n", "voice", "low", "high", "style_only", "fit", "copy_rate", "repetition", "flags", "explanations",
    "refused",
}  # fmt: skip


def conversations() -> list[dict[str, Any]]:
    """A client in small letters who says love, and others who write like letters to an office."""
    return [
        {
            "chat_history": {
                "messages": [{"from_creator": False, "content": f"Good evening, Sir. What of the {thing}{number}?"}]
            },
            "output": f"mm, that {thing}{number} again, love... {'no' if number else 'yes'} idea",
        }
        for number in range(2)
        for thing in THINGS.split()
    ]


CLIENT = conversations()


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("client") / "conversations.json"
    file.write_text(json.dumps(CLIENT))
    return file


def run(*arguments: object, given: bytes | str = "") -> Result:
    return CliRunner().invoke(persona, ["score", *map(str, arguments)], input=given, standalone_mode=False)


def scored(train: Path, *lines: object, more: tuple[str, ...] = ()) -> tuple[list[dict[str, Any]], Result]:
    given = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    done = run("--train", train, "--jsonl", "-", *more, given=given)
    assert done.exception is None, done.exception
    return [json.loads(line) for line in done.stdout.splitlines()], done


def asks(number: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": CLIENT[number]["chat_history"]["messages"][0]["content"]}]


def reply(number: int) -> str:
    return CLIENT[number]["output"].replace("again", "once more")


def test_each_reply_and_each_group_gets_a_line(train):
    """Replies in their order, then groups in the order of their first reply."""
    own = [{"id": f"o{at}", "reply": reply(at), "context": asks(at), "group": "own"} for at in range(12)]
    wrong = [{"id": f"w{at}", "reply": reply(at + 9), "context": asks(at), "group": "wrong"} for at in range(12)]
    other = [{"id": at, "reply": f"Good evening, Sir. What of my hat, number {at}?"} for at in range(12)]
    mixed = [one for three in zip(wrong, other, own, strict=True) for one in three]

    documents, done = scored(train, *mixed)

    assert done.return_value == 0
    assert [one["id"] for one in documents[:36]] == [one["id"] for one in mixed]
    assert all(set(one) == {"id", "flags", "notes"} for one in documents[:36])
    groups = {one["group"]: one for one in documents[36:]}
    assert list(groups) == ["wrong", None, "own"]
    assert all(set(one) == GROUP and one["n"] == 12 for one in groups.values())
    assert groups["own"]["voice"] > groups[None]["voice"] + 0.5
    assert groups["own"]["low"] <= groups["own"]["voice"] <= groups["own"]["high"]
    assert groups["own"]["fit"] > groups["wrong"]["fit"] + 0.5
    assert groups[None]["fit"] is None
    assert groups[None]["explanations"]


def test_an_echo_is_flagged_by_its_name(train):
    """On the reply and on the group."""
    messages = [{"id": at, "reply": asks(at)[0]["content"], "context": asks(at)} for at in range(5)]

    *replies, group = scored(train, *messages)[0]

    assert all("echo" in one["flags"] and "mostly repeats" in " ".join(one["notes"]) for one in replies)
    assert "echo" in group["flags"]
    assert group["fit"] < 0


def test_bad_lines_get_an_error_and_the_rest_go_on(train):
    """With the id where there is one, else with the number of the line."""
    good = {"id": "good", "reply": "mm, love"}
    bad: list[tuple[bytes, object, str]] = [
        (b"not json", 2, "Invalid JSON"),
        (b'{"id": 3}', 3, "reply is missing"),
        (b'{"id": "four", "reply": 4}', "four", "reply: Input should be a valid string"),
        (b'{"id": NaN, "reply": "hm"}', 5, "id: is not"),
        (b'{"id": [1], "reply": "hm"}', 6, "id: is not"),
        (b'{"id": 7, "reply": "hm", "group": {"a": 1}}', 7, "group: is not"),
        (b'{"id": 8, "reply": "\xff"}', 8, "is not UTF-8 (byte 20)"),
        (b'{"id": 9, "reply": "hm", "context": "hi"}', 9, "context"),
        (b'{"id": 10, "reply": "hm", "context": [{"role": "robot", "content": "hi"}]}', 10, "context.0.role"),
        (b'{"id": 11, "reply": "hm", "context": [{"role": "user"}]}', 11, "context.0.content is missing"),
        (b'["id", "reply"]', 12, ""),
        (b"[" * 100_000, 13, ""),
        (b'{"id": 14, "reply": "%s"}' % (b"a" * 1_000_000), 14, "has 1,000,000 characters"),
        (b'{"id": 15, "reply": "\\ud800"}', 15, "line 15"),
        (b"null", 16, ""),
        (b'{"id": 1' + b"0" * 5000 + b', "reply": "x"}', 17, ""),
    ]

    documents, done = scored(train, good, *(line for line, _, _ in bad), good)

    assert done.return_value == 65
    assert f"{len(bad)} of {len(bad) + 2} lines" in done.stderr
    assert [one["id"] for one in documents[:-1]] == ["good", *(identity for _, identity, _ in bad), "good"]
    for number, (one, (_, _, words)) in enumerate(zip(documents[1:-2], bad, strict=True), start=2):
        assert set(one) == {"id", "error"}
        assert one["error"].startswith(f"line {number}: ")
        assert words in one["error"]
        assert "pydantic" not in one["error"]
    assert documents[-1]["n"] == 2


def test_odd_replies_are_replies(train):
    """Empty, emoji, long, line breaks, another script, a null group and an empty context."""
    odd = ["", " ", "🫖🏴󠁧󠁢󠁳󠁣󠁴󠁿" * 10, "love " * 3_000, "a\r\nb\u2028c", "مرحبا يا صديقي", "\u0000"]
    lines = [{"id": None, "reply": text, "group": None, "context": []} for text in odd]
    lines += [{"reply": "hm", "context": None, "extra": 1}, {"id": 1.5, "reply": "hm", "context": asks(0)}]

    documents, done = scored(train, *lines)

    assert done.return_value == 0
    assert [one["id"] for one in documents[:-1]] == [1, 2, 3, 4, 5, 6, 7, 8, 1.5]
    assert documents[0]["flags"] == ["empty"]
    assert documents[-1]["n"] == 9
    assert "empty" in documents[-1]["flags"]


def test_ids_and_groups_are_any_scalar_and_are_kept_apart(train):
    """1, true, 1.0 and "1" are four groups; the same id twice is two replies."""
    lines = [{"id": "twice", "reply": "hm", "group": group} for group in (1, True, 1.0, "1", None, 1)]

    documents, _ = scored(train, *lines)

    assert [one["id"] for one in documents[:6]] == ["twice"] * 6
    groups = documents[6:]
    assert [json.dumps(one["group"]) for one in groups] == ["1", "true", "1.0", '"1"', "null"]
    assert [one["n"] for one in groups] == [2, 1, 1, 1, 1]
    assert all(one["refused"] and one["voice"] is None for one in groups)


def test_blank_lines_windows_line_ends_and_a_byte_order_mark_are_no_replies(train, tmp_path):
    """As files come."""
    file = tmp_path / "replies.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"id": 1, "reply": "mm"}\r\n\r\n  \n{"id": 2, "reply": "love"}')

    done = run("--train", train, "--jsonl", file)

    assert [json.loads(line).get("id") for line in done.stdout.splitlines()] == [1, 2, None]


def test_a_client_without_a_scale_is_refused_with_a_reason(tmp_path):
    """Five conversations: flags are still given."""
    file = tmp_path / "few.json"
    file.write_text(json.dumps(CLIENT[:5]))

    documents, done = scored(file, *({"id": at, "reply": reply(at), "context": asks(at)} for at in range(6)))

    assert done.return_value == 0
    assert "5 examples" in documents[-1]["refused"]
    assert documents[-1]["voice"] is documents[-1]["low"] is documents[-1]["high"] is None


def test_another_clients_file_is_told_apart_too(train, tmp_path):
    """Who writes like them no longer sounds like the client."""
    double = tmp_path / "double.json"
    double.write_text(json.dumps([{**one, "output": one["output"].replace("love", "LOVE!!")} for one in CLIENT[:20]]))
    theirs = [{"id": at, "reply": reply(at).replace("love", "LOVE!!")} for at in range(12)]

    alone, beside = (scored(train, *theirs, more=more)[0][-1] for more in ((), ("--background", str(double))))

    assert beside["voice"] < alone["voice"]


def test_the_same_seed_says_the_same(train):
    """And every line of it."""
    lines = [{"id": at, "reply": reply(at), "context": asks(at)} for at in range(8)]

    assert scored(train, *lines)[0] == scored(train, *lines, more=("--seed", "0"))[0]


@pytest.mark.parametrize(
    ("arguments", "given", "error", "words"),
    [
        (("--jsonl", "missing.jsonl"), "", NotFoundError, "missing.jsonl: cannot be read"),
        (("--jsonl", "."), "", NotFoundError, "cannot be read"),
        (("--jsonl", "-"), "", DataError, "standard input: holds no reply"),
        (("--jsonl", "-"), " \n\n", DataError, "standard input: holds no reply"),
        (("--jsonl", "-", "--background", "missing.json"), '{"reply": "hm"}', DataError, "missing.json: no such file"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(train, arguments, given, error, words):
    """What, where and what next."""
    done = run("--train", train, *arguments, given=given)

    assert isinstance(done.exception, error)
    assert words in done.exception.message
    assert done.exception.hint
    assert done.stdout == ""


@pytest.mark.parametrize("content", ["", "[]", "{}", "no json", '[{"output": "hm"}]'])
def test_a_client_file_that_cannot_be_used_is_said_in_one_line(tmp_path, content):
    """As `persona compile` says it."""
    file = tmp_path / "conversations.json"
    file.write_text(content)

    done = run("--train", file, "--jsonl", "-", given='{"reply": "hm"}')

    assert isinstance(done.exception, DataError)
    assert str(file) in done.exception.message


@pytest.mark.parametrize("voice", ["nobody", "nobody@3", "./nowhere"])
def test_a_voice_that_is_not_there_is_said_in_one_line(voice):
    """With the command that makes one."""
    done = run("--voice", voice, "--jsonl", "-", given='{"reply": "hm"}')

    assert isinstance(done.exception, NotFoundError | ArtifactError)
    assert isinstance(done.exception, PersonaError)
    assert done.exception.hint


@pytest.mark.parametrize("which", [(), ("--voice", "nela", "--train", "file.json")])
def test_one_client_is_named_and_only_one(which):
    """A usage error, with exit code 2."""
    done = run(*which, "--jsonl", "-", given='{"reply": "hm"}')

    assert "either --voice VOICE or --train FILE" in str(done.exception)
    assert getattr(done.exception, "exit_code", None) == 2


def test_a_compiled_voice_is_scored_by_its_own_conversations(home):
    """The whole program: documents on standard output, what takes a moment on standard error, exit code 65."""
    given = '{"id": 1, "reply": "mm. tea first"}\nnonsense\n'

    done = persona_here("score", "--voice", "nela", "--jsonl", "-", home=home, given=given)

    assert done.returncode == 65, done.stderr
    assert [json.loads(line).get("id") for line in done.stdout.splitlines()] == [1, 2, None]
    assert "1 of 2 lines could not be scored" in done.stderr
    assert "Traceback" not in done.stderr


def started(train: Path, **streams: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "brain", "score", "--train", str(train), "--jsonl", "-"]
    return subprocess.Popen(command, stderr=subprocess.PIPE, **streams)


def test_a_reader_that_goes_away_is_no_crash(train):
    """`| head` closes the pipe before everything is written."""
    read, write = os.pipe()
    os.close(read)
    process = started(train, stdin=subprocess.PIPE, stdout=write)
    os.close(write)

    _, errors = process.communicate(b'{"reply": "mm, love"}\n' * 20, timeout=60)

    assert process.returncode == 0
    assert b"Traceback" not in errors
    assert errors.decode().count("\n") == 1


def test_ctrl_c_is_answered_in_one_line(train):
    """Exit code 130."""
    process = started(train, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"reply": "mm, love"}\n')
    process.stdin.flush()
    waiting_for_more = wait_until_it_reads(process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)

    assert waiting_for_more
    assert process.returncode == 130
    assert output == b""
    assert errors.decode().splitlines() == ["Stopped; nothing more is scored. Run it again."]


def wait_until_it_reads(process: subprocess.Popen[bytes]) -> bool:
    """Until its pipe is empty: then the command waits for more lines."""
    import fcntl
    import termios

    assert process.stdin is not None
    left = bytearray(4)
    for _ in range(2_000):
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)
        if int.from_bytes(left, sys.byteorder) == 0:
            return True
        if process.poll() is not None:
            return False
        os.sched_yield()
        signal.sigtimedwait((), 0.01)
    return False


def test_one_reply_alone_has_no_score_of_any_kind(train):
    """Groups, never one: fit is as much noise as voice."""
    documents, done = scored(train, {"id": 1, "reply": reply(1), "context": asks(1)})

    group = documents[-1]
    assert done.return_value == 0
    assert (group["voice"], group["style_only"], group["fit"]) == (None, None, None)
    assert "group of 5" in group["refused"]
