"""The real embedded model, in this process: one model for all of these tests, one generation at a time."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import dspy
import pytest
from dspy import lm15
from lms.asking import WAYS, Engines

from brain.errors import NotFoundError, UnavailableError
from brain.lms.embedded import (
    AsyncEmbeddedEngine,
    EmbeddedEngine,
    EmbeddedModel,
    default_weights,
    embedded_model,
)
from brain.lms.together import TogetherEngine

if TYPE_CHECKING:
    from pathlib import Path

CONTEXT = 2048
LONG = "Once upon a time there was a potter by the sea. " * 60


@pytest.fixture(scope="module")
def model() -> EmbeddedModel:
    return embedded_model(default_weights(), num_ctx=CONTEXT)


@pytest.fixture(scope="module")
def engines(model: EmbeddedModel) -> Engines:
    return Engines(EmbeddedEngine(model), AsyncEmbeddedEngine(model))


def request(text: str, **config: object) -> lm15.Request:
    settings = {"max_tokens": 12, "temperature": 0.0, **config}
    return lm15.Request(model="embedded/test", messages=(lm15.Message.user(text),), config=lm15.Config(**settings))


@pytest.mark.parametrize("way", WAYS)
def test_it_answers_in_every_way(engines: Engines, way: str) -> None:
    """A real reply, with the engine's own token counts."""
    response = engines.ask(way, request("Say hello."))

    assert response.message.text.strip()
    assert response.finish_reason in {"stop", "length"}
    assert response.usage.input_tokens > 3
    assert 0 < response.usage.output_tokens <= 12


def test_the_same_file_is_loaded_once(model: EmbeddedModel) -> None:
    """Every engine of the process shares one model."""
    assert embedded_model(default_weights(), num_ctx=CONTEXT) is model


def test_a_repeated_prompt_comes_from_the_cache(engines: Engines) -> None:
    """The second reading of a prompt costs next to nothing."""
    engines.sync.complete(request(LONG))

    again = engines.sync.complete(request(LONG)).usage

    assert again.cache_read_tokens > 0.9 * again.input_tokens


def test_a_schema_is_enforced(engines: Engines) -> None:
    """A small model holds to a JSON schema, because the engine lets it write nothing else."""
    schema = {
        "type": "object",
        "properties": {"mood": {"enum": ["calm", "wild"]}},
        "required": ["mood"],
        "additionalProperties": False,
    }
    asked = request("How is the sea?", max_tokens=40, response_format={"type": "json_schema", "schema": schema})

    (answer,) = engines.sync.complete(asked).message.parts

    assert answer.value["mood"] in {"calm", "wild"}


def test_a_prompt_beyond_the_context_is_an_error_of_its_own(engines: Engines) -> None:
    """Too long is told apart from broken."""
    with pytest.raises(lm15.ContextLengthError, match="2048"):
        engines.sync.complete(request("word " * 3000))


def test_closing_the_stream_stops_the_model(engines: Engines, model: EmbeddedModel) -> None:
    """Nobody waits for words that nobody reads."""
    events = engines.sync.stream(request("Tell me a very long story.", max_tokens=1500))
    while next(events).type != "delta":
        pass

    started = time.perf_counter()
    events.close()
    with model.generating:
        waited = time.perf_counter() - started

    assert waited < 2.0, "1,500 tokens would take over ten seconds"


@pytest.mark.parametrize("moment", ["while it reads the prompt", "while it writes"])
def test_cancelling_stops_the_model(engines: Engines, model: EmbeddedModel, moment: str) -> None:
    """Ctrl-C is felt at once, and the next reply need not wait for the last."""
    asked = request(f"{moment}: {LONG}" if "reads" in moment else "Count to 500.", max_tokens=1500)

    async def cancelled() -> float:
        task = asyncio.ensure_future(engines.awaited.complete(asked))
        while not model.generating.locked():
            await asyncio.sleep(0.01)
        started = time.perf_counter()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.perf_counter() - started

    assert asyncio.run(cancelled()) < 0.2
    with model.generating:
        pass
    assert engines.sync.complete(request("Say hello.")).message.text


def test_several_threads_may_ask_at_once(engines: Engines) -> None:
    """They take turns, and everyone gets the answer to their own question."""
    replies: dict[int, lm15.Response] = {}

    def ask(number: int) -> None:
        replies[number] = engines.sync.complete(request(f"Say the number {number}.", max_tokens=6))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(replies) == [0, 1, 2, 3]
    assert all(reply.usage.output_tokens for reply in replies.values())


def test_who_waits_for_a_turn_can_be_cancelled(engines: Engines, model: EmbeddedModel) -> None:
    """A question that was taken back while another was answered is never asked."""

    async def cancelled() -> None:
        task = asyncio.ensure_future(engines.awaited.complete(request("Say hello.")))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with model.generating:
        asyncio.run(cancelled())

    assert engines.sync.complete(request("Say hello.")).message.text


def test_dspy_talks_to_it_without_litellm(engines: Engines) -> None:
    """A plain dspy.LM over both engines."""
    lm = dspy.LM(
        "embedded/test",
        engine=engines.sync,
        async_engine=engines.awaited,
        cache=False,
        num_retries=0,
        max_tokens=8,
    )

    assert lm("Say hello.")[0].strip()
    assert asyncio.run(lm.acall("Say hello."))[0].strip()


def test_the_together_client_talks_to_the_same_model_over_http(model: EmbeddedModel) -> None:
    """A real client and a real model, end to end: llama.cpp serves OpenAI's format on this machine."""
    url, key = model.http()
    engine = TogetherEngine(key, base_url=url, timeout=30.0)
    asked = lm15.Request(
        model="together/local", messages=(lm15.Message.user("Say hello."),), config=lm15.Config(max_tokens=8)
    )

    whole = engine.complete(asked)
    streamed = lm15.materialize_response(engine.stream(asked), asked)
    engine.close()

    assert whole.message.text.strip()
    assert streamed.message.text.strip()
    assert whole.usage.output_tokens > 0


def test_nobody_else_may_use_that_server(model: EmbeddedModel) -> None:
    """It listens on this machine only, and wants a key that only this process knows."""
    url, _ = model.http()
    engine = TogetherEngine("not-the-key", base_url=url, timeout=30.0)

    with pytest.raises(lm15.AuthError):
        engine.complete(request("Say hello."))
    engine.close()
    assert url.startswith("http://127.0.0.1:")


def test_a_missing_file_is_said_at_once(tmp_path: Path) -> None:
    """Before any conversation begins."""
    with pytest.raises(NotFoundError, match=r"no-model\.gguf"):
        EmbeddedModel(tmp_path / "no-model.gguf", num_ctx=512)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    """llama.cpp never sees it."""
    file = tmp_path / "cat.gguf"
    file.write_text("a picture of a cat")

    with pytest.raises(UnavailableError, match="not a GGUF"):
        EmbeddedModel(file, num_ctx=512)


def test_a_model_cut_in_half_is_refused_when_it_is_waited_for(tmp_path: Path) -> None:
    """A download that broke off does not end the process."""
    file = tmp_path / "half.gguf"
    with default_weights().open("rb") as whole:
        file.write_bytes(whole.read(1_000_000))

    broken = EmbeddedModel(file, num_ctx=512)

    with pytest.raises(UnavailableError, match="cannot load"):
        broken.wait()
