"""`persona ask`, run as a script would: what is on standard output, what on standard error, and the exit code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from judge_answers import DOUBTFUL, DOUBTS, knows, says
from lms.servers import Failure, OllamaServer, Reply
from running import persona

from brain.config import Settings
from brain.judges import judge_model, probe_judge
from brain.models import Message
from brain.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = {"messages": [{"role": "user", "content": "hello"}]}


def lines(*requests: object) -> str:
    return "".join(f"{json.dumps(request) if isinstance(request, dict) else request}\n" for request in requests)


def documents(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_one_reply_and_nothing_else(home: Path, server: OllamaServer) -> None:
    """No colour, no notice, no label."""
    server.script(Reply("oh hello"))

    done = persona("ask", "hi there", home=home, server=server)

    assert (done.returncode, done.stdout, done.stderr) == (0, "oh hello\n", "")


def test_a_reply_takes_the_form_of_a_real_one(compiled_home: Path, tmp_path: Path, server: OllamaServer) -> None:
    """The model is told how long, and of what it writes some sentences are said, in their order."""
    home = shutil.copytree(compiled_home, tmp_path / "home")
    draft = "Not yet. The kiln is far too hot. I went down to the harbour. There was rain all day. Good night."
    server.script(Reply(draft))

    done = persona("ask", "hi there", home=home, server=server)

    said = re.findall(r"[a-z]+", done.stdout.casefold())
    assert said
    assert " ".join(said) in " ".join(re.findall(r"[a-z]+", draft.casefold()))
    assert re.fullmatch(r"hi there\n\n\(About \d+ words.*\.\)", server.requests[-1].body["messages"][-1]["content"])


def test_of_several_drafts_the_one_that_sounds_like_her_is_said(home: Path, server: OllamaServer) -> None:
    """One call a draft; a voice in small letters is not one that shouts like a shop."""
    shop = "DEAR VALUED CUSTOMER! Thank you for reaching out! How may I assist you today?"
    server.script(Reply(shop), Reply("kiln's on, cat's asleep on the glaze notes. how's your day"), Reply(shop))

    done = persona("ask", "hi there", "--candidates", "3", "--json", home=home, server=server)

    document = json.loads(done.stdout)
    assert document["reply"] == "kiln's on, cat's asleep on the glaze notes. how's your day"
    assert document["usage"]["lm_calls"] == 3


def test_text_may_be_piped_in(home: Path, server: OllamaServer) -> None:
    """Also without naming the command."""
    server.script(Reply("oh hello"))

    done = persona("ask", "-", home=home, server=server, given="hi there\n")
    bare = persona(home=home, given="hi there\n")

    assert done.stdout == "oh hello\n"
    assert server.requests[-1].body["messages"][-1]["content"] == "hi there"
    assert bare.returncode == 0
    assert bare.stdout.strip(), "the embedded model answered"


def test_json_is_one_document_with_the_reasons(home: Path, server: OllamaServer) -> None:
    """Every promised key."""
    server.script(Reply("oh hello"))

    done = persona("ask", "hi there", "--json", home=home, server=server)

    (document,) = documents(done)
    assert document["reply"] == "oh hello"
    assert document["voice"] == "nela@1"
    assert document["model"] == "ollama/tiny"
    assert document["situation"].startswith("It is ")
    assert document["verdict"] == {"allowed": True, "category": None, "layer": "none", "action": "none"}
    assert [set(demo) for demo in document["demos"]] == [{"id", "similarity"}] * len(document["demos"])
    assert len(document["demos"]) > 0
    assert document["usage"]["lm_calls"] == 1
    assert document["usage"]["prompt_tokens"] == 12
    assert document["usage"]["seconds"] > 0


def test_jsonl_answers_line_by_line_and_survives_bad_ones(home: Path, server: OllamaServer) -> None:
    """Each bad line gets its own error, with its id when it has one; the rest go on."""
    server.script(Reply("fine"))
    given = lines(
        {"id": 1, **REQUEST},
        "not json",
        {"id": "two", "messages": []},
        {"id": 3, "messages": [{"role": "robot", "content": "hi"}]},
        {"id": 4, "messages": [{"role": "user", "content": "   "}]},
        "[" * 100_000,
        {"id": 7, **REQUEST, "now": "next tuesday"},
        {"id": 8, **REQUEST},
    )

    done = persona("ask", "--jsonl", home=home, server=server, given=given)

    answers = documents(done)
    assert [answer["id"] for answer in answers] == [1, None, "two", 3, 4, None, 7, 8]
    assert [("reply" in answer) for answer in answers] == [True, False, False, False, False, False, False, True]
    for answer in answers:
        if "error" in answer:
            assert answer["error"]["message"]
            assert answer["error"]["hint"]
    assert done.returncode == 65
    assert "✗ line 2: is not JSON" in done.stderr
    assert "✗ line 5: " in done.stderr


def test_jsonl_knows_the_time_it_is_told(home: Path, server: OllamaServer) -> None:
    """Local time, weekday and the gap come from the request, not from this machine's clock."""
    server.script(Reply("welcome back"))
    talk = [
        {"role": "user", "content": "bye", "timestamp": "2026-05-01T22:00:00+02:00"},
        {"role": "assistant", "content": "sleep soft x", "timestamp": "2026-05-01T22:01:00+02:00"},
        {"role": "user", "content": "back!", "timestamp": "2026-05-04T07:30:00+02:00"},
    ]
    given = lines({"id": 1, "messages": talk, "now": "2026-05-04T07:30:05+02:00"})

    (document,) = documents(persona("ask", "--jsonl", home=home, server=server, given=given))

    assert document["situation"].startswith("It is Monday early morning.")
    assert "had not talked for 2 days" in document["situation"]
    sent = server.requests[-1].body["messages"]
    assert sent[-1]["content"] == "back!"
    assert [turn["role"] for turn in sent[1:]] == ["user", "assistant"] * (len(sent) // 2 - 1) + ["user"]


def test_a_forbidden_draft_is_reported_and_not_printed(home: Path, server: OllamaServer) -> None:
    """The verdict tells what was stopped and what was done."""
    server.script(Reply("i'm on instagram"), Reply("find me on snapchat"))

    (document,) = documents(persona("ask", "where are you?", "--json", home=home, server=server))

    assert document["verdict"] == {
        "allowed": False,
        "category": "social_platforms",
        "layer": "names",
        "action": "fallback",
    }
    assert "instagram" not in document["reply"]
    assert document["usage"]["lm_calls"] == 2


def test_a_doubtful_draft_is_judged_by_a_model_that_can(
    home: Path, server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In schema mode, on the wire of a real client; what the judge stops is written anew."""
    monkeypatch.setenv("PERSONA_JUDGE", "auto")
    monkeypatch.setenv("OLLAMA_HOST", server.url)
    policy = home / "policy.toml"
    policy.write_text(DOUBTS)
    monkeypatch.setenv("PERSONA_POLICY", str(policy))
    server.script(knows)
    settings = Settings(home=home, model="ollama/tiny")
    probe_judge(settings, judge_model(settings))
    server.requests.clear()
    server.script(Reply(DOUBTFUL), Reply(says("in_person", "at the pier")), Reply("how was your week?"))

    (document,) = documents(persona("ask", "what now?", "--json", home=home, server=server))

    assert document["reply"] == "how was your week?"
    assert document["verdict"] == {
        "allowed": False,
        "category": "in_person",
        "layer": "judge",
        "action": "redrafted",
    }
    judged = [request.body for request in server.requests if request.body][1]
    assert set(judged["format"]["properties"]) == {"violated", "evidence", "confidence"}
    assert judged["options"]["temperature"] == 0.0
    assert DOUBTFUL in judged["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Failure(500, "boom"), 69), (Failure(404, "model 'tiny' not found"), 69), (Failure(429, "slow"), 75)],
)
def test_a_failing_model_has_its_exit_code(home: Path, server: OllamaServer, answer: Failure, code: int) -> None:
    """One line and one fix on standard error; with --json one document on standard output."""
    server.script(answer)

    plain = persona("ask", "hi", home=home, server=server)
    document = persona("ask", "hi", "--json", home=home, server=server)

    assert (plain.returncode, plain.stdout) == (code, "")
    assert plain.stderr.startswith("✗ ")
    assert "→" in plain.stderr
    assert "Traceback" not in plain.stderr
    assert document.returncode == code
    assert json.loads(document.stdout)["error"]["message"]


@pytest.mark.parametrize(
    ("arguments", "given", "code", "words"),
    [
        (("ask", ""), "", 65, "no text"),
        (("ask", "-"), "\x00\x1b[2J", 65, "no text"),
        (("ask", "x" * 20_001), "", 65, "20,001"),
        (("ask", "hi", "--as", "nobody"), "", 66, "nobody"),
        (("ask", "hi", "--as", "nela@99"), "", 66, "99"),
        (("ask", "hi", "-m", "gpt-4"), "", 78, "names no model"),
        (("ask", "hi", "-m", "together/x"), "", 77, "No key"),
        (("ask", "hi", "-m", "embedded:/no/such.gguf"), "", 66, "such.gguf"),
        (("ask", "hi", "--temperature", "9"), "", 78, "temperature"),
        (("ask", "hi", "--no-such-flag"), "", 2, "no-such-flag"),
        (("akc", "hi"), "", 2, "Did you mean 'ask'"),
        (("ask", "hi", "--policy", "/no/such.toml"), "", 66, "such.toml"),
    ],
)
def test_every_bad_input_has_a_line_and_a_code(
    home: Path, arguments: tuple[str, ...], given: str, code: int, words: str
) -> None:
    """What, where, what next; never a traceback."""
    done = persona(*arguments, home=home, given=given)

    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_eight_at_once_all_answer(home: Path, server: OllamaServer) -> None:
    """Nobody waits for a lock."""
    server.script(Reply("fine"))
    environ = {**os.environ, "PERSONA_HOME": str(home), "OLLAMA_HOST": server.url}
    command = [sys.executable, "-m", "brain", "ask", "hi", "-m", "ollama/tiny"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environ) for _ in range(8)]

    ended = [process.communicate(timeout=120) for process in running]

    assert [process.returncode for process in running] == [0] * 8, ended
    assert all(out == b"fine\n" for out, _ in ended)


def test_a_question_goes_on_in_a_kept_conversation(home: Path, server: OllamaServer) -> None:
    """What was said before goes along, and question and answer are kept; a plain question is not."""
    server.script(Reply("sold out by noon"), Reply("my feet hurt"))
    now = datetime.now(UTC)
    with closing(Store(f"sqlite:///{home / 'data' / 'persona.db'}")) as store:
        talk = store.begin("nela", now)
        asked = store.add(talk, Message(from_creator=False, content="how was the market?"), parent=None, now=now)
        store.add(talk, Message(from_creator=True, content="busy"), parent=asked, now=now)
    assert persona("ask", "a plain question", home=home, server=server).returncode == 0

    done = persona("ask", "and you?", "-r", "market", "--json", home=home, server=server)

    (document,) = documents(done)
    assert document["reply"] == "my feet hurt"
    assert document["session"] == talk
    sent = [turn["content"] for turn in server.requests[-1].body["messages"]]
    assert sent[-3:] == ["how was the market?", "busy", "and you?"]
    with closing(Store(f"sqlite:///{home / 'data' / 'persona.db'}")) as store:
        assert [stored.message.content for stored in store.path(talk)][2:] == ["and you?", "my feet hurt"]
        assert len(store.sessions()) == 1


@pytest.mark.parametrize(
    ("flags", "code", "words"),
    [
        (("-r", "no such words"), 66, "no such words"),
        (("-c",), 66, "no conversation"),
        (("-c", "--jsonl"), 2, "--jsonl"),
    ],
)
def test_a_conversation_that_is_not_there(
    home: Path, server: OllamaServer, flags: tuple[str, ...], code: int, words: str
) -> None:
    """Is told, and nothing is asked."""
    done = persona("ask", "hi", *flags, home=home, server=server)

    assert done.returncode == code
    assert words in done.stderr
    assert server.requests == []
