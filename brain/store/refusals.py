"""Why a PostgreSQL server does not let us in, in one line a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.errors import KeyRefusedError, NotFoundError, PersonaError, UnavailableError
from brain.store.engine import reason

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

_CHECK = "Check the database address (PERSONA_DATABASE_URL, or `database_url` in the settings)."


def refusal(place: str, error: SQLAlchemyError) -> PersonaError:
    """The error for a failed opening; what the server said is known by its words, which carry no code."""
    said = reason(error)
    if "no password supplied" in said or "authentication failed" in said:
        return KeyRefusedError(f"{place}: the server refused this user or password.", hint=_CHECK)
    if "database" in said and "does not exist" in said:
        return NotFoundError(f"{place}: the server has no such database.", hint="Make it: createdb NAME")
    if "permission denied" in said:
        return KeyRefusedError(f"{place}: this user may not make tables there.", hint=f"GRANT it the right. {_CHECK}")
    if "connection" in said or "resolve" in said:
        return UnavailableError(f"{place}: no server answers there.", hint=f"Start it. {_CHECK}")
    return UnavailableError(f"{place}: cannot be opened ({said})", hint=_CHECK)
