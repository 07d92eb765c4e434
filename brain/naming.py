"""What a voice could be called, from how its person is called."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 64


def voice_name(text: str) -> str:
    """Small letters, digits and hyphens; empty when nothing of the text can be kept.

    >>> voice_name("Zoë  O'Hara")
    'zoe-o-hara'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST].rstrip("-")
