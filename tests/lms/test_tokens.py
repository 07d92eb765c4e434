"""Tokens as the embedded model counts them, and the estimate for every other model."""

from __future__ import annotations

import copy
import time
from typing import cast

import pytest
from dspy import lm15
from lms.asking import silent_port

from brain.bundled import bundled_data
from brain.dataset import load_conversations
from brain.lms.embedded import EmbeddedEngine, EmbeddedModel, default_weights, embedded_model
from brain.lms.tokens import EmbeddedTokens, estimated_tokens
from brain.modules.window import A_TURN

CONTEXT = 2048


@pytest.fixture(scope="module")
def model() -> EmbeddedModel:
    loading = embedded_model(default_weights(), num_ctx=CONTEXT)
    loading.wait()
    return loading


@pytest.fixture(scope="module")
def count(model: EmbeddedModel) -> EmbeddedTokens:
    return EmbeddedTokens(model)


class Elsewhere:
    """A model that is loaded or not, and whose server is at this port."""

    def __init__(self, port: int = 0, *, is_loaded: bool) -> None:
        self.port, self.is_loaded, self.asked = port, is_loaded, 0

    def http(self) -> tuple[str, str]:
        self.asked += 1
        return f"http://127.0.0.1:{self.port}", "key"


def real_messages() -> list[str]:
    talks = load_conversations(bundled_data() / "conversations.json")
    texts = [text for talk in talks for text in (talk.chat_history.last_from_other, talk.output)]
    return list(dict.fromkeys(texts))[::5]


def test_a_prompt_is_counted_as_the_model_reads_it(model: EmbeddedModel, count: EmbeddedTokens) -> None:
    """Texts, and what the chat template writes around them: never fewer, and hardly more."""
    said = ["good morning! did you sleep?", "like a stone. the kiln is warm", "¿y mañana? 😂"]
    turns = [lm15.Message.user(said[0]), lm15.Message.assistant(said[1]), lm15.Message.user(said[2])]
    asked = lm15.Request(
        model="embedded/test",
        messages=tuple(turns),
        system="You are Nela. A potter by the sea.",
        config=lm15.Config(max_tokens=1),
    )
    read = EmbeddedEngine(model).complete(asked).usage.input_tokens
    counted = sum(count(text) + A_TURN for text in (*said, "You are Nela. A potter by the sea.", ""))

    assert read is not None
    assert read <= counted <= read + 10


def test_a_known_text_costs_nothing(count: EmbeddedTokens) -> None:
    """Every message of a talk is counted with every turn."""
    texts = [f"message number {number}" for number in range(100)]
    counted = [count(text) for text in texts]
    started = time.perf_counter()

    assert [count(text) for text in texts] == counted
    assert time.perf_counter() - started < 0.02


def test_the_estimate_is_rather_too_high(count: EmbeddedTokens) -> None:
    """Over real messages together, by a tenth or two; seldom much too low for one of them."""
    texts = real_messages()
    real, guessed = [count(text) for text in texts], [estimated_tokens(text) for text in texts]
    low = sum(guess < 0.75 * true for guess, true in zip(guessed, real, strict=True))

    assert 1.0 <= sum(guessed) / sum(real) <= 1.3
    assert low <= len(texts) * 0.02


@pytest.mark.parametrize(
    "text",
    [
        "こんにちは、元気ですか？今日は天気がいいですね",
        "你好，今天你想做什么",
        "😂😂👍🏽❤️🇮🇹",
        "Привет, как дела?",
        "مرحبا كيف حالك",
    ],
    ids=["Japanese", "Chinese", "emoji", "Russian", "Arabic"],
)
def test_other_alphabets_are_not_undercounted(count: EmbeddedTokens, text: str) -> None:
    """A model of English reads them nearly byte by byte."""
    assert estimated_tokens(text) >= 0.95 * count(text)


@pytest.mark.parametrize("text", ["", "half a pair \ud83d", "\x00", "x" * 20_000])
def test_any_text_can_be_counted(count: EmbeddedTokens, text: str) -> None:
    """Whatever a store may hold."""
    assert count(text) >= 0
    assert estimated_tokens(text) >= 0


def test_nobody_waits_for_a_model_that_loads() -> None:
    """The estimate stands in; nothing is asked of the model."""
    loading = Elsewhere(is_loaded=False)

    assert EmbeddedTokens(cast("EmbeddedModel", loading))("good morning") == estimated_tokens("good morning")
    assert loading.asked == 0


def test_a_server_that_does_not_answer_costs_no_turn() -> None:
    """It is asked again next time: the estimate is not remembered in its place."""
    gone = Elsewhere(silent_port(), is_loaded=True)
    count = EmbeddedTokens(cast("EmbeddedModel", gone))

    assert [count("good morning"), count("good morning")] == [estimated_tokens("good morning")] * 2
    assert gone.asked == 2


def test_a_copied_program_counts_with_the_same_model(count: EmbeddedTokens) -> None:
    """A model cannot be copied, and its counts need not be."""
    assert copy.deepcopy(count) is count
