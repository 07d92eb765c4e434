"""The display copy of a text: what may be shown, stored and answered.

It lacks only what nobody meant to write: terminal escapes, control and private-use characters, bidi overrides, hidden
tag text, invisible characters inside words, towers of accents. Emoji sequences, flags, the joiners of Arabic and Indic
scripts, curly quotes and every accent stay.
"""

from __future__ import annotations

import re
import unicodedata

_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI
    # OSC, DCS, SOS, PM and APC, with all they carry
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f\n]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-Z\\^-~]"  # two-byte escapes
)
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029]")
# Parts of Great Britain, the USA and Canada: flags of tags that some font draws (UTS #51, annex C). Others hide text.
_A, _Z = "\U000e0061", "\U000e007a"
_FLAG_OF_TAGS = re.compile(
    "\U0001f3f4(?:\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)"
    f"|(?:\U000e0075\U000e0073|\U000e0063\U000e0061)[{_A}-{_Z}]{{2}})\U000e007f"
)
_EMOJI = re.compile("[\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_STACKABLE = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_ARABIC_NUMBER_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_HIDDEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")
_MAX_STACKED = 2
_MAX_MARKS = 6  # Hebrew, Arabic, Thai and Tibetan need several marks on one letter


def display(text: str) -> str:
    """The text as it may be shown, stored and answered; NFC, idempotent, never raises."""
    while True:
        cleaned = _clean(text)
        if cleaned == text:
            return text
        text = cleaned


def _clean(text: str) -> str:
    text = _LINE_BREAK.sub("\n", _ESCAPE.sub("", text))
    flags = {index for match in _FLAG_OF_TAGS.finditer(text) for index in range(*match.span())}
    right_to_left = bool(_RIGHT_TO_LEFT.search(text))
    kept: list[str] = []
    stacked = 0
    for index, char in enumerate(text):
        if unicodedata.category(char) in {"Mn", "Me"}:
            stacked += 1
            if stacked > (_MAX_STACKED if _STACKABLE.match(char) else _MAX_MARKS):
                continue
        else:
            stacked = 0
        following = text[index + 1] if index + 1 < len(text) else ""
        if index in flags or _stays(char, kept[-1] if kept else "", following, right_to_left=right_to_left):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def _stays(char: str, before: str, after: str, *, right_to_left: bool) -> bool:
    if char in "\n\t" or (char.isascii() and char.isprintable()):
        return True
    if char in _HIDDEN:
        return False
    category = unicodedata.category(char)
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return _selects(char, before)
    if "\u180b" <= char <= "\u180f":
        return before.isalpha() and "\u1800" <= before <= "\u18aa"  # the Mongolian selectors and vowel separator
    if category == "Cf":
        return _format_stays(char, before, after, right_to_left=right_to_left)
    return category not in {"Cc", "Cs", "Co"}


def _selects(selector: str, before: str) -> bool:
    """A variation selector belongs to the one character before it, and to no cased letter; others hide text."""
    if not before or before.isspace() or unicodedata.category(before) in {"Cf", "Mn", "Lu", "Ll"}:
        return before == "\u2139"  # the one emoji among the letters
    return selector <= "\ufe0f" or "CJK" in unicodedata.name(before, "")


def _format_stays(char: str, before: str, after: str, *, right_to_left: bool) -> bool:
    if char == "\u200d" and _joins_emoji(before, after):
        return True
    if char in "\u200c\u200d":
        return _in_joining_script(before)
    if char in _DIRECTION_MARKS:
        inside_word = before.isascii() and before.isalnum() and after.isascii() and after.isalnum()
        return right_to_left and before not in _DIRECTION_MARKS and not inside_word
    if char == "\u200b":
        return _breaks_words(before) and _breaks_words(after)
    return char in _ARABIC_NUMBER_SIGNS


def _joins_emoji(before: str, after: str) -> bool:
    return bool(after and _EMOJI.match(after) and before and (_EMOJI.match(before) or before == "\ufe0f"))


def _in_joining_script(before: str) -> bool:
    """Arabic and its kin, and the scripts of India and its neighbours, write with joiners."""
    return bool(before) and (
        "\u0600" <= before <= "\u08ff" or "\u0900" <= before <= "\u0dff" or "\u1000" <= before <= "\u109f"
    )


def _breaks_words(char: str) -> bool:
    """Thai, Lao, Burmese and Khmer mark where a line may break."""
    return bool(char) and ("\u0e00" <= char <= "\u0eff" or "\u1000" <= char <= "\u109f" or "\u1780" <= char <= "\u17ff")
