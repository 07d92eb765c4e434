"""A DSPy request as the body of OpenAI's chat-completions format, which llama.cpp and Together speak too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dspy import lm15
    from dspy._vendor.lm15.types import FinishReason

_SAMPLING = ("max_tokens", "temperature", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty")
_FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "length": "length",
    "content_filter": "content_filter",
    "error": "error",
}
# What an engine that sends this body may be asked for by name: dspy's capability planning reads it.
SUPPORTED_PARAMS = frozenset({*_SAMPLING, "stop", "response_format", "stream"})


def chat_messages(request: lm15.Request) -> list[dict[str, str]]:
    """System, user and assistant turns as plain texts."""
    system = request.system
    if system is not None and not isinstance(system, str):
        system = "".join(part.text for part in system)
    turns = [{"role": "system", "content": system}] if system else []
    return [*turns, *({"role": message.role, "content": message.text or ""} for message in request.messages)]


def chat_body(request: lm15.Request) -> dict[str, Any]:
    """Messages and every sampling setting that was given; `model` and `stream` are the caller's to add."""
    config = request.config
    body: dict[str, Any] = {"messages": chat_messages(request)}
    body |= {name: value for name in _SAMPLING if (value := getattr(config, name)) is not None}
    if config.stop:
        body["stop"] = list(config.stop)
    if config.response_format is not None:
        body["response_format"] = _response_format(config.response_format)
    return body


def finish_reason(wire: str | None) -> FinishReason:
    """The provider's finish reason in DSPy's words."""
    return _FINISH.get(wire or "stop", "stop")


def _response_format(asked: dict[str, Any]) -> dict[str, Any]:
    """DSPy carries a schema flat; on the wire it lies under `json_schema`, with a name."""
    if asked["type"] != "json_schema" or "json_schema" in asked:
        return asked
    named = {"name": "reply", **{key: value for key, value in asked.items() if key != "type"}}
    return {"type": "json_schema", "json_schema": named}
