"""Engines over Together's API, through its own client.

One attempt a call: dspy owns the retries. `timeout` is the longest silence in seconds; connecting may take 5.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from brain.errors import ConfigError, KeyRefusedError
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
    from collections.abc import AsyncIterator, Iterator

    from dspy import lm15
    from together.types.chat import ChatCompletion, ChatCompletionChunk

    from brain.lms.reply_events import StreamEvent

KEY_NAME = "TOGETHER_API_KEY"
_Client = TypeVar("_Client")


class TogetherEngine:
    """DSPy engine over Together; safe from several threads. Errors are dspy.lm15's.

    Without a key, here or in `TOGETHER_API_KEY`, every call raises NotConfiguredError.
    """

    supports_response_schema = True
    supported_params = SUPPORTED_PARAMS

    def __init__(self, api_key: str | None, *, base_url: str | None = None, timeout: float) -> None:
        """Raises ConfigError for an address, KeyRefusedError for a key that cannot be one."""
        from together import Together

        connection = _connection(api_key, base_url, timeout)
        self._client = Together(**connection) if connection["api_key"] else None

    def complete(self, request: lm15.Request) -> lm15.Response:
        """The whole reply at once."""
        body = _body(request)
        with translated(_translate):
            return whole_reply(request, _piece(_ready(self._client).chat.completions.create(**body)))

    def stream(self, request: lm15.Request) -> Iterator[StreamEvent]:
        """The reply as it is written; closing the iterator closes the connection."""
        body, events = _body(request), ReplyEvents(request.model)
        with translated(_translate, events):
            with _ready(self._client).chat.completions.create(**body, stream=True) as chunks:
                for chunk in chunks:
                    yield from events.read(_piece(chunk))
            yield from events.end()

    def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            self._client.close()


class AsyncTogetherEngine:
    """TogetherEngine, awaited; cancelling the task closes the connection."""

    supports_response_schema = True
    supported_params = SUPPORTED_PARAMS

    def __init__(self, api_key: str | None, *, base_url: str | None = None, timeout: float) -> None:
        """Raises ConfigError for an address, KeyRefusedError for a key that cannot be one."""
        import httpx
        from together import AsyncTogether, DefaultAsyncHttpxClient

        connection = _connection(api_key, base_url, timeout)
        # An idle connection would belong to one event loop and break the next loop that picks it up.
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        self._client = (
            AsyncTogether(**connection, http_client=DefaultAsyncHttpxClient(limits=limits))
            if connection["api_key"]
            else None
        )

    async def complete(self, request: lm15.Request) -> lm15.Response:
        """The whole reply at once."""
        body = _body(request)
        with translated(_translate):
            return whole_reply(request, _piece(await _ready(self._client).chat.completions.create(**body)))

    async def stream(self, request: lm15.Request) -> AsyncIterator[StreamEvent]:
        """The reply as it is written; closing the iterator closes the connection."""
        body, events = _body(request), ReplyEvents(request.model)
        with translated(_translate, events):
            async with await _ready(self._client).chat.completions.create(**body, stream=True) as chunks:
                async for chunk in chunks:
                    for event in events.read(_piece(chunk)):
                        yield event
            for event in events.end():
                yield event

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.close()


def _connection(api_key: str | None, base_url: str | None, timeout: float) -> dict[str, Any]:
    import httpx

    base = base_url or os.environ.get("TOGETHER_BASE_URL") or "https://api.together.ai"
    parts = urlsplit(base)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{base!r} cannot be the address of an API.", hint="Write it as https://host/v1.")
    key = (api_key or os.environ.get(KEY_NAME) or "").strip()
    if not re.fullmatch("[!-~]*", key):  # the HTTP client would quote it in its own error
        raise KeyRefusedError("The key for Together has a character that no key has.", hint="Copy it again.")
    return {
        "api_key": key,
        "base_url": base.rstrip("/").removesuffix("/v1"),  # the client adds /v1 itself
        "timeout": httpx.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
        "max_retries": 0,
    }


def _ready(client: _Client | None) -> _Client:
    if client is None:
        from dspy import lm15

        raise lm15.NotConfiguredError("No key for Together.", provider="together", env_keys=(KEY_NAME,))
    return client


def _body(request: lm15.Request) -> dict[str, Any]:
    """The body as Together's client takes it; `extensions` are the API's own fields, such as `min_p`."""
    refuse_unsupported(request)
    config = request.config
    body = chat_body(request) | {"model": request.model.removeprefix("together/")}
    if config.extensions:
        body["extra_body"] = config.extensions
    if config.reasoning is not None and config.reasoning.is_off:
        body["reasoning"] = {"enabled": False}
    elif config.reasoning is not None:
        body["reasoning_effort"] = config.reasoning.effort
    return body


def _piece(chunk: ChatCompletion | ChatCompletionChunk) -> Piece:
    """One chunk, or a whole reply. The client checks no field, so each may be missing."""
    choice = next(iter(getattr(chunk, "choices", None) or ()), None)
    usage = getattr(chunk, "usage", None)
    if choice is None and usage is None:
        from dspy import lm15

        raise lm15.ProviderError("The server's answer is not a chat reply.", provider="together")
    said = getattr(choice, "message", None) or getattr(choice, "delta", None)
    details = getattr(usage, "prompt_tokens_details", None) or {}
    return Piece(
        text=getattr(said, "content", None) or "",
        thinking=getattr(said, "reasoning", None) or getattr(said, "reasoning_content", None) or "",
        finish=getattr(choice, "finish_reason", None),
        id=getattr(chunk, "id", None),
        model=getattr(chunk, "model", None),
        input_tokens=getattr(usage, "prompt_tokens", None),
        output_tokens=getattr(usage, "completion_tokens", None),
        cached_tokens=getattr(usage, "cached_tokens", None) or details.get("cached_tokens"),
    )


def _translate(error: Exception, begun: bool) -> lm15.LM15Error | None:
    import together
    from dspy import lm15

    if isinstance(error, together.APIStatusError):
        message, code = _said(error.body, error.message)
        headers = error.response.headers
        return status_error(error.status_code, message, headers, provider="together", code=code)
    if isinstance(error, together.APIConnectionError):
        return network_error(error.__cause__, begun, provider="together")
    if isinstance(error, together.APIError):  # an event of a reply that had begun well
        return lm15.ServerError(_said(error.body, error.message)[0], provider="together")
    return network_error(error, begun, provider="together")


def _said(body: object, fallback: str) -> tuple[str, str | None]:
    """Message and code of `{"error": {"message": …, "code": …}}`, also without its wrapper."""
    said = body.get("error", body) if isinstance(body, dict) else None
    if not isinstance(said, dict):
        return (said if isinstance(said, str) else fallback), None
    code = said.get("code")
    return str(said.get("message") or fallback), str(code) if code else None
