"""Words for what a model or its server did wrong: one fact, one way on, the exit code that belongs to it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import (
    ConfigError,
    DataError,
    KeyRefusedError,
    PersonaError,
    RetryLaterError,
    UnavailableError,
)
from brain.lms.failure_kinds import is_no_reply, kind_of
from brain.patience import waiting_time
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dspy.utils.exceptions import DSPyError

_COMPANIES = {
    "ollama": "Ollama",
    "together": "Together",
    "openai": "OpenAI",
    "embedded": "The embedded model",
}
_SHOWN_MODELS = 5
_LEAST_KEY_LENGTH = 16  # of a shorter key, four characters would tell too much
_LONGEST_QUOTE = 160
_NO_REPLY = "The server's answer is not a chat reply"
_LIMIT_AGAIN, _BUSY_AGAIN = 3, 2
_PASSING = frozenset({502, 503, 520, 522, 529})  # a gateway, or a server that has too much to do


def explain(
    error: Exception,
    *,
    spec: str,
    host: str | None = None,
    installed: Sequence[str] = (),
    key_name: str | None = None,
) -> PersonaError:
    """What to tell the user when the model named by `spec` failed, to be raised from `error`.

    `host` is the server's address, `installed` the models it has, `key_name` the environment variable that
    holds the key; of the key itself at most the last four characters are told. A PersonaError comes back as
    it is. What is neither dspy's nor ours is a bug: it is raised again, with its own traceback.
    """
    from dspy.utils.exceptions import DSPyError, LMUnexpectedError

    cause = error.__cause__ if isinstance(error, LMUnexpectedError) else None
    for ours in (error, cause):
        if isinstance(ours, PersonaError):
            return ours
    if isinstance(error, DSPyError):
        words = _words(error, _Call(spec, host, tuple(installed), key_name))
        for kind in kind_of(error).__mro__:
            if kind in words:
                return words[kind]
    raise error


class _Call(NamedTuple):
    """Who was asked, and where."""

    spec: str
    host: str | None
    installed: tuple[str, ...]
    key_name: str | None

    @property
    def provider(self) -> str:
        return self.spec.partition("/")[0].partition(":")[0]

    @property
    def company(self) -> str:
        return _COMPANIES.get(self.provider, self.provider)

    @property
    def name(self) -> str:
        return self.spec.partition("/")[2] or self.spec

    @property
    def place(self) -> str:
        if self.provider == "ollama":
            from brain.lms.ollama import server_url

            return f" at {server_url(self.host).removeprefix('http://')}"
        return f" at {self.host}" if self.host else ""

    @property
    def key(self) -> str:
        return os.environ.get(self.key_name or "", "").strip()


def _words(error: DSPyError, call: _Call) -> dict[type, PersonaError]:
    """The table of what we say; a subclass without words of its own takes its parent's."""
    from dspy.utils import exceptions as of

    who, name, said = call.company, call.name, _quoted(error, call)
    wait = "a minute" if error.retry_after is None else waiting_time(error.retry_after)
    busy = (error.status or 0) in _PASSING
    local = call.provider == "ollama"
    start = "Start it: `ollama serve`   ·   `/model embedded`"
    return {
        of.LMTransportError: UnavailableError(
            f"{who} isn't answering{call.place}.",
            hint=start if local else "Check the network and the address, then try again.",
        ),
        of.LMTimeoutError: RetryLaterError(
            f"{name} took too long to answer.",
            hint="Try again: a model is slowest when it loads.",
            retry_after=error.retry_after,
        ),
        of.LMRateLimitError: RetryLaterError(
            f"{who} limits the rate of calls.",
            hint=f"Try again in {wait}.",
            retry_after=error.retry_after,
            again=_LIMIT_AGAIN,
        ),
        of.LMUnsupportedModelError: _no_such_model(call),
        of.LMNotConfiguredError: _no_key(call),
        of.LMAuthError: _key_refused(call),
        of.LMBillingError: KeyRefusedError(
            f"The account at {who} has no credit.", hint="Add some there   ·   `/model embedded`"
        ),
        of.ContextWindowExceededError: DataError(
            f"This is more than {name} can hold at once.",
            hint="Shorten the message, or take a model with a larger context.",
        ),
        of.LMStreamAssemblyError: UnavailableError(
            f"The connection to {who} dropped mid-reply.", hint="Ask again: `/retry`"
        ),
        of.LMInvalidRequestError: DataError(
            f"{who} refused the request{said}.", hint="Check the model and its settings."
        ),
        of.LMUnsupportedFeatureError: ConfigError(
            f"{name} cannot do this{said}.", hint="Leave it out, or take another model."
        ),
        of.LMConfigurationError: ConfigError(
            f"No API of {who}{call.place}{said}.",
            hint="Check OLLAMA_HOST." if local else "Check the API's address.",
        ),
        of.LMProviderError: UnavailableError(
            f"{who} failed{said}.",
            hint="Try again; if it goes on, look at the server's log.",
            retry_after=error.retry_after,
            again=_BUSY_AGAIN if busy else 0,
        ),
        of.AdapterParseError: UnavailableError(
            f"{name} {'said nothing' if _is_empty(error) else 'answered in a form that cannot be read'}.",
            hint="Ask again, or take a larger model.",
        ),
    }


def _no_key(call: _Call) -> PersonaError:
    fix = f"`export {call.key_name}=…`   (`persona doctor` checks it)" if call.key_name else "Set one."
    return KeyRefusedError(f"No key for {call.company}.", hint=fix)


def _is_empty(error: DSPyError) -> bool:
    return not str(getattr(error, "lm_response", "?") or "").strip()


def _no_such_model(call: _Call) -> PersonaError:
    if call.provider != "ollama":
        return UnavailableError(
            f"{call.company} has no model {call.name} for this key.", hint="Check its name with them."
        )
    shown = ", ".join(call.installed[:_SHOWN_MODELS])
    more = len(call.installed) - _SHOWN_MODELS
    listed = f" Installed: {shown}{f' and {more} more' if more > 0 else ''}." if shown else ""
    instead = f"   ·   `/model ollama/{call.installed[0]}`" if shown else ""
    return UnavailableError(f"{call.name} isn't on this Ollama.{listed}", hint=f"`ollama pull {call.name}`{instead}")


def _key_refused(call: _Call) -> PersonaError:
    if call.key_name is None:
        hint = "Sign in: `ollama signin`" if call.provider == "ollama" else "Check the key."
        return KeyRefusedError(f"{call.company} wants a key.", hint=hint)
    if not call.key:
        return _no_key(call)
    ending = f", …{call.key[-4:]}" if len(call.key) >= _LEAST_KEY_LENGTH else ""
    return KeyRefusedError(
        f"{call.company} refused the key (from ${call.key_name}{ending}).",
        hint=f"Check that it is whole and not revoked: `export {call.key_name}=…`",
    )


def _quoted(error: DSPyError, call: _Call) -> str:
    """The provider's own words, one line of them, and no key in it."""
    if is_no_reply(error):
        return f" ({_NO_REPLY})"
    line = next(iter(display(error.message).strip().splitlines()), "").rstrip(".")
    said = (line.replace(call.key, "…") if call.key else line)[:_LONGEST_QUOTE]
    told = [f"HTTP {error.status}"] if error.status else []
    told += [said] if said and said not in told else []
    return f" ({': '.join(told)})" if told else ""
