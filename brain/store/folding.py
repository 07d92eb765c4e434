"""Text as it is compared in a search: small letters, no accents."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Makes "Crème BRÛLÉE" and "creme brulee" one. `search_index` says the same in the words of PostgreSQL."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", text.lower())))
