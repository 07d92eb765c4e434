"""Phone numbers, e-mail addresses and street addresses that somebody hands over or asks for."""

from __future__ import annotations

import re

from brain.policy.spelt_numbers import spelt_number

_PROVIDER = r"(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton(?:mail)?|gmx|aol|libero|orange)\b"
_ENDING = r"(?:com|net|org|me|io|co|uk|es|fr|de|it|pt|br|mx|eu|ch|at)\b"
_DOT = r"(?: (?:dot|punkt|punto|ponto|point) | ?[(\[{] ?(?:dot|punkt|punto|ponto|point) ?[)\]}] ?|\.)"
_AT = r"(?: (?:arroba|arobase|chiocciola|klammeraffe) | ?[(\[{] ?(?:at|arroba|arobase) ?[)\]}] ?)"
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{0,63}\w@[\w-]+(?:\.[a-z]{2,})+\b"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}} at [\w-]+(?! ?\.){_DOT}{_ENDING}"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}}{_AT}[\w-]+{_DOT}{_ENDING}"
    rf"|(?<![\w.+-])[\w.+-]{{1,64}} ?(?:@|\bat\b) ?{_PROVIDER}"
)

_DIGITS = re.compile(r"(?<![\w/.])(?:\+ ?|\(\+?)?(?:\d[^\w\n]{0,3}){7,}")
_LETTER_FOR_ZERO = re.compile(r"(?<=\d)o|\bo(?=\d)|\bo(?= \d{3})")
_DATE = re.compile(
    r"(?:\d{1,2}[./-]){2}\d{2,4}\b|(?:19|20)\d\d[./-]\d\d?[./-]\d\d?\b|(?:(?:19|20)\d\d\W*)+$|(?:\d{1,2}\.){2,}\d"
)
_LISTED = re.compile(r"\d[.,]\d\d?\D|[,;:]")  # prices, scores and lists, unless somebody says that it is theirs
_WHOLE = re.compile(
    r"(?:\+|00)[1-9]|\(?0[1-9]|\(\d\d\d?\)|[2-9]\d\d[ .-]\d\d\d[ .-]\d{4}\W*$|3\d\d ?\d{6,7}\W*$|3\d\d \d{3} \d{4}\W*$"
)
_MINE = r"(?:my|mi|mon|mein\w*|meu|minha|mio|mia)"
_NUMBER = (
    r"(?:(?:phone|cell|mobile|handy|telefon|ruf|private|whole)? ?(?:number|nummer|num|nr)s?\b(?! (?:one|1|two|of)\b)"
    r"|cell\b(?!s)|phone\b|mobile\b|digits|e-?mail|mail\b|numero\b(?! (?:uno|un|1|de (?:seguimiento|suivi|serie)))"
    r"|handy\b|telefon\w*|telephone|cel(?:ular)?\b|movil|telemovel|cellulare|portable\b|tel\b|correo|zap\b|contato\b"
    r"|contacto\b|recapito|0[67]\b|# ?(?=[,?.!]|$))"
)
_PERSONAL = re.compile(
    rf"\b{_MINE}\b.{{0,20}}\b{_NUMBER}|\b{_MINE} 0\d\b|\bhere.?s my\b|\byours? (?:is|if)\b"
    r"|\b(?:text|call|ring|phone|dial|sms|reach|hit|apunta\w*|anota\w*|note|notier\w*|segna\w*|llama\w*|escrib\w*|appelle\w*|ruf"
    r"|schreib|liga|chama\w*|chiama\w*|scriv\w*)\b(?! (?:in|it|that|the)\b)"
    r"|\b(?:only|just) for you\b|\bpara ti\b|\bpour toi\b|\bfur dich\b|\bper te\b|\bpra voce\b|\barea code\b"
)
_OTHER_NUMBER = re.compile(
    r"\b(?:order|tracking|parcel|ticket|invoice|reference|ref|booking|account|serial|model|isbn|(?<!area )code|pi"
    r"|pedido|rastreo|seguimiento|factura|commande|colis|suivi|facture|sendung\w*|bestell\w*|rechnung\w*|encomenda|rastreio"
    r"|fatura|ordine|spedizione|fattura|likes|views|followers|subs|grams?|gramm\w*|mm|versions? \d|release \d)\b"
)
_YOURS = r"(?:your|ur|ya|tu|ton|ta|dein\w*|teu|tua|tuo|su|seu|sua|votre)"
_ASKING = (
    r"(?:what.?s|whats|what is|give|gave|gimme|send|text|share|drop|type|put|pass|leave|lemme|can i|could i|may i|got"
    r"|need|want|i mean|tell"
    r"|dame|das|pass?[ae]\w*|dej\w+|mand\w+|cual es|dime|tienes|donn\w+|fil\w+|envo\w+|laiss\w+|c.?est quoi|as|veux"
    r"|kann ich|je peux avoir|posso avere|puedo tener|posso ter"
    r"|gib\w*|schick\w*|wie ist|was ist|hast|krieg\w*|bekomm\w*|verrat\w*|da|deixa|qual|tem|me diz"
    r"|dammi|dai|lasci\w*|mi dici|hai|voglio)"
)
_ASKED = re.compile(
    rf"\b{_ASKING}\b[^.!?\n]{{0,30}}\b{_YOURS} (?:phone |cell |mobile |real |private |new |proper |e-?mail )?{_NUMBER}"
    r"|\b(?:got|have) (?:an?|some) (?:e-?mail|phone|mobile|cell|number)\b[^.!\n]{0,30}\?"
    r"|\b(?:digits|(?:what|which) number)\b.{0,15}\b(?:dial|call|text|ring)\b"
)
_KEPT = re.compile(
    r"\b(?:don.?t|do not|never|not|won.?t|can.?t|no|nunca|pas|jamais|nicht|nie|kein\w*|nao|non|mai)\b"
    r".{0,25}\b(?:give|share|doy|comparto|donne|gebe?|geb|dou|passo|do|number|numero|nummer|mail)\b"
)
_WAY_BEFORE = r"(?:calle|avenida|avda|paseo|rua|travessa|via|viale|corso|piazza)"
_STREETS = re.compile(
    r"(?<![\w.-])\d{1,5}[a-z]? (?!to|and|am|pm|feet|foot|miles?|met\w+|min\w*|hours?|yards|km|days)(?:[a-z]+ ){1,2}"
    r"(?:street|st|avenue|ave|road|rd|lane|ln|blvd|boulevard|court|ct|crescent|terrace|close)\b"
    rf"|\b{_WAY_BEFORE} (?!the\b)(?:[a-z]+ ){{0,3}}[a-z]+,? (?:n[ºo°]? ?|numero )?\d{{1,4}}\b(?!\.\w)"
    r"|\b\d{1,4},? (?:bis )?(?:rue|avenue|boulevard|impasse|quai|chemin|allee) (?:de |du |des |la |l.)*[a-z]+"
    r"|\b[a-z]+(?:strasse|str\.|weg|allee|gasse|platz|ufer|damm) \d{1,4}\b"
)
_REGIONS = ("US", "GB", "DE", "FR", "ES", "PT", "BR", "IT", "MX")


def shared_mail(text: str) -> tuple[int, int] | None:
    """Where a folded text gives an e-mail address, plain or spelt out."""
    match = _MAIL.search(text)
    return match.span() if match else None


def shared_phone(text: str) -> tuple[int, int] | None:
    """Where a folded text gives a phone number: written as one, or as somebody's own."""
    if _OTHER_NUMBER.search(text):
        return None
    personal = _PERSONAL.search(text) is not None
    for match in _DIGITS.finditer(_LETTER_FOR_ZERO.sub("0", text)):
        digits = match.group()
        bare = digits.rstrip(" .,;:!?-)")
        if _DATE.match(bare) or (_LISTED.search(bare) and not personal):
            continue
        if (personal and _is_phone_number(digits)) or (_WHOLE.match(digits) and _is_phone_number(digits, whole=True)):
            return match.span()
    return spelt_number(text)


def asked_contact(text: str) -> tuple[int, int] | None:
    """Where a folded text asks for the other person's number or address."""
    match = _ASKED.search(text)
    return match.span() if match and not _KEPT.search(text) and not _OTHER_NUMBER.search(text) else None


def shared_address(text: str) -> tuple[int, int] | None:
    """Where a folded text gives a street with its number."""
    match = _STREETS.search(text)
    return match.span() if match else None


def _is_phone_number(digits: str, *, whole: bool = False) -> bool:
    """Whether some country could have given out the number; a local part counts unless it must be `whole`."""
    import phonenumbers  # 30 ms to import, and few messages hold this many digits

    for region in _REGIONS:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            return False
        reason = phonenumbers.is_possible_number_with_reason(number)
        if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
            return True
        if not whole and reason == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            return True
    return False
