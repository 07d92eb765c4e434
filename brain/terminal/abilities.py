"""What the terminal can do, and what its user wants of it."""

from __future__ import annotations

import os


def accessible() -> bool:
    """Whether a screen reader may be listening (ACCESSIBLE=1): nothing moves, nothing is drawn twice."""
    return os.environ.get("ACCESSIBLE", "") not in {"", "0"}


def dumb() -> bool:
    """Whether the terminal says that it can do nothing but print."""
    return os.environ.get("TERM", "").lower() in {"", "dumb", "unknown"}
