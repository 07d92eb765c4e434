"""Phone numbers and e-mail addresses that somebody hands over."""

from __future__ import annotations

import re

_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[a-z]{2,})+\b"
    r"|\b[\w.+-]+ ?(?:[(\[]at[)\]]| at (?=[\w-]+ (?:dot|\.) ?(?:com|net|org)\b)) ?[\w-]+"
    r" ?(?:\.|[(\[]dot[)\]]| dot ) ?[a-z]{2,}\b"
)
_DIGITS = re.compile(r"(?:\d[\W_]{0,3}){7,}")
_NUMBER = r"(?:number|cell|phone|digits|numero|nummer|handy|telefon\w*|cel\w*|tel|e-?mail)\b"
_PERSONAL = re.compile(
    rf"\b(?:my|your|ur|mi|mon|ton|mein\w*|dein\w*|meu|seu|mio|tuo)\b.{{0,20}}\b{_NUMBER}"
    r"|\b(?:text|call|ring|phone|sms|reach|hit|llama\w*|escrib\w*|appelle|ruf|schreib|liga|chama\w*)"
    r" (?:me|m|mich|mir|moi|us|up)\b"
    r"|\b(?:llamame|chiamami|me liga|me chama)\b"
)
_ASKED = re.compile(
    r"\b(?:what.?s|give me|send me|share|drop|can i (?:have|get)|got|need"
    rf"|dame|pasame|donne[ -]moi|gib mir|me (?:passa|da)|dammi)\b.{{0,12}}\b{_NUMBER}"
)
_REGIONS = ("US", "GB", "DE", "FR", "ES", "PT", "BR", "IT", "MX")


def shared_mail(text: str) -> tuple[int, int] | None:
    """Where a folded text gives an e-mail address."""
    match = _MAIL.search(text)
    return match.span() if match else None


def shared_phone(text: str) -> tuple[int, int] | None:
    """Where a folded text gives a phone number as somebody's own."""
    match = _DIGITS.search(text)
    if match and _PERSONAL.search(text) and _is_phone_number(match.group()):
        return match.span()
    return None


def asked_contact(text: str) -> tuple[int, int] | None:
    """Where a folded text asks for the other person's number or address."""
    match = _ASKED.search(text)
    return match.span() if match else None


def _is_phone_number(digits: str) -> bool:
    """Whether some country could have given out the number; fictional local ones count."""
    import phonenumbers  # 30 ms to import, and few messages hold this many digits

    for region in _REGIONS:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            return False
        if phonenumbers.is_possible_number(number):
            return True
    return False
