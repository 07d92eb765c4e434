"""The error tree: every failure we answer, with the exit code it ends a command with.

PersonaError (1)
├── DataError (65)         a file or a message that cannot be used as it is
│   └── ArtifactError      a compiled program that is corrupt, half-written, foreign or newer
├── NotFoundError (66)     no such file, voice or conversation
├── UnavailableError (69)  a server is down, a model is missing, a package is not installed
├── RetryLaterError (75)   rate limit or time-out: the same call may go through later
├── KeyRefusedError (77)   no key, a wrong key, or no credit
└── ConfigError (78)       a setting that cannot be true

Exit codes follow sysexits.h where one fits.
"""

from __future__ import annotations


class PersonaError(Exception):
    """What happened and where, in one line; `hint` says what to do next.

    `retry_after` are the seconds after which the other side wants to be asked again, `again` tells how often that may
    help where it names none (see brain/patience.py).
    """

    exit_code = 1
    code = "error"
    again = 0

    def __init__(
        self, message: str, *, hint: str = "", retry_after: float | None = None, again: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retry_after = retry_after
        if again is not None:
            self.again = again

    def as_document(self) -> dict[str, object]:
        """The error as the one JSON document that `--json` promises."""
        return {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "retry_after": self.retry_after,
        }


class DataError(PersonaError):
    """A file, a row or a message cannot be used as it is."""

    exit_code = 65
    code = "data"


class ArtifactError(DataError):
    """A compiled program is corrupt, half-written, foreign or newer than this code."""

    code = "artifact"


class NotFoundError(PersonaError):
    """No such file, voice or conversation."""

    exit_code = 66
    code = "not_found"


class UnavailableError(PersonaError):
    """A server is down, a model is missing, or a package is not installed."""

    exit_code = 69
    code = "unavailable"


class RetryLaterError(PersonaError):
    """A rate limit or a time-out: the same call may go through later."""

    exit_code = 75
    code = "retry_later"
    again = 1


class KeyRefusedError(PersonaError):
    """No key, a wrong key, or no credit."""

    exit_code = 77
    code = "key"


class ConfigError(PersonaError):
    """A setting that cannot be true."""

    exit_code = 78
    code = "config"
