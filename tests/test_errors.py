"""Each error has its exit code and its words."""

from __future__ import annotations

import pytest

from brain import errors
from brain.errors import PersonaError, RetryLaterError


@pytest.mark.parametrize(
    ("name", "exit_code", "code"),
    [
        ("PersonaError", 1, "error"),
        ("DataError", 65, "data"),
        ("ArtifactError", 65, "artifact"),
        ("NotFoundError", 66, "not_found"),
        ("UnavailableError", 69, "unavailable"),
        ("RetryLaterError", 75, "retry_later"),
        ("KeyRefusedError", 77, "key"),
        ("ConfigError", 78, "config"),
    ],
)
def test_every_error_ends_a_command_with_its_own_exit_code(name, exit_code, code):
    """Scripts depend on the numbers of sysexits.h and on the words in the JSON document."""
    kind = getattr(errors, name)

    assert issubclass(kind, PersonaError)
    assert (kind.exit_code, kind.code) == (exit_code, code)


def test_the_table_above_names_every_error_there_is():
    """A new error needs its exit code here and in the tree that the module's docstring draws."""
    defined = {name for name, value in vars(errors).items() if isinstance(value, type)}

    assert len(defined) == 8
    assert all(name in errors.__doc__ for name in defined)


def test_an_error_tells_what_happened_and_what_to_do_next():
    """The message is the exception's text; the hint and the wait travel beside it."""
    error = RetryLaterError("Too many requests.", hint="Wait a minute.", retry_after=60)

    assert str(error) == "Too many requests."
    assert error.as_document() == {
        "code": "retry_later",
        "message": "Too many requests.",
        "hint": "Wait a minute.",
        "retry_after": 60,
    }
