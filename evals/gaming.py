"""Groups of replies that a score must not fall for, made from a speaker's own and another's.

Each is either to be flagged by name or to score below 0.5; the client's own held-out replies are neither.
"""

from __future__ import annotations

import re
from itertools import permutations
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from evals.speakers import Speaker

T = TypeVar("T")
OWN = "own held-out"
_BOILERPLATE = (
    "Of course! I'd be happy to help you with that. Could you tell me a little more about what you need?",
    "That's a great question! There are several things to consider here. First, think about your goals.",
    "I understand how you feel. It's important to take care of yourself and to reach out when you need support.",
    "Certainly! Here are a few suggestions that you may find useful. Please let me know if you have any questions.",
    "As an AI language model, I don't have personal experiences, but I can offer you some general advice.",
    "Thank you for sharing that with me! It sounds like you've been through a lot lately.",
    "I'm sorry to hear that. Would you like to talk about what has been on your mind?",
    "Absolutely! The key is to find a balance that works for you. Remember that every small step counts.",
    "I hope this helps! Feel free to ask if there is anything else that you would like to know.",
    "That sounds wonderful! What are you most looking forward to about it?",
)
_FULL = {
    **{"don't": "do not", "doesn't": "does not", "didn't": "did not", "isn't": "is not", "can't": "cannot"},
    **{"won't": "will not", "it's": "it is", "that's": "that is", "i'm": "I am", "i've": "I have", "i'll": "I will"},
    **{"i'd": "I would", "you're": "you are", "we're": "we are", "they're": "they are", "yeah": "yes", "yep": "yes"},
    **{
        "u": "you",
        "i": "I",
        "gonna": "going to",
        "wanna": "want to",
        "lol": "",
        "haha": "",
        "hmm": "",
        "dont": "do not",
    },
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_END = re.compile(r"[.!?…]\s*\Z")


def gaming_groups(client: Speaker, other: Speaker, size: int, rng: np.random.Generator) -> dict[str, list[str]]:
    """The groups by name, each of `size` replies, or as many as there are; `client.train` is what was learned from."""
    own = _drawn(client.replies, size, rng)
    others = _drawn(other.replies, size, rng)
    half = len(own) // 2
    longest = max((row.output for row in client.train[:200]), key=lambda text: -abs(len(text.split()) - 12))
    return {
        OWN: own,
        "another speaker": others,
        "training copies": _drawn([row.output for row in client.train], size, rng),
        "one reply repeated": [longest] * size,
        "empty": [""] * size,
        "boilerplate": [
            f"{first} {second}" for first, second in _drawn(list(permutations(_BOILERPLATE, 2)), size, rng)
        ],
        "word salad": [shuffled(text, rng) for text in own],
        "lower-cased, unpunctuated": [re.sub(r"[^\w\s]", "", text).lower() for text in own],
        "! and emoji added": [_END.sub("", text).rstrip() + "! 😊" for text in own],
        "formalised": [formalised(text) for text in own],
        "twice as long": [f"{first} {second}" for first, second in zip(own, _drawn(own, size, rng), strict=True)],
        "half own, half other": own[:half] + others[half:],
        "echo": _drawn([row.chat_history.last_from_other for row in client.heldout], size, rng),
        "cut": [cut(text, rng) for text in own],
    }


def shuffled(text: str, rng: np.random.Generator) -> str:
    """Its words in any order."""
    words = text.split()
    return " ".join(words[at] for at in rng.permutation(len(words)))


def formalised(text: str) -> str:
    """As a secretary would put it: no contractions, a capital first, a full stop last."""
    said = " ".join(_WORD.sub(lambda word: _FULL.get(word[0].casefold().replace("’", "'"), word[0]), text).split())
    said = re.sub(r"(\A|[.!?]\s+)([^\W\d_])", lambda found: found[1] + found[2].upper(), said)
    return said if _END.search(said) else f"{said}."


def cut(text: str, rng: np.random.Generator) -> str:
    """The first part of it, two fifths to four fifths, wherever that ends."""
    return text[: max(int(len(text) * rng.uniform(0.4, 0.8)), 1)].rstrip() or text


def _drawn(texts: Sequence[T], size: int, rng: np.random.Generator) -> list[T]:
    return [texts[at] for at in rng.choice(len(texts), min(size, len(texts)), replace=False)]
