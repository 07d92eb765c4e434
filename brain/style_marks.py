"""The marks and turns of typing that style is counted on, as patterns over the text as it stands."""

from __future__ import annotations

import re

from brain.emoji import EMOJI

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?…。！？؟।]+(?=\s|$)|\n+")
EMOTICON = re.compile(r"(?<!\w)(?:[:;=8xX]['’]?-?[()DPpOo/\\|*3\]\[]|<3|\^_?\^|[oO]_[oO]|\\o/|-_-)(?!\w)")
LAST_PICTURE = re.compile(rf"(?:{EMOJI.pattern}|{EMOTICON.pattern})\s*\Z")
SMALL_I = re.compile(r"(?<![\w.])i(?!\w|\.\w)")
PATTERNS = {
    "commas": re.compile("[,،、，]"),
    "exclaims": re.compile("[!！]"),
    "questions": re.compile("[?？؟]"),
    "ellipses": re.compile(r"\.{2,}|…"),
    "dashes": re.compile(r"(?<!\S)-{1,3}(?!\S)|[–—]|--"),
    "quotes": re.compile(r"[\"“”«»„]|(?<!\w)'(?=\w)"),
    "parentheses": re.compile(r"\((?=\w)"),
    "colons": re.compile(r":(?=\s|$)|;(?=\s|$)"),
    "apostrophes": re.compile(r"(?<=\w)['’](?=\w)"),
    "emoji": EMOJI,
    "emoticons": EMOTICON,
    "numbers": re.compile(r"\d+(?:[.,:]\d+)*"),
    "links": re.compile(r"https?://\S+|www\.\S+"),
    "stretched": re.compile(r"([^\W\d_])\1\1+"),
    "repeated_marks": re.compile(r"[!?]{2,}"),
    "shouts": re.compile(r"\b[A-Z]{2,}[A-Z]+\b"),
    "mentions": re.compile(r"(?<!\w)@\w+|^\w+[:,](?=\s)"),
    "slashes": re.compile(r"(?<=\w)/(?=\w)"),
    "code": re.compile(r"\w+_\w+|\w+\(\)|\w+\.[a-z]{2,4}\b(?!\.)|\b[a-z]+[A-Z]\w+|[<>={}`$|]+"),
    "wide_spaces": re.compile(r"(?<=\S)[ \u00a0]{2,}"),
    "small_starts": re.compile(r"[.!?]\s+[a-z]"),
}
