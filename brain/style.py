"""What a reply looks like in numbers: length, case, endings, punctuation, emoji, spelling habits, function words.

Nothing here knows what the reply is about. The features are those of authorship studies of short messages (Stamatatos
2009, A survey of modern authorship attribution methods; Ishihara 2017, on chat logs), chosen so that each can be said
in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from brain import style_words as words
from brain.emoji import EMOJI
from brain.style_marks import EMOTICON, LAST_PICTURE, PATTERNS, SENTENCE_END, SMALL_I, WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

LONGEST = 10_000
Kind = Literal["size", "share", "count", "rate"]


class Feature(NamedTuple):
    """One number of a reply.

    `kind` is its unit: a size (in `noun`), a share (0 or 1), a count a message, or a rate a word. `more` and `less` say
    that a group has too much or too little of it. `spread` is a usual standard deviation among people who chat, the
    yardstick where a client never varies.
    """

    name: str
    kind: Kind
    noun: str
    more: str
    less: str
    spread: float


class _Reply(NamedTuple):
    """What the features are counted on."""

    text: str
    words: tuple[str, ...]
    bare: str  # without trailing emoji and spaces


_SIZES = (
    ("words", "words", "too long", "too short", 14.0),
    ("characters", "characters", "too long", "too short", 80.0),
    ("lines", "lines", "too many lines", "too few lines", 0.5),
    ("sentences", "sentences", "too many sentences", "too few sentences", 1.2),
    ("word_length", "letters a word", "words too long", "words too short", 1.0),
)
_SHARES = (
    ("starts_small", "starts with a small letter", 0.45),
    ("all_small", "has no capital letter", 0.45),
    ("small_i", 'writes "i" for "I"', 0.25),
    ("ends_stop", "ends in a full stop", 0.45),
    ("ends_question", "ends in a question mark", 0.35),
    ("ends_exclaim", "ends in an exclamation mark", 0.25),
    ("ends_ellipsis", "ends in an ellipsis", 0.2),
    ("ends_emoji", "ends in an emoji or emoticon", 0.25),
    ("ends_bare", "ends without any mark", 0.48),
)
_COUNTS = (
    ("exclaims", "exclamation marks", 0.7),
    ("questions", "question marks", 0.6),
    ("ellipses", "ellipses", 0.5),
    ("dashes", "dashes", 0.4),
    ("quotes", "quotation marks", 0.8),
    ("parentheses", "parentheses", 0.4),
    ("colons", "colons and semicolons", 0.5),
    ("emoji", "emoji", 0.5),
    ("emoticons", "emoticons", 0.35),
    ("links", "links", 0.3),
    ("stretched", "stretched words (sooo)", 0.25),
    ("repeated_marks", "repeated marks (!!, ??)", 0.25),
    ("shouts", "words in capitals", 0.6),
    ("mentions", "names called", 0.4),
    ("wide_spaces", "double spaces", 0.8),
    ("small_starts", "sentences with a small start", 0.4),
    ("abbreviations", "abbreviations (lol, u, btw)", 0.3),
    ("bare_contractions", "contractions without apostrophe (dont, im)", 0.25),
    ("greetings", "greetings", 0.3),
    ("thanks", "thanks", 0.25),
    ("laughter", "laughs", 0.25),
    ("agreements", "yeses and okays", 0.4),
)
_RATES = (
    ("capitals", "capitals", 0.06),
    ("commas", "commas", 0.06),
    ("apostrophes", "contractions and possessives", 0.07),
    ("numbers", "numbers", 0.06),
    ("slashes", "slashes", 0.03),
    ("code", "technical tokens", 0.1),
    ("hedges", "hedges (maybe, i think)", 0.05),
    ("fillers", "fillers (well, like, just)", 0.06),
    ("first_person", '"I" and "me"', 0.08),
    ("second_person", '"you" and "your"', 0.07),
    ("others", '"it", "that", "they"', 0.07),
    ("plural", '"we" and "our"', 0.04),
    ("articles", "articles (a, the)", 0.07),
    ("joiners", "joining words (and, but, so)", 0.06),
    ("prepositions", "prepositions", 0.08),
    ("verbs", "helping verbs (be, have, can)", 0.09),
    ("negations", "no, not, never", 0.05),
)
FEATURES: tuple[Feature, ...] = (
    *(Feature(name, "size", noun, more, less, spread) for name, noun, more, less, spread in _SIZES),
    *(Feature(name, "share", noun, noun, noun, spread) for name, noun, spread in _SHARES),
    *(Feature(name, "count", noun, f"too many {noun}", f"too few {noun}", spread) for name, noun, spread in _COUNTS),
    *(Feature(name, "rate", noun, f"too many {noun}", f"too few {noun}", spread) for name, noun, spread in _RATES),
)

_LOGARITHMIC = np.array([feature.kind in {"size", "count"} for feature in FEATURES])


def style_features(replies: Sequence[str]) -> NDArray[np.float64]:
    """One row a reply, one column a feature of `FEATURES`; shape (n, len(FEATURES)), finite for any text.

    Only the first 10,000 characters of a reply are read.
    """
    rows = np.zeros((len(replies), len(FEATURES)))
    for index, reply in enumerate(replies):
        rows[index] = _row(reply[:LONGEST])
    return rows


def tamed(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same with sizes and counts on a logarithmic scale, so that one huge reply outweighs no group."""
    return np.where(_LOGARITHMIC, np.log1p(features), features)


def _row(text: str) -> list[float]:
    spoken = tuple(word.casefold().replace("’", "'") for word in WORD.findall(text))
    bare = EMOTICON.sub("", EMOJI.sub("", text)).rstrip("\ufe0f\u200d \n\t")
    reply = _Reply(text, spoken, bare)
    return [measure(reply) for measure in _MEASURES]


def _sentences(reply: _Reply) -> float:
    """At least one in a text that has any."""
    last = reply.text.rstrip()
    return float(sum(1 for _ in SENTENCE_END.finditer(last)) + bool(last and not SENTENCE_END.search(last[-3:])))


def _capitals(reply: _Reply) -> float:
    letters = [char for char in reply.text if char.isalpha()]
    return sum(char.isupper() for char in letters) / max(len(letters), 1)


def _ends(marks: str) -> Callable[[_Reply], float]:
    return lambda reply: float(reply.bare.endswith(tuple(marks)))


def _ends_stop(reply: _Reply) -> float:
    return float(reply.bare.endswith((".", "。", "।")) and not reply.bare.endswith(".."))


def _count(name: str) -> Callable[[_Reply], float]:
    pattern = PATTERNS[name]
    return lambda reply: float(sum(1 for _ in pattern.finditer(reply.text)))


def _rate(count: Callable[[_Reply], float]) -> Callable[[_Reply], float]:
    """A word; the four are a prior that keeps a message of one word from having a rate of 1."""
    return lambda reply: count(reply) / (len(reply.words) + 4)


def _among(listed: frozenset[str]) -> Callable[[_Reply], float]:
    return lambda reply: float(sum(word in listed for word in reply.words))


_LISTS = {
    "abbreviations": words.ABBREVIATIONS,
    "bare_contractions": words.BARE_CONTRACTIONS,
    "greetings": words.GREETINGS,
    "thanks": words.THANKS,
    "laughter": words.LAUGHTER,
    "agreements": words.AGREEMENTS,
    "hedges": words.HEDGES,
    "fillers": words.FILLERS,
    "first_person": words.FIRST_PERSON,
    "second_person": words.SECOND_PERSON,
    "others": words.OTHERS,
    "plural": words.PLURAL,
    "articles": words.ARTICLES,
    "joiners": words.JOINERS,
    "prepositions": words.PREPOSITIONS,
    "verbs": words.VERBS,
    "negations": words.NEGATIONS,
}
_OWN_WAY: dict[str, Callable[[_Reply], float]] = {
    "words": lambda reply: float(len(reply.text.split())),
    "characters": lambda reply: float(len(reply.text)),
    "lines": lambda reply: float(sum(bool(line.strip()) for line in reply.text.splitlines())),
    "sentences": _sentences,
    "word_length": lambda reply: sum(map(len, reply.words)) / max(len(reply.words), 1),
    "starts_small": lambda reply: float(next((char for char in reply.text if char.isalpha()), "").islower()),
    "all_small": lambda reply: float(reply.text.islower()),
    "small_i": lambda reply: float(bool(SMALL_I.search(reply.text))),
    "ends_stop": _ends_stop,
    "ends_question": _ends("?？؟"),
    "ends_exclaim": _ends("!！"),
    "ends_ellipsis": lambda reply: float(reply.bare.endswith(("..", "…"))),
    "ends_emoji": lambda reply: float(bool(LAST_PICTURE.search(reply.text))),
    "ends_bare": lambda reply: float(reply.text.rstrip()[-1:].isalnum()),
    "capitals": _capitals,
}


def _measure(feature: Feature) -> Callable[[_Reply], float]:
    if feature.name in _OWN_WAY:
        return _OWN_WAY[feature.name]
    count = _among(_LISTS[feature.name]) if feature.name in _LISTS else _count(feature.name)
    return _rate(count) if feature.kind == "rate" else count


_MEASURES = tuple(map(_measure, FEATURES))
