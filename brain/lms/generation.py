"""One generation of the embedded model: a thread of its own, and its chunks as DSPy's stream events."""

from __future__ import annotations

import atexit
import contextlib
import json
import threading
from typing import TYPE_CHECKING, Any, ClassVar

from dspy import lm15

from brain.lms.chat_body import finish_reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dspy._vendor.lm15.types import StreamEvent

    from brain.lms.embedded import EmbeddedModel

Chunk = dict[str, Any]


class Generation:
    """One generation in a thread of its own; its chunks come out of `chunks`, then None."""

    _running: ClassVar[set[Generation]] = set()

    def __init__(
        self, model: EmbeddedModel, body: dict[str, Any], put: Callable[[Chunk | Exception | None], object]
    ) -> None:
        self.stopped = threading.Event()
        self._model, self._body, self._put = model, body, put
        self._thread = threading.Thread(target=self._run, name="embedded-generate", daemon=True)
        atexit.unregister(Generation.stop_all)
        atexit.register(Generation.stop_all)
        self._running.add(self)
        self._thread.start()

    def stop(self) -> None:
        self.stopped.set()

    def join(self) -> None:
        self._thread.join()

    def _run(self) -> None:
        try:
            server = self._model.wait()
            while not self._model.generating.acquire(timeout=0.02):
                if self.stopped.is_set():
                    return
            try:
                if not self.stopped.is_set():
                    server.handle_chat_completions(self._body, self._receive)
            finally:
                self._model.generating.release()
        except Exception as exc:
            self._deliver(exc)
        finally:
            self._deliver(None)
            self._running.discard(self)

    def _receive(self, chunk: Any) -> bool:
        self._deliver(chunk if isinstance(chunk, dict) else json.loads(chunk))
        return self.stopped.is_set()

    def _deliver(self, item: Chunk | Exception | None) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop that wanted it has closed
            self._put(item)

    @classmethod
    def stop_all(cls) -> None:
        """At exit: a thread still inside llama.cpp would outlive the interpreter it calls back into."""
        running = tuple(cls._running)
        for generation in running:
            generation.stop()
        for generation in running:
            generation.join()


class Reading:
    """Chunks of llama.cpp to DSPy's stream events; one a generation."""

    def __init__(self) -> None:
        self._finish: str | None = None

    def events(self, chunk: Chunk | Exception) -> Iterator[StreamEvent]:
        if isinstance(chunk, Exception):
            raise chunk
        if "error" in chunk:
            raise _translated(chunk["error"])
        for choice in chunk.get("choices", ()):
            self._finish = choice.get("finish_reason") or self._finish
            if text := choice.get("delta", {}).get("content"):
                yield lm15.StreamDeltaEvent(lm15.TextDelta(text))
        if "usage" in chunk:
            yield lm15.StreamEndEvent(finish_reason=finish_reason(self._finish), usage=_usage(chunk["usage"]))


def _usage(usage: dict[str, Any]) -> lm15.Usage:
    return lm15.Usage(
        input_tokens=usage["prompt_tokens"],
        output_tokens=usage["completion_tokens"],
        cache_read_tokens=(usage.get("prompt_tokens_details") or {}).get("cached_tokens"),
    )


def _translated(error: dict[str, Any]) -> lm15.LM15Error:
    message, status = str(error.get("message", "")), error.get("code")
    if error.get("type") == "exceed_context_size_error":
        return lm15.ContextLengthError(message, provider="embedded")
    if isinstance(status, int) and 400 <= status < 500:
        return lm15.InvalidRequestError(message, provider="embedded", status=status)
    return lm15.ServerError(message, provider="embedded")
