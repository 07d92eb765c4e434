"""Servers that are always shut down, engines that are always closed, nothing from the developer's shell."""

from __future__ import annotations

import os

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # dspy must never fetch a price list

from typing import TYPE_CHECKING

import pytest
from lms.asking import Engines
from lms.servers import OllamaServer, OpenAIServer

from brain.lms.ollama import AsyncOllamaEngine, OllamaEngine
from brain.lms.together import AsyncTogetherEngine, TogetherEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "TOGETHER_API_KEY", "TOGETHER_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ollama_server() -> Iterator[OllamaServer]:
    with OllamaServer() as server:
        yield server


@pytest.fixture
def together_server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def ollama() -> Iterator[Callable[..., Engines]]:
    """Builds both Ollama engines for a host."""
    built = []

    def build(host: str | None = None, *, timeout: float = 5.0) -> Engines:
        settings = {"num_ctx": 8192, "keep_alive": "10m", "timeout": timeout}
        built.append(Engines(OllamaEngine(host, **settings), AsyncOllamaEngine(host, **settings)))
        return built[-1]

    yield build
    for engines in built:
        engines.close()


@pytest.fixture
def together() -> Iterator[Callable[..., Engines]]:
    """Builds both Together engines for an address."""
    built = []

    def build(base_url: str | None, *, key: str | None = "test-key", timeout: float = 5.0) -> Engines:
        settings = {"base_url": base_url, "timeout": timeout}
        built.append(Engines(TogetherEngine(key, **settings), AsyncTogetherEngine(key, **settings)))
        return built[-1]

    yield build
    for engines in built:
        engines.close()
