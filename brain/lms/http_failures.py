"""What goes wrong on the way to a server, as dspy.lm15's errors.

dspy and httpx are imported inside the functions: whoever only asks for installed models pays for neither.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from time import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dspy import lm15

    from brain.lms.reply_events import ReplyEvents

CONNECT_SECONDS = 5.0
_REFUSED = ("tool_choice", "logprobs", "service_tier", "user_id", "store")
_OVERFLOW = re.compile(r"context.{0,3}(length|window|size|limit)|inputs` tokens", re.IGNORECASE)
_TIMEOUT_STATUSES = frozenset({408, 504, 524})


def refuse_unsupported(request: lm15.Request) -> None:
    """What a chat of plain texts cannot carry is refused, never dropped in silence."""
    from dspy import lm15

    config = request.config
    asked = [f"config.{name}" for name in _REFUSED if getattr(config, name) is not None]
    asked += ["config.probabilities"] if config.probabilities == "required" else []
    asked += ["tools"] if request.tools else []
    asked += [
        f"messages[{number}]"
        for number, message in enumerate(request.messages)
        if message.role not in ("user", "assistant") or message.text is None
    ]
    if asked:
        raise lm15.UnsupportedFeatureError(f"{asked[0]} cannot be sent by this engine", feature=asked[0])


@contextmanager
def translated(
    translate: Callable[[Exception, bool], Exception | None], events: ReplyEvents | None = None
) -> Iterator[None]:
    """Raises what `translate` makes of a failure; an error it does not know goes on as it is."""
    try:
        yield
    except Exception as exc:
        error = translate(exc, events is not None and events.begun)
        if error is None:
            raise
        raise error from exc


def status_error(
    status: int, message: str, headers: Mapping[str, str], *, provider: str, code: str | None = None
) -> lm15.LM15Error:
    """The error an HTTP status stands for; an overflow and a missing model are told only in words."""
    from dspy import lm15

    known: dict[str, Any] = {"provider": provider, "status": status, "provider_code": code}
    known["retry_after"] = _retry_seconds(headers)
    about_model = code == "model_not_available" or (status == 404 and "model" in message.lower())
    kinds: tuple[tuple[bool, type[lm15.LM15Error]], ...] = (
        (status < 500 and bool(_OVERFLOW.search(message)), lm15.ContextLengthError),
        (about_model, lm15.UnsupportedModelError),
        (status in (401, 403), lm15.AuthError),
        (status == 402, lm15.BillingError),
        (status == 404, lm15.ConfigurationError),
        (status == 429, lm15.RateLimitError),
        (status in _TIMEOUT_STATUSES, lm15.TimeoutError),
        (status >= 500, lm15.ServerError),
    )
    kind = next((kind for applies, kind in kinds if applies), lm15.InvalidRequestError)
    return kind(message, **known)


def network_error(error: BaseException | None, begun: bool, *, provider: str) -> lm15.LM15Error | None:
    """What broke between us and the server; None when it was something else."""
    import httpx
    from dspy import lm15
    from pydantic import ValidationError

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionError):
        return lm15.TransportError("The server does not answer.", provider=provider)
    if isinstance(error, httpx.TimeoutException):
        return lm15.TimeoutError("The server answered too slowly.", provider=provider)
    if isinstance(error, httpx.TransportError | JSONDecodeError) and begun:
        return lm15.StreamAssemblyError("The connection dropped mid-reply.", provider=provider)
    if isinstance(error, httpx.TransportError):
        return lm15.TransportError("The server closed the connection.", provider=provider)
    if isinstance(error, JSONDecodeError | ValidationError):
        return lm15.ProviderError("The server's answer is not a chat reply.", provider=provider)
    return None


def _retry_seconds(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` counts seconds or names a date."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        if date.tzinfo is None:  # "-0000": UTC, and nothing is said of the place
            date = date.replace(tzinfo=UTC)
        return max(0.0, date.timestamp() - time())
    except (ValueError, OverflowError):
        return None
