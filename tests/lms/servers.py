"""Servers on this machine that speak Ollama's and OpenAI's wire formats.

    with OllamaServer(models=["llama3.2:1b"]) as server:
        server.script(Reply("Hello you"), Failure(500, "boom"))

Each request takes the next answer; the last one goes on for all that follow. An answer may also be a function
from the request to an answer. Whether a Reply is streamed is the request's choice, as on the real servers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lms.scripted import Answer, Call, ChatServer, Failure, Json, Raw, Received, Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Failure", "OllamaServer", "OpenAIServer", "Raw", "Received", "Reply"]


class OllamaServer(ChatServer):
    """`/api/chat`, `/api/tags` and `/api/version`; a model that is not in `models` is not found."""

    def __init__(self, models: Sequence[str] = ("llama3.2:1b",)) -> None:
        self.models = tuple(models)
        super().__init__()

    def answer(self, call: Call) -> None:
        known = {
            "/api/tags": {"models": [{"name": name, "model": name} for name in self.models]},
            "/api/version": {"version": "0.33.0"},
        }
        path, body = call.received.path, call.received.body
        if path in known:
            call.send(known[path])
        elif path != "/api/chat":
            call.send(Raw(b"404 page not found", "text/plain", 404))
        elif body["model"] not in self.models and f"{body['model']}:latest" not in self.models:
            call.send({"error": f"model '{body['model']}' not found"}, status=404)
        else:
            self._chat(call, self.next_answer(call.received))

    def _chat(self, call: Call, answer: Answer) -> None:
        if isinstance(answer, Failure):
            call.send({"error": answer.message}, status=answer.status, headers=answer.headers)
        elif isinstance(answer, Raw):
            call.send(answer)
        elif call.received.body.get("stream", True):
            call.wait(answer)
            lines = (json.dumps(line).encode() + b"\n" for line in self._lines(call, answer))
            call.stream("application/x-ndjson", answer, lines)
        else:
            call.wait(answer)
            call.send(self._line(call, answer.text, answer.thinking) | self._last(answer))

    def _lines(self, call: Call, reply: Reply) -> Iterator[Json]:
        if reply.thinking:
            yield self._line(call, "", reply.thinking)
        for number, word in enumerate(reply.words):
            if number == reply.cut_after:
                return
            if number == reply.error_after:
                yield {"error": reply.error}
                return
            yield self._line(call, word)
        if not reply.unfinished:
            yield self._line(call, "") | self._last(reply)

    def _line(self, call: Call, content: str, thinking: str = "") -> Json:
        message = {"role": "assistant", "content": content} | ({"thinking": thinking} if thinking else {})
        name = call.received.body["model"]
        return {"model": name, "created_at": "2026-11-21T10:00:00Z", "message": message, "done": False}

    def _last(self, reply: Reply) -> Json:
        counts = {"prompt_eval_count": 12, "eval_count": len(reply.words), "total_duration": 1_000_000}
        return {"done": True, "done_reason": reply.finish, **counts}


class OpenAIServer(ChatServer):
    """`/v1/chat/completions` and `/v1/models`, as Together has them; `key` is the one it accepts."""

    def __init__(self, models: Sequence[str] = ("meta/llama",), *, key: str | None = None) -> None:
        self.models, self.key = tuple(models), key
        super().__init__()

    def answer(self, call: Call) -> None:
        path, body = call.received.path, call.received.body
        if self.key is not None and call.received.headers.get("authorization") != f"Bearer {self.key}":
            self._fail(call, Failure(401, "Invalid API key provided", code="invalid_api_key"))
        elif path == "/v1/models":
            call.send({"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]})
        elif path != "/v1/chat/completions":
            call.send(Raw(b"Not Found", "text/plain", 404))
        elif body["model"] not in self.models:
            said = f"Unable to access model {body['model']}."
            self._fail(call, Failure(404, said, code="model_not_available"))
        else:
            self._chat(call, self.next_answer(call.received))

    def _fail(self, call: Call, failure: Failure) -> None:
        said = {
            "message": failure.message,
            "type": "invalid_request_error",
            "param": None,
            "code": failure.code,
        }
        call.send({"error": said}, status=failure.status, headers=failure.headers)

    def _chat(self, call: Call, answer: Answer) -> None:
        if isinstance(answer, Failure):
            self._fail(call, answer)
        elif isinstance(answer, Raw):
            call.send(answer)
        elif call.received.body.get("stream", False):
            call.wait(answer)
            events = (f"data: {event}\n\n".encode() for event in self._events(call, answer))
            call.stream("text/event-stream", answer, events)
        else:
            call.wait(answer)
            message = {"role": "assistant", "content": answer.text, "reasoning": answer.thinking or None}
            choice = {"index": 0, "message": message, "finish_reason": answer.finish}
            call.send(self._envelope(call, "chat.completion", choice) | {"usage": self._usage(answer)})

    def _events(self, call: Call, reply: Reply) -> Iterator[str]:
        deltas: list[Json] = [{"content": "", "reasoning": reply.thinking}] if reply.thinking else []
        for delta in deltas:
            yield self._chunk(call, delta)
        for number, word in enumerate(reply.words):
            if number == reply.cut_after:
                return
            if number == reply.error_after:
                yield json.dumps({"error": {"message": reply.error, "type": "server_error"}})
                return
            yield self._chunk(call, {"content": word})
        if not reply.unfinished:
            yield self._chunk(call, {"content": ""}, finish=reply.finish, usage=self._usage(reply))
            yield "[DONE]"

    def _chunk(self, call: Call, delta: Json, *, finish: str | None = None, usage: Json | None = None) -> str:
        choice = {"index": 0, "delta": {"role": "assistant"} | delta, "finish_reason": finish}
        return json.dumps(self._envelope(call, "chat.completion.chunk", choice) | {"usage": usage})

    def _envelope(self, call: Call, kind: str, choice: Json) -> Json:
        model = call.received.body["model"]
        return {
            "id": "reply-1",
            "object": kind,
            "created": 1_790_000_000,
            "model": model,
            "choices": [choice],
        }

    def _usage(self, reply: Reply) -> Json:
        said = len(reply.words)
        counts = {"prompt_tokens": 12, "completion_tokens": said, "total_tokens": 12 + said}
        return counts | {"prompt_tokens_details": {"cached_tokens": 8}}
