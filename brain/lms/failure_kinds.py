"""Which kind of failure it was, where a client names it too vaguely for the right words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from dspy.utils.exceptions import DSPyError

_CLIENTS = ("ollama", "together", "dspy._vendor.lm15")
_NOT_FOUND = 404


def kind_of(error: DSPyError) -> type[Exception]:
    """The class whose words fit: the error's own, but for what dspy's native client throws together.

    It calls a late answer, and one that broke off, errors of the way there; an address that is no API, a bad request.
    What the code of any client stumbles over while it reads is an answer that is no chat reply.
    """
    from dspy.utils import exceptions as of

    causes = {type(cause).__name__ for cause in _causes(error)}
    if isinstance(error, of.LMTransportError) and "ReadTimeout" in causes:
        return of.LMTimeoutError
    if isinstance(error, of.LMTransportError) and "ProtocolError" in causes:
        return of.LMStreamAssemblyError
    if type(error) is of.LMInvalidRequestError and error.status == _NOT_FOUND:
        return of.LMConfigurationError
    if type(error) is of.LMUnexpectedError and any(_in_a_client(cause.__traceback__) for cause in _causes(error)):
        return of.LMProviderError
    return type(error)


def is_no_reply(error: DSPyError) -> bool:
    """Whether an answer came, and was none: its HTTP status is a good one, or a client could not read it."""
    from dspy.utils.exceptions import LMUnexpectedError

    return isinstance(error, LMUnexpectedError) or (error.status is not None and error.status < 300)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _in_a_client(frame: TracebackType | None) -> bool:
    """Whether it was raised by the code of a client, and not by ours."""
    if frame is None:
        return False
    while frame.tb_next is not None:
        frame = frame.tb_next
    module = str(frame.tb_frame.f_globals.get("__name__", ""))
    return any(module == client or module.startswith(f"{client}.") for client in _CLIENTS)
