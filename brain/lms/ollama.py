"""Engines over an Ollama server, through its own client; which models it has, through the standard library.

One attempt a call: dspy owns the retries. `timeout` is the longest silence in seconds; connecting may take 5.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import urllib.request
from contextlib import aclosing, closing
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from brain.errors import ConfigError
from brain.lms.chat_body import SUPPORTED_PARAMS, chat_body
from brain.lms.http_failures import (
    CONNECT_SECONDS,
    network_error,
    refuse_unsupported,
    status_error,
    translated,
)
from brain.lms.reply_events import Piece, ReplyEvents, whole_reply

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator

    from dspy import lm15
    from ollama import ChatResponse

    from brain.lms.reply_events import StreamEvent

DEFAULT_PORTS = {"": 11434, "http": 80, "https": 443}
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # what a server listens on; nobody can be called there
_HOST_NAME = re.compile(r"[\w.:%-]+")
_THINKING_LEVELS = ("low", "medium", "high")


def server_url(host: str | None) -> str:
    """The server's address, from any form its own client reads; None means `OLLAMA_HOST`, or this machine.

    Raises ConfigError for what cannot be an address.
    """
    given = (host or os.environ.get("OLLAMA_HOST") or "").strip()
    scheme, separator, rest = given.partition("://")
    if not separator:
        scheme, rest = "", given
    try:
        parts = urlsplit(f"//{rest}")
        name, port = parts.hostname or "127.0.0.1", parts.port or DEFAULT_PORTS[scheme.lower()]
    except (ValueError, KeyError) as exc:
        raise _no_address(given) from exc
    if not _HOST_NAME.fullmatch(name):
        raise _no_address(given)
    name = _ANY_ADDRESS.get(name, name)
    path = parts.path.strip("/")
    return f"{scheme.lower() or 'http'}://{f'[{name}]' if ':' in name else name}:{port}{path and '/' + path}"


def _no_address(given: str) -> ConfigError:
    return ConfigError(
        f"{given!r} cannot be the address of an Ollama server.",
        hint="Set OLLAMA_HOST to a host and port, such as 127.0.0.1:11434.",
    )


def installed_models(host: str | None, *, timeout: float = 0.3) -> tuple[str, ...] | None:
    """Names of the models on the server; None when no Ollama answers there."""
    digests = installed_digests(host, timeout=timeout)
    return None if digests is None else tuple(digests)


def installed_digests(host: str | None, *, timeout: float = 0.3) -> dict[str, str] | None:
    """The digest of each model on the server by its name, empty where it tells none; None when no Ollama answers."""
    try:
        url = server_url(host)
        proxies = () if _through_proxy(url) else (urllib.request.ProxyHandler({}),)
        with urllib.request.build_opener(*proxies).open(f"{url}/api/tags", timeout=timeout) as answer:
            return {str(model["name"]): str(model.get("digest", "")) for model in json.load(answer)["models"]}
    except (ConfigError, OSError, HTTPException, ValueError, KeyError, TypeError, AttributeError):
        return None


def _through_proxy(url: str) -> bool:
    """A proxy never stands between us and our own machine, whatever `HTTP_PROXY` says."""
    name = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name != "localhost"


class OllamaEngine:
    """DSPy engine over an Ollama server; safe from several threads. Errors are dspy.lm15's."""

    supports_response_schema = True
    supported_params = SUPPORTED_PARAMS

    def __init__(self, host: str | None, *, num_ctx: int, keep_alive: str, timeout: float) -> None:
        """Raises ConfigError when `host`, or else `OLLAMA_HOST`, cannot be an address."""
        import ollama

        self._num_ctx, self._keep_alive = num_ctx, keep_alive
        self._client = ollama.Client(**_connection(host, timeout))

    def complete(self, request: lm15.Request) -> lm15.Response:
        """The whole reply at once."""
        with translated(_translate):
            body = _body(request, self._num_ctx, self._keep_alive)
            return whole_reply(request, _piece(self._client.chat(**body, stream=False)))

    def stream(self, request: lm15.Request) -> Iterator[StreamEvent]:
        """The reply as it is written; closing the iterator closes the connection."""
        events = ReplyEvents(request.model)
        with translated(_translate, events):
            body = _body(request, self._num_ctx, self._keep_alive)
            reply = cast("Generator[ChatResponse, None, None]", self._client.chat(**body, stream=True))
            with closing(reply) as chunks:
                for chunk in chunks:
                    yield from events.read(_piece(chunk))
            yield from events.end()

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


class AsyncOllamaEngine:
    """OllamaEngine, awaited; cancelling the task closes the connection."""

    supports_response_schema = True
    supported_params = SUPPORTED_PARAMS

    def __init__(self, host: str | None, *, num_ctx: int, keep_alive: str, timeout: float) -> None:
        """Raises ConfigError when `host`, or else `OLLAMA_HOST`, cannot be an address."""
        import httpx
        import ollama

        # An idle connection would belong to one event loop and break the next loop that picks it up.
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        self._num_ctx, self._keep_alive = num_ctx, keep_alive
        self._client = ollama.AsyncClient(**_connection(host, timeout), limits=limits)

    async def complete(self, request: lm15.Request) -> lm15.Response:
        """The whole reply at once."""
        with translated(_translate):
            body = _body(request, self._num_ctx, self._keep_alive)
            return whole_reply(request, _piece(await self._client.chat(**body, stream=False)))

    async def stream(self, request: lm15.Request) -> AsyncIterator[StreamEvent]:
        """The reply as it is written; closing the iterator closes the connection."""
        events = ReplyEvents(request.model)
        with translated(_translate, events):
            body = _body(request, self._num_ctx, self._keep_alive)
            reply = cast("AsyncGenerator[ChatResponse, None]", await self._client.chat(**body, stream=True))
            async with aclosing(reply) as chunks:
                async for chunk in chunks:
                    for event in events.read(_piece(chunk)):
                        yield event
            for event in events.end():
                yield event

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()


def _connection(host: str | None, timeout: float) -> dict[str, Any]:
    url = server_url(host)
    connect = min(timeout, CONNECT_SECONDS)
    return {"host": url, "timeout": (connect, timeout, timeout, timeout), "trust_env": _through_proxy(url)}


def _body(request: lm15.Request, num_ctx: int, keep_alive: str) -> dict[str, Any]:
    """`/api/chat` as its client takes it; `extensions` are the server's own options, such as `min_p`."""
    refuse_unsupported(request)
    options = chat_body(request)
    messages, shape = options.pop("messages"), options.pop("response_format", None)
    if "max_tokens" in options:
        options["num_predict"] = options.pop("max_tokens")
    body = {
        "model": request.model.removeprefix("ollama/"),
        "messages": messages,
        "options": {"num_ctx": num_ctx} | options | (request.config.extensions or {}),
        "keep_alive": keep_alive,
    }
    if shape is not None:
        body["format"] = shape.get("json_schema", {}).get("schema", "json")
    if (reasoning := request.config.reasoning) is not None:
        effort = reasoning.effort
        body["think"] = effort if effort in _THINKING_LEVELS else effort != "off"
    return body


def _piece(chunk: ChatResponse) -> Piece:
    return Piece(
        text=chunk.message.content or "",
        thinking=chunk.message.thinking or "",
        finish=(chunk.done_reason or "stop") if chunk.done else None,
        model=chunk.model,
        input_tokens=chunk.prompt_eval_count,
        output_tokens=chunk.eval_count,
    )


def _translate(error: Exception, begun: bool) -> lm15.LM15Error | None:
    import ollama
    from dspy import lm15

    if not isinstance(error, ollama.ResponseError):
        return network_error(error, begun, provider="ollama")
    message = str(error.error)
    if error.status_code < 0:  # a line of a reply that had begun well
        return lm15.ServerError(message, provider="ollama")
    # The client keeps only text and status of an answer; its headers are still on the error it stands for.
    response = getattr(error.__context__, "response", None)
    headers = {} if response is None else response.headers
    return status_error(error.status_code, message, headers, provider="ollama")
