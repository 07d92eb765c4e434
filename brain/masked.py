"""Addresses without what opens them: a password, a token or a key."""

from __future__ import annotations

import re
from typing import Any

_USER = re.compile(r"^([a-z][a-z0-9+.-]*://)?+(?:[^/?#@]*:.*|[^/?#]*)@", re.IGNORECASE)  # a password may hold anything
_SECRET_FIELD = re.compile(r"([?&][^=&]*(?:password|key|token|secret)[^=&]*=)[^&]*", re.IGNORECASE)
_URLS = ("api_base", "database_url")


def masked(name: str, value: Any) -> Any:
    """A setting's value, without user and password where it is an address: a token stands where a user would."""
    if name not in _URLS or not isinstance(value, str):
        return value
    return _SECRET_FIELD.sub(r"\1***", _USER.sub(r"\1***@", value))
