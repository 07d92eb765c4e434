"""The address of a store: what is taken, and how it is named without its password."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from brain.errors import ConfigError

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_FORM = "Write it as postgresql://USER:PASSWORD@HOST/NAME, or leave it out for a file of this computer."


def read_address(url: str) -> sa.URL:
    """The address, with the driver we bring. Raises ConfigError, which never repeats it: it may hold a password."""
    try:
        parsed = sa.make_url(url)
        driver = _DRIVERS[parsed.drivername]
    except KeyError:
        raise ConfigError(
            f"The database address begins with {parsed.drivername!r}; only SQLite and PostgreSQL can hold the talk.",
            hint=_FORM,
        ) from None
    except (sa.exc.ArgumentError, ValueError):
        raise ConfigError("The database address cannot be read.", hint=_FORM) from None
    return parsed.set(drivername=driver)


def file_of(address: sa.URL) -> Path | None:
    """The file of a store that is one; None for a server, and for a store in memory."""
    if address.get_backend_name() != "sqlite" or address.database in {None, "", ":memory:"}:
        return None
    return Path(str(address.database))


def place_of(address: sa.URL) -> str:
    """Where the store is, for messages: a path, or database and host without user and password."""
    if address.get_backend_name() == "sqlite":
        return str(file_of(address) or "memory")
    host = address.host or address.query.get("host") or "this computer"
    return f"PostgreSQL {address.database or ''} on {host}".replace("  ", " ")
