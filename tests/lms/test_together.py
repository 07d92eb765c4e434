"""The Together engines against a server that speaks its wire format."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from dspy import lm15
from dspy.utils import exceptions as dspy_errors
from lms.asking import STREAMS, WAYS, Engines, question, said, silent_port
from lms.servers import Failure, OpenAIServer, Raw, Reply

from brain.errors import ConfigError, KeyRefusedError
from brain.lms.together import TogetherEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., Engines]

MODEL = "together/meta/llama"
SCHEMA = {"type": "object", "properties": {"verdict": {"type": "string"}}}


@pytest.mark.parametrize("way", WAYS)
def test_a_reply_is_the_same_in_every_way(way: str, together: Build, together_server: OpenAIServer) -> None:
    """Text, finish reason and usage do not depend on streaming or awaiting."""
    together_server.script(Reply("I am fine, thanks.", thinking="be brief", finish="length"))
    reply = together(together_server.url).ask(way, question(MODEL))

    assert reply.text == "I am fine, thanks."
    assert reply.message.first(lm15.ThinkingPart).text == "be brief"
    assert (reply.finish_reason, reply.model, reply.id) == ("length", "meta/llama", "reply-1")
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (12, 4)
    assert reply.usage.cache_read_tokens == 8
    assert [sent.body.get("stream", False) for sent in together_server.requests] == [way in STREAMS]


def test_a_request_in_togethers_words(together: Build, together_server: OpenAIServer) -> None:
    """Every setting under its own name, the key in its header; the provider's prefix stays here."""
    turns = (lm15.Message.user("Hi"), lm15.Message.assistant("Hey!"), lm15.Message.user("You?"))
    settings = {
        "max_tokens": 50,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "seed": 7,
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
    }
    config = lm15.Config(**settings, stop=("\n\n",), extensions={"min_p": 0.05})
    request = lm15.Request(MODEL, turns, system="You are Ada.", config=config)
    together(together_server.url, key="  secret-key\n").sync.complete(request)

    [sent] = together_server.requests
    assert (sent.method, sent.path) == ("POST", "/v1/chat/completions")
    assert sent.headers["authorization"] == "Bearer secret-key"
    assert sent.body == settings | {
        "model": "meta/llama",
        "stop": ["\n\n"],
        "min_p": 0.05,
        "messages": [
            {"role": "system", "content": "You are Ada."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hey!"},
            {"role": "user", "content": "You?"},
        ],
    }


@pytest.mark.parametrize(
    ("config", "key", "value"),
    [
        (
            {"response_format": {"type": "json_schema", "schema": SCHEMA}},
            "response_format",
            {"type": "json_schema", "json_schema": {"name": "reply", "schema": SCHEMA}},
        ),
        (
            {"response_format": {"type": "json_schema", "schema": SCHEMA, "name": "verdict", "strict": True}},
            "response_format",
            {"type": "json_schema", "json_schema": {"name": "verdict", "schema": SCHEMA, "strict": True}},
        ),
        ({"response_format": {"type": "json_object"}}, "response_format", {"type": "json_object"}),
        ({"reasoning": lm15.Reasoning("off")}, "reasoning", {"enabled": False}),
        ({"reasoning": lm15.Reasoning("low")}, "reasoning_effort", "low"),
    ],
)
def test_schemas_and_thinking(
    config: dict[str, Any], key: str, value: object, together: Build, together_server: OpenAIServer
) -> None:
    """Together wraps a schema once more than dspy does."""
    together(together_server.url).sync.complete(question(MODEL, **config))

    assert together_server.requests[0].body[key] == value


def test_thoughts_inside_the_text(together: Build, together_server: OpenAIServer) -> None:
    """DeepSeek's models think aloud in the reply itself."""
    together_server.script(Reply("<think>\nShe is sad.\n</think>\n\nI am here."))
    engines = together(together_server.url)

    assert said(engines.sync.stream(question(MODEL))) == "I am here."
    assert engines.ask("complete", question(MODEL)).text == "I am here."


@pytest.mark.parametrize("ending", ["", "/", "/v1", "/v1/"])
@pytest.mark.parametrize("named_by", ["argument", "environment"])
def test_the_address_with_and_without_v1(
    ending: str,
    named_by: str,
    together: Build,
    together_server: OpenAIServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The client adds /v1 itself, and people copy addresses that have it already."""
    url = together_server.url + ending
    monkeypatch.setenv("TOGETHER_BASE_URL", url if named_by == "environment" else "http://127.0.0.1:1")
    together(url if named_by == "argument" else None).sync.complete(question(MODEL))

    assert together_server.requests[0].path == "/v1/chat/completions"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            Failure(400, "Unable to access non-serverless model", code="model_not_available"),
            lm15.UnsupportedModelError,
        ),
        (Failure(400, "This model's maximum context length is 8193 tokens"), lm15.ContextLengthError),
        (Failure(401, "Invalid API key provided", code="invalid_api_key"), lm15.AuthError),
        (Failure(402, "Credit limit exceeded"), lm15.BillingError),
        (Failure(403, "`inputs` tokens + `max_new_tokens` must be <= 8193"), lm15.ContextLengthError),
        (Failure(403, "Forbidden"), lm15.AuthError),
        (Failure(404, "Unable to access model x"), lm15.UnsupportedModelError),
        (Failure(422, "temperature must be a number"), lm15.InvalidRequestError),
        (Failure(429, "Rate limit", {"Retry-After": "7"}), lm15.RateLimitError),
        (Failure(500, "Internal error"), lm15.ServerError),
        (Failure(503, "Engine overloaded"), lm15.ServerError),
        (Failure(524, "Timeout"), lm15.TimeoutError),
        (Raw(b"Not Found", "text/plain", 404), lm15.ConfigurationError),
        (Raw(b"<html>Welcome!</html>"), lm15.LM15Error),
        (Raw(b'{"status": "ok"}', "application/json"), lm15.LM15Error),
        (Reply(cut_after=0), lm15.LM15Error),
    ],
)
def test_an_error_is_the_same_in_every_way(
    answer: Failure | Raw | Reply,
    error: type[Exception],
    together: Build,
    together_server: OpenAIServer,
) -> None:
    """One attempt, one error of dspy's kind, with what the server told."""
    together_server.script(answer)
    engines = together(together_server.url)
    for way in WAYS:
        with pytest.raises(error) as raised:
            engines.ask(way, question(MODEL))
        assert "test-key" not in str(raised.value)
        if isinstance(answer, Failure):
            assert type(raised.value) is error
            assert answer.message in raised.value.message
            assert (raised.value.status, raised.value.provider_code) == (answer.status, answer.code)
            assert raised.value.retry_after == (7.0 if answer.status == 429 else None)

    assert len(together_server.requests) == len(WAYS)


def test_a_rate_limit_until_a_date(together: Build, together_server: OpenAIServer) -> None:
    """Retry-After may name a moment; we count the seconds to it."""
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    together_server.script(Failure(429, "Rate limit", {"Retry-After": moment}))
    with pytest.raises(lm15.RateLimitError) as raised:
        together(together_server.url).sync.complete(question(MODEL))

    assert 50 < raised.value.retry_after <= 60


def test_nobody_at_home(together: Build) -> None:
    """No connection: the network or the address."""
    engines = together(f"http://127.0.0.1:{silent_port()}")
    for way in WAYS:
        with pytest.raises(lm15.TransportError):
            engines.ask(way, question(MODEL))


@pytest.mark.parametrize("way", WAYS)
def test_too_slow(way: str, together: Build, together_server: OpenAIServer) -> None:
    """No word within the time given; the server learns that nobody waits."""
    together_server.script(Reply(delay=30))
    with pytest.raises(lm15.TimeoutError):
        together(together_server.url, timeout=0.1).ask(way, question(MODEL))

    assert together_server.disconnected.wait(2)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply("one two three", cut_after=2), lm15.StreamAssemblyError),
        (Reply("one two three", unfinished=True), lm15.StreamAssemblyError),
        (Reply("one two three", error_after=2), lm15.ServerError),
        (Reply("one two three", pause=30), lm15.TimeoutError),
    ],
)
def test_a_stream_that_breaks(
    reply: Reply, error: type[Exception], together: Build, together_server: OpenAIServer
) -> None:
    """Half a reply never passes for a whole one."""
    together_server.script(reply)
    engines = together(together_server.url, timeout=0.2)
    for way in STREAMS:
        with pytest.raises(error):
            engines.ask(way, question(MODEL))


def test_a_stream_closed_early_closes_the_connection(together: Build, together_server: OpenAIServer) -> None:
    """The server stops writing for nobody, and stops counting tokens."""
    together_server.script(Reply("one two three", pause=30))
    stream = together(together_server.url).sync.stream(question(MODEL))
    assert said([next(stream), next(stream)]) == "one"
    stream.close()

    assert together_server.disconnected.wait(2)


@pytest.mark.parametrize("way", ["async complete", "async stream"])
def test_a_cancelled_task_closes_the_connection(way: str, together: Build, together_server: OpenAIServer) -> None:
    """Ctrl-C in a chat cancels the task; the model must stop too."""
    together_server.script(Reply("one two three", delay=30 if way == "async complete" else 0, pause=30))
    together(together_server.url).cancel(way, question(MODEL), together_server)

    assert together_server.disconnected.wait(2)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_no_key(key: str | None, together: Build, together_server: OpenAIServer) -> None:
    """Said when a model is asked, before anything is sent."""
    engines = together(together_server.url, key=key)
    for way in WAYS:
        with pytest.raises(lm15.NotConfiguredError) as raised:
            engines.ask(way, question(MODEL))
        assert raised.value.env_keys == ("TOGETHER_API_KEY",)

    assert not together_server.requests


def test_a_key_that_cannot_be_one() -> None:
    """The HTTP client would quote it in its error, so it never gets there."""
    with pytest.raises(KeyRefusedError) as raised:
        TogetherEngine("secret\nkey", timeout=1)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("base_url", ["api.together.ai", "ftp://h", "http://"])
def test_an_unusable_address(base_url: str) -> None:
    """Said at once and by name, not as a failed call later."""
    with pytest.raises(ConfigError, match=base_url):
        TogetherEngine("test-key", base_url=base_url, timeout=1)


def test_through_an_lm_of_dspy(together: Build, together_server: OpenAIServer) -> None:
    """Waited for and awaited, in one event loop after another; nothing is sent twice."""
    together_server.script(Reply(), Reply(), Reply(), Failure(429, "Rate limit", {"Retry-After": "7"}))
    lm = together(together_server.url).lm(MODEL)

    assert lm(question(MODEL)).text == "Hello from the server."
    for _ in range(2):
        assert asyncio.run(lm.acall(question(MODEL))).text == "Hello from the server."
    with pytest.raises(dspy_errors.LMRateLimitError) as raised:
        lm(question(MODEL))
    assert raised.value.retry_after == 7.0
    assert lm.supports_response_schema
    assert len(together_server.requests) == 4
