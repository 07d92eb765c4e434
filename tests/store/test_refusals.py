"""A server that does not let us in: one clear line each, and never the password."""

from __future__ import annotations

import socket

import pytest

from brain.errors import ConfigError, DataError, KeyRefusedError, NotFoundError, UnavailableError
from brain.store.store import Store


def refused(url):
    with pytest.raises((ConfigError, DataError, KeyRefusedError, NotFoundError, UnavailableError)) as caught:
        Store(url)
    shown = f"{caught.value.message} {caught.value.hint}"
    assert "geheim" not in shown
    assert "\n" not in shown
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "url",
    [
        "mysql://persona:geheim@localhost/chats",
        "postgresql+psycopg2://persona:geheim@localhost/chats",
        "sqlite+aiosqlite:///chats.db",
        "geheim",
        "",
        "postgresql//persona:geheim@localhost",
        "postgresql://persona:geheim@localhost:many/chats",
    ],
)
def test_an_address_that_is_none_is_a_setting_that_cannot_be_true(url):
    """It is not repeated: whoever mistyped it may have a password in it."""
    error = refused(url)

    assert error.exit_code == 78
    assert "postgresql://USER:PASSWORD@HOST/NAME" in error.hint


def test_no_server_is_said_at_once():
    """With where it was looked for."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refused(f"postgresql://persona:geheim@127.0.0.1:{port}/chats?connect_timeout=2")

    assert error.exit_code == 69
    assert error.message == "PostgreSQL chats on 127.0.0.1: no server answers there."


def test_a_wrong_password_is_said(postgresql):
    """Exit code 77, like any other key that is refused."""
    error = refused(postgresql.url(password="geheim"))

    assert error.exit_code == 77
    assert "refused this user or password" in error.message
    assert "PERSONA_DATABASE_URL" in error.hint


def test_a_password_that_is_missing_is_said(postgresql, monkeypatch):
    """Nobody is asked for one in the middle of a chat."""
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    url = postgresql.url().replace(":not-for-anybody@", "@")

    assert refused(url).exit_code == 77


def test_a_database_that_is_not_there_is_said(postgresql):
    """With how to make it."""
    error = refused(postgresql.url("nowhere"))

    assert error.exit_code == 66
    assert error.message == f"PostgreSQL nowhere on {postgresql.folder}: the server has no such database."
    assert "createdb" in error.hint


def test_a_database_that_cannot_hold_every_message_is_refused(postgresql):
    """Before anything is written to it."""
    url = postgresql.database(encoding="SQL_ASCII")
    error = refused(url)

    assert error.exit_code == 65
    assert "SQL_ASCII" in error.message
    assert postgresql.rows(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_user_who_may_not_make_tables_is_told(postgresql):
    """The right is missing, not the password."""
    url = postgresql.database()
    postgresql.rows(url, "CREATE ROLE guest LOGIN PASSWORD 'geheim'")
    postgresql.rows(url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    error = refused(url.replace("persona:not-for-anybody", "guest:geheim"))

    assert error.exit_code == 77
    assert "may not make tables" in error.message


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_form_of_the_address_is_taken(postgresql, opened, scheme):
    """As hosts hand them out."""
    url = postgresql.fresh().replace("postgresql", scheme, 1)
    store = opened(url)

    assert store.place.startswith("PostgreSQL postgres on ")
    assert "not-for-anybody" not in store.place
