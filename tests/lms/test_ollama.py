"""The Ollama engines against a server that speaks its wire format."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import dspy
import pytest
from dspy import lm15
from dspy.utils import exceptions as dspy_errors
from lms.asking import STREAMS, WAYS, Engines, question, said, silent_port
from lms.servers import Failure, OllamaServer, OpenAIServer, Raw, Reply

from brain.errors import ConfigError
from brain.lms.ollama import OllamaEngine, installed_models, server_url

if TYPE_CHECKING:
    from collections.abc import Callable

    Build = Callable[..., Engines]

MODEL = "ollama/llama3.2:1b"
SCHEMA = {"type": "object", "properties": {"verdict": {"type": "string"}}}


@pytest.mark.parametrize("way", WAYS)
def test_a_reply_is_the_same_in_every_way(way: str, ollama: Build, ollama_server: OllamaServer) -> None:
    """Text, finish reason and usage do not depend on streaming or awaiting."""
    ollama_server.script(Reply("I am fine, thanks.", thinking="be brief", finish="length"))
    reply = ollama(ollama_server.url).ask(way, question(MODEL))

    assert reply.text == "I am fine, thanks."
    assert reply.message.first(lm15.ThinkingPart).text == "be brief"
    assert (reply.finish_reason, reply.model) == ("length", "llama3.2:1b")
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (12, 4)
    assert [sent.body["stream"] for sent in ollama_server.requests] == [way in STREAMS]


def test_a_request_in_ollamas_words(ollama: Build, ollama_server: OllamaServer) -> None:
    """Settings become options, the engine's own beside them; the provider's prefix stays here."""
    turns = (lm15.Message.user("Hi"), lm15.Message.assistant("Hey!"), lm15.Message.user("You?"))
    config = lm15.Config(
        max_tokens=50,
        temperature=0.5,
        top_p=0.9,
        top_k=40,
        seed=7,
        stop=("\n\n",),
        frequency_penalty=0.1,
        presence_penalty=0.2,
        extensions={"min_p": 0.05},
    )
    ollama(ollama_server.url).sync.complete(lm15.Request(MODEL, turns, system="You are Ada.", config=config))

    [sent] = ollama_server.requests
    assert (sent.method, sent.path, sent.body["model"]) == ("POST", "/api/chat", "llama3.2:1b")
    assert sent.body["keep_alive"] == "10m"
    assert sent.body["options"] == {
        "num_ctx": 8192,
        "num_predict": 50,
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 40,
        "seed": 7,
        "stop": ["\n\n"],
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "min_p": 0.05,
    }
    assert [(turn["role"], turn["content"]) for turn in sent.body["messages"]] == [
        ("system", "You are Ada."),
        ("user", "Hi"),
        ("assistant", "Hey!"),
        ("user", "You?"),
    ]


@pytest.mark.parametrize(
    ("config", "key", "value"),
    [
        ({"response_format": {"type": "json_schema", "schema": SCHEMA, "name": "v"}}, "format", SCHEMA),
        ({"response_format": {"type": "json_object"}}, "format", "json"),
        ({"reasoning": lm15.Reasoning("off")}, "think", False),
        ({"reasoning": lm15.Reasoning("high")}, "think", "high"),
        ({"reasoning": lm15.Reasoning("max")}, "think", True),
    ],
)
def test_a_setting_outside_the_options(
    config: dict[str, Any], key: str, value: object, ollama: Build, ollama_server: OllamaServer
) -> None:
    """Schemas and thinking have fields of their own."""
    ollama(ollama_server.url).sync.complete(question(MODEL, **config))

    assert ollama_server.requests[0].body[key] == value


def test_what_cannot_be_sent_is_refused(ollama: Build, ollama_server: OllamaServer) -> None:
    """Dropping a picture or a tool in silence would change the question."""
    picture = lm15.Message.user([lm15.TextPart("Who?"), lm15.ImagePart(url="https://example.org/a.png")])
    engine = ollama(ollama_server.url).sync
    for request in (lm15.Request(MODEL, (picture,)), question(MODEL, logprobs=1)):
        with pytest.raises(lm15.UnsupportedFeatureError):
            engine.complete(request)

    assert not ollama_server.requests


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            Failure(400, "the request (7936 tokens) exceeds the available context size"),
            lm15.ContextLengthError,
        ),
        (Failure(400, "invalid options: top_k"), lm15.InvalidRequestError),
        (Failure(401, "unauthorized"), lm15.AuthError),
        (Failure(429, "too many requests", {"Retry-After": "7"}), lm15.RateLimitError),
        (Failure(500, "llama runner process has terminated"), lm15.ServerError),
        (Failure(504, "gateway timeout"), lm15.TimeoutError),
        (Raw(b"404 page not found", "text/plain", 404), lm15.ConfigurationError),
        (Raw(b"<html>Welcome!</html>"), lm15.ProviderError),
        (Raw(b'{"status": "ok"}', "application/json"), lm15.ProviderError),
        (Reply(cut_after=0), lm15.LM15Error),
    ],
)
def test_an_error_is_the_same_in_every_way(
    answer: Failure | Raw | Reply,
    error: type[Exception],
    ollama: Build,
    ollama_server: OllamaServer,
) -> None:
    """One attempt, one error of dspy's kind, with what the server told."""
    ollama_server.script(answer)
    engines = ollama(ollama_server.url)
    for way in WAYS:
        with pytest.raises(error) as raised:
            engines.ask(way, question(MODEL))
        if isinstance(answer, Failure):
            assert type(raised.value) is error
            assert answer.message in raised.value.message
            assert raised.value.status == answer.status
            assert raised.value.retry_after == (7.0 if answer.status == 429 else None)

    assert len(ollama_server.requests) == len(WAYS)


def test_a_model_that_is_not_installed(ollama: Build, ollama_server: OllamaServer) -> None:
    """Ollama says 404 for this too; it is not the wrong address."""
    engines = ollama(ollama_server.url)
    for way in WAYS:
        with pytest.raises(lm15.UnsupportedModelError):
            engines.ask(way, question("ollama/qwen3:4b"))


def test_nobody_at_home(ollama: Build) -> None:
    """The server is not running."""
    engines = ollama(f"127.0.0.1:{silent_port()}")
    for way in WAYS:
        with pytest.raises(lm15.TransportError):
            engines.ask(way, question(MODEL))


@pytest.mark.parametrize("way", WAYS)
def test_too_slow(way: str, ollama: Build, ollama_server: OllamaServer) -> None:
    """No word within the time given; the server learns that nobody waits."""
    ollama_server.script(Reply(delay=30))
    with pytest.raises(lm15.TimeoutError):
        ollama(ollama_server.url, timeout=0.1).ask(way, question(MODEL))

    assert ollama_server.disconnected.wait(2)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply("one two three", cut_after=2), lm15.StreamAssemblyError),
        (Reply("one two three", unfinished=True), lm15.StreamAssemblyError),
        (Reply("one two three", error_after=2), lm15.ServerError),
        (Reply("one two three", pause=30), lm15.TimeoutError),
    ],
)
def test_a_stream_that_breaks(reply: Reply, error: type[Exception], ollama: Build, ollama_server: OllamaServer) -> None:
    """Half a reply never passes for a whole one."""
    ollama_server.script(reply)
    engines = ollama(ollama_server.url, timeout=0.2)
    for way in STREAMS:
        with pytest.raises(error):
            engines.ask(way, question(MODEL))


def test_a_stream_closed_early_closes_the_connection(ollama: Build, ollama_server: OllamaServer) -> None:
    """The server stops writing for nobody."""
    ollama_server.script(Reply("one two three", pause=30))
    stream = ollama(ollama_server.url).sync.stream(question(MODEL))
    assert said([next(stream), next(stream)]) == "one"
    stream.close()

    assert ollama_server.disconnected.wait(2)


@pytest.mark.parametrize("way", ["async complete", "async stream"])
def test_a_cancelled_task_closes_the_connection(way: str, ollama: Build, ollama_server: OllamaServer) -> None:
    """Ctrl-C in a chat cancels the task; the model must stop too."""
    ollama_server.script(Reply("one two three", delay=30 if way == "async complete" else 0, pause=30))
    ollama(ollama_server.url).cancel(way, question(MODEL), ollama_server)

    assert ollama_server.disconnected.wait(2)


def test_through_an_lm_of_dspy(ollama: Build, ollama_server: OllamaServer) -> None:
    """Waited for and awaited, in one event loop after another; the LM knows what the engine can do."""
    lm = ollama(ollama_server.url).lm(MODEL)

    assert lm(question(MODEL)).text == "Hello from the server."
    for _ in range(2):
        assert asyncio.run(lm.acall(question(MODEL))).text == "Hello from the server."
    assert lm.supports_response_schema
    assert "response_format" in lm.supported_params
    assert len(ollama_server.requests) == 3


def test_a_program_streams(ollama: Build, ollama_server: OllamaServer) -> None:
    """A listener of dspy hears the words as they come."""
    ollama_server.script(Reply("[[ ## answer ## ]]\nBlue as ever, my dear friend.\n\n[[ ## completed ## ]]"))
    listener = dspy.streaming.StreamListener("answer")
    program = dspy.streamify(dspy.Predict("question -> answer"), stream_listeners=[listener])

    async def listen() -> list[Any]:
        with dspy.context(lm=ollama(ollama_server.url).lm(MODEL)):
            return [chunk async for chunk in program(question="How is the sky?")]

    *chunks, prediction = asyncio.run(listen())
    assert prediction.answer == "Blue as ever, my dear friend."
    assert "".join(chunk.chunk for chunk in chunks).strip() == prediction.answer
    assert len(chunks) > 1


def test_dspys_errors(ollama: Build, ollama_server: OllamaServer) -> None:
    """What a caller of dspy sees; and dspy is told not to try again."""
    ollama_server.script(Failure(500, "boom"))
    with pytest.raises(dspy_errors.LMServerError):
        ollama(ollama_server.url).lm(MODEL)(question(MODEL))
    with pytest.raises(dspy_errors.LMUnsupportedModelError):
        ollama(ollama_server.url).lm("ollama/none")(question("ollama/none"))

    assert len(ollama_server.requests) == 2


@pytest.mark.parametrize(
    ("host", "url"),
    [
        (None, "http://127.0.0.1:11434"),
        ("", "http://127.0.0.1:11434"),
        (" h ", "http://h:11434"),
        (":1", "http://127.0.0.1:1"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:1", "http://127.0.0.1:1"),
        ("[::]:1", "http://[::1]:1"),
        ("[::1]:1", "http://[::1]:1"),
        ("http://h", "http://h:80"),
        ("http://h:1/", "http://h:1"),
        ("https://h/ollama/", "https://h:443/ollama"),
        ("HTTPS://Example.com", "https://example.com:443"),
    ],
)
def test_every_form_of_a_host(host: str | None, url: str) -> None:
    """The forms that Ollama's own programs take; an address to listen on becomes one to call."""
    assert server_url(host) == url


@pytest.mark.parametrize("host", ["http://h:port", "h:99999", "ftp://h", "two words", "::1", "http://[::1"])
def test_an_unusable_host(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Said at once and by name, not as a failed call later."""
    monkeypatch.setenv("OLLAMA_HOST", host)
    with pytest.raises(ConfigError) as raised:
        OllamaEngine(None, num_ctx=8192, keep_alive="10m", timeout=1)

    assert repr(host) in raised.value.message
    assert "OLLAMA_HOST" in raised.value.hint
    assert installed_models(None) is None


def test_the_environment_names_the_host(
    ollama: Build, ollama_server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engine and list of models follow OLLAMA_HOST, and no proxy stands before this machine."""
    monkeypatch.setenv("OLLAMA_HOST", ollama_server.host)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{silent_port()}")

    assert ollama().ask("complete", question(MODEL)).text == "Hello from the server."
    assert installed_models(None) == ("llama3.2:1b",)


def test_no_list_where_no_ollama_answers(together_server: OpenAIServer) -> None:
    """A closed port, and a server of another kind."""
    assert installed_models(f"127.0.0.1:{silent_port()}") is None
    assert installed_models(together_server.url) is None


def test_asking_what_is_installed_is_cheap(ollama_server: OllamaServer) -> None:
    """The first screen asks this: neither dspy nor a provider's client may be imported for it."""
    assert _modules_after(f"from brain.lms.ollama import *; installed_models({ollama_server.url!r})") == []


def test_a_whole_call_without_litellm(ollama_server: OllamaServer) -> None:
    """LiteLLM costs seconds and asks the network for prices."""
    call = f"""
from brain.lms.ollama import OllamaEngine
import brain.lms.together
engine = OllamaEngine({ollama_server.url!r}, num_ctx=8192, keep_alive="10m", timeout=5)
import dspy
print(dspy.LM({MODEL!r}, engine=engine, cache=False)("Hi"), file=sys.stderr)
engine.close()
"""
    assert _modules_after(call) == ["dspy", "httpx", "ollama"]


def _modules_after(code: str) -> list[str]:
    """Which of the costly modules a fresh interpreter holds after running `code`."""
    costly = ["dspy", "httpx", "litellm", "ollama", "openai", "together"]
    report = f"import sys\n{code}\nprint(*(name for name in {costly} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return done.stdout.split()
