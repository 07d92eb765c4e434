"""What the user reads when a model or its server fails: each row through a real server and dspy.LM."""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from time import time
from typing import TYPE_CHECKING

import anyio
import dspy
import pytest
from dspy.utils import exceptions as dspy_errors
from lms.asking import Engines, question, silent_port
from lms.servers import Failure, OllamaServer, OpenAIServer, Raw, Reply

from brain.errors import DataError
from brain.lms.failures import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., Engines]

OLLAMA, TOGETHER = "ollama/llama3.2:1b", "together/meta/llama"
KEY = "tgp-0123456789-abcdefx9Q2"


def failure_of(engines: Engines, model: str) -> Exception:
    """What dspy raises for one question."""
    with pytest.raises(dspy_errors.DSPyError) as raised:
        engines.lm(model)(question(model))
    return raised.value


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (Failure(500, "runner died"), 69, "Ollama failed (HTTP 500: runner died)."),
        (Failure(400, "bad option"), 65, "Ollama refused the request (HTTP 400: bad option)."),
        (Failure(400, "exceeds the context size"), 65, "This is more than llama3.2:1b can hold at once."),
        (Failure(401, "unauthorized"), 77, "Ollama wants a key."),
        (Raw(b"<html>"), 69, "Ollama failed (The server's answer is not a chat reply)."),
        (Reply(delay=30), 75, "llama3.2:1b took too long to answer."),
    ],
)
def test_an_ollama_that_fails(
    answer: Failure | Raw | Reply, code: int, words: str, ollama: Build, ollama_server: OllamaServer
) -> None:
    """One fact, one way on, and the exit code."""
    ollama_server.script(answer)
    error = failure_of(ollama(ollama_server.url, timeout=0.2), OLLAMA)
    told = explain(error, spec=OLLAMA, host=ollama_server.host)

    assert (told.message, told.exit_code) == (words, code)
    assert told.hint


def test_an_ollama_that_is_not_running(ollama: Build) -> None:
    """Where we looked, and how to start it."""
    host = f"127.0.0.1:{silent_port()}"
    told = explain(failure_of(ollama(host), OLLAMA), spec=OLLAMA, host=host)

    assert (told.message, told.exit_code) == (f"Ollama isn't answering at {host}.", 69)
    assert "`ollama serve`" in told.hint


def test_an_ollama_without_the_model(ollama: Build, ollama_server: OllamaServer) -> None:
    """What is there instead, ready to be typed."""
    error = failure_of(ollama(ollama_server.url), "ollama/llama3.1:8b")
    told = explain(error, spec="ollama/llama3.1:8b", installed=["qwen3:4b", "gemma4"])

    assert told.message == "llama3.1:8b isn't on this Ollama. Installed: qwen3:4b, gemma4."
    assert told.hint == "`ollama pull llama3.1:8b`   ·   `/model ollama/qwen3:4b`"
    assert told.exit_code == 69
    assert explain(error, spec="ollama/llama3.1:8b").message == "llama3.1:8b isn't on this Ollama."
    many = explain(error, spec="ollama/llama3.1:8b", installed=list("abcdefg"))
    assert many.message.endswith("Installed: a, b, c, d, e and 2 more.")


def test_an_address_that_is_no_ollama(ollama: Build, ollama_server: OllamaServer) -> None:
    """A wrong path is a wrong setting, not a missing model."""
    host = f"{ollama_server.host}/v1"
    told = explain(failure_of(ollama(host), OLLAMA), spec=OLLAMA, host=host)

    assert told.message == f"No API of Ollama at {host} (HTTP 404: 404 page not found)."
    assert (told.hint, told.exit_code) == ("Check OLLAMA_HOST.", 78)


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (
            Failure(401, f"no such key: {KEY}"),
            77,
            "Together refused the key (from $TOGETHER_API_KEY, …x9Q2).",
        ),
        (Failure(402, "Credit limit"), 77, "The account at Together has no credit."),
        (Failure(404, "Unable to access model x"), 69, "Together has no model meta/llama for this key."),
        (Failure(422, f"wrong with {KEY}"), 65, "Together refused the request (HTTP 422: wrong with …)."),
        (Failure(429, "Slow down", {"Retry-After": "7"}), 75, "Together limits the rate of calls."),
        (Failure(503, "Overloaded"), 69, "Together failed (HTTP 503: Overloaded)."),
        (Reply(cut_after=0), 69, "Together isn't answering at https://api.example.org."),
    ],
)
def test_a_hosted_model_that_fails(
    answer: Failure | Reply,
    code: int,
    words: str,
    together: Build,
    together_server: OpenAIServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The key is named by its variable and its last four characters, and never told."""
    monkeypatch.setenv("TOGETHER_API_KEY", KEY)
    together_server.script(answer)
    error = failure_of(together(together_server.url, key=None), TOGETHER)
    told = explain(error, spec=TOGETHER, host="https://api.example.org", key_name="TOGETHER_API_KEY")

    assert (told.message, told.exit_code) == (words, code)
    assert KEY not in told.message + told.hint
    if isinstance(answer, Failure) and answer.status == 429:
        assert (told.retry_after, told.hint) == (7.0, "Try again in 7 s.")


def test_no_key(together: Build, together_server: OpenAIServer) -> None:
    """How to give one."""
    error = failure_of(together(together_server.url, key=None), TOGETHER)
    told = explain(error, spec=TOGETHER, key_name="TOGETHER_API_KEY")

    assert (told.message, told.exit_code) == ("No key for Together.", 77)
    assert told.hint.startswith("`export TOGETHER_API_KEY=…`")


def test_a_short_key_shows_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four characters of eight would be half the key."""
    monkeypatch.setenv("OPENAI_API_KEY", "password")
    told = explain(dspy_errors.LMAuthError("no"), spec="openai/gpt", key_name="OPENAI_API_KEY")

    assert told.message == "OpenAI refused the key (from $OPENAI_API_KEY)."


def test_a_stream_that_broke_off() -> None:
    """The words so far are kept elsewhere; here is how to go on."""
    told = explain(dspy_errors.LMStreamAssemblyError("cut"), spec=TOGETHER)

    assert (told.message, told.exit_code) == ("The connection to Together dropped mid-reply.", 69)


def test_an_answer_that_cannot_be_read() -> None:
    """The private text of the answer is not repeated in an error."""
    signature = dspy.Signature("question -> answer")
    error = dspy_errors.AdapterParseError("ChatAdapter", signature, "my private words")
    told = explain(error, spec="embedded")

    assert (told.message, told.exit_code) == ("embedded answered in a form that cannot be read.", 69)


def test_something_the_model_cannot_do() -> None:
    """Which setting it was."""
    told = explain(dspy_errors.LMUnsupportedFeatureError("tools cannot be sent"), spec=OLLAMA)

    assert told.message == "llama3.2:1b cannot do this (tools cannot be sent)."
    assert told.exit_code == 78


def test_our_own_error_comes_back_as_it_is() -> None:
    """Also when an engine raised it and dspy wrapped it."""
    ours = DataError("broken")
    wrapped = dspy_errors.LMUnexpectedError("broken")
    wrapped.__cause__ = ours

    assert explain(ours, spec=OLLAMA) is ours
    assert explain(wrapped, spec=OLLAMA) is ours


@pytest.mark.parametrize("bug", [KeyError("x"), dspy_errors.LMUnexpectedError("x")])
def test_a_bug_is_raised_again(bug: Exception) -> None:
    """Its traceback is worth more than any words of ours."""
    with pytest.raises(type(bug)) as raised:
        explain(bug, spec=OLLAMA)

    assert raised.value is bug


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        (" 0.25 ", 0.25),
        ("soon", None),
        ("9" * 400, None),
    ],
)
def test_when_to_come_back(said: str, seconds: float | None, together: Build, together_server: OpenAIServer) -> None:
    """Seconds, or a fraction of them; what is neither says nothing."""
    together_server.script(Failure(429, "Slow down", {"Retry-After": said}))

    told = explain(failure_of(together(together_server.url), TOGETHER), spec=TOGETHER)

    assert told.retry_after == seconds
    assert told.hint.startswith("Try again in ")


@pytest.mark.parametrize(("ahead", "zone"), [(60, "GMT"), (60, "-0000"), (-60, "GMT")])
def test_a_date_to_come_back_at(ahead: int, zone: str, together: Build, together_server: OpenAIServer) -> None:
    """As HTTP writes it; one that is past means now."""
    said = formatdate(time() + ahead, usegmt=zone == "GMT")
    together_server.script(Failure(429, "Slow down", {"Retry-After": said}))

    told = explain(failure_of(together(together_server.url), TOGETHER), spec=TOGETHER)

    assert told.retry_after == pytest.approx(max(ahead, 0), abs=30)  # whole seconds, and time passes


def native(url: str) -> dspy.LM:
    """A model through dspy's own client."""
    settings = {"engine": "lm15", "api_key": "x", "api_base": f"{url}/v1", "cache": False, "num_retries": 0}
    return dspy.LM("openai/meta/llama", timeout=0.2, **settings)


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        (Reply(delay=30), 75, "meta/llama took too long to answer."),
        (Reply("one two three", cut_after=2), 69, "The connection to OpenAI dropped mid-reply."),
        (Reply("one two three", unfinished=True), 69, "The connection to OpenAI dropped mid-reply."),
        (Raw(b"Not Found", "text/plain", 404), 78, "No API of OpenAI at http://h/v1 (HTTP 404: Not Found)."),
    ],
)
def test_what_dspy_s_own_client_throws_together(
    answer: Reply | Raw, code: int, words: str, together_server: OpenAIServer
) -> None:
    """Late, broken off and the wrong address each have their own words, also in a stream."""
    together_server.script(answer)

    async def streamed() -> None:
        lm = native(together_server.url)
        send, receive = anyio.create_memory_object_stream[object](100)
        with send, receive, dspy.context(send_stream=send):
            try:
                await lm.acall("How are you?")
            finally:
                await lm.aclose()

    with pytest.raises(dspy_errors.DSPyError) as raised:
        asyncio.run(streamed())
    told = explain(raised.value, spec="openai/meta/llama", host="http://h/v1")

    assert (told.message, told.exit_code) == (words, code)
