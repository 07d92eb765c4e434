"""What opens an address is never shown."""

from __future__ import annotations

import pytest

from brain.config import load_settings
from brain.errors import ConfigError
from brain.masked import masked


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://TOKEN@host/v1", "https://***@host/v1"),
        ("https://TOKEN:@host/v1", "https://***@host/v1"),
        ("postgresql://me:p@ss/w?rd@host/talk", "postgresql://***@host/talk"),
        ("postgresql+psycopg://me@host/talk?password=x&a=1", "postgresql+psycopg://***@host/talk?password=***&a=1"),
        ("TOKEN@host/v1", "***@host/v1"),
        ("https://host/v1", "https://host/v1"),
        ("https://host/~a@b", "https://host/~a@b"),
        ("sqlite:///a@b.db", "sqlite:///a@b.db"),
    ],
)
def test_who_one_is_there_is_masked(url: str, shown: str) -> None:
    """With and without a password: a token may stand where a user would."""
    assert masked("api_base", url) == shown
    assert masked("database_url", url) == shown


def test_other_settings_are_shown_as_they_are() -> None:
    """Whatever they look like."""
    assert masked("model", "openai/a@b") == "openai/a@b"
    assert masked("api_base", None) is None


def test_an_address_that_is_refused_is_masked_too() -> None:
    """In the error that says so."""
    with pytest.raises(ConfigError) as caught:
        load_settings({"api_base": "ftp://TOKEN@host/v1"}, environ={})

    assert "TOKEN" not in caught.value.message
