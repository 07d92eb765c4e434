"""People who do not exist, each with a hand of their own, who all talk about the same things."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from brain.models import Conversation, LabeledConversation, Message

if TYPE_CHECKING:
    from pathlib import Path

    from evals.voice import VoiceMeasure

_THINGS = (
    *("garden", "kettle", "train", "window", "river", "market", "lamp", "bread", "jacket", "puzzle", "ladder"),
    *("violin", "harbour", "blanket", "cellar", "orchard", "mirror", "bicycle", "drawer", "teapot", "fence", "boots"),
    *("map", "curtain", "pantry", "clock", "saddle", "basket", "chimney", "rope", "candle", "shed", "stove", "wheel"),
)
_DOINGS = (
    *("fixed", "painted", "found", "lost", "sold", "borrowed", "cleaned", "moved", "dropped", "mended", "measured"),
    *("hidden", "washed", "carried", "broken", "drawn", "weighed", "emptied", "wrapped", "photographed", "burnt"),
)
_WHENS = (
    *("today", "last night", "this morning", "again", "on monday", "before lunch", "after all that", "twice"),
    *("at noon", "for nothing", "in the rain", "by mistake", "without asking", "since june", "alone", "too late"),
)
_LOOKS, _QUALITIES = ("was", "felt", "looked", "seemed"), ("fine", "odd", "hard", "lovely", "heavy", "small", "wrong")
_PLACES = "near", "behind", "beside", "without", "under", "past"


class Hand(NamedTuple):
    """How somebody writes; shares are 0.0 to 1.0."""

    small: float = 0.0
    stop: float = 1.0
    opening: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    sentences: int = 2
    contracted: bool = True  # mostly


ADA = Hand(0.85, 0.15, ("oh", "hm", "haha", "ok so"), ("lol", "🫖", "tbh", "…"), 1)
BERT = Hand(0.25, 0.7, ("well,", "oh", "To be fair,"), ("lol",), 2, contracted=False)
CLEO = Hand(0.3, 0.3, ("yay!", "omg", "WOW"), ("!!", "!!!", "so good!"), 1)


def texts(hand: Hand, count: int, *, seed: int = 0) -> list[str]:
    """So many messages in this hand."""
    rng = np.random.default_rng(seed)
    return [_text(hand, rng) for _ in range(count)]


def conversations(client: Hand, other: Hand, count: int, *, seed: int = 0) -> list[LabeledConversation]:
    """So many conversations of one message and the reply to it."""
    pairs = zip(texts(other, count, seed=seed + 1_000), texts(client, count, seed=seed), strict=True)
    return [
        LabeledConversation(
            chat_history=Conversation(messages=(Message(from_creator=False, content=message),)), output=reply
        )
        for message, reply in pairs
    ]


def write_speaker(folder: Path, client: Hand, other: Hand, *, train: int, heldout: int, seed: int) -> None:
    """The two files that `evals.validate_voice` reads."""
    folder.mkdir(parents=True)
    for name, count, draw in (("train", train, seed), ("heldout", heldout, seed + 1)):
        rows = [row.model_dump(mode="json") for row in conversations(client, other, count, seed=draw)]
        (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")


@cache
def ada_measure() -> VoiceMeasure:
    """Ada's voice against Bert's, learned from sixty replies; fitted once in a run."""
    from evals.voice import fit_voice

    return fit_voice(texts(ADA, 60), texts(BERT, 120, seed=1))


def _text(hand: Hand, rng: np.random.Generator) -> str:
    parts = [_sentence(hand, rng) for _ in range(rng.integers(1, hand.sentences + 1))]
    if hand.opening and rng.random() < 0.5:
        parts[0] = f"{rng.choice(hand.opening)} {parts[0]}"
    if hand.closing and rng.random() < 0.5:
        parts[-1] = f"{parts[-1]} {rng.choice(hand.closing)}"
    text = " ".join(parts)
    return text.lower() if rng.random() < hand.small else text


def _sentence(hand: Hand, rng: np.random.Generator) -> str:
    contracted = rng.random() < (0.8 if hand.contracted else 0.2)
    subject = rng.choice(("I've", "we've", "she's") if contracted else ("I have", "We have", "She has"))
    said = f"{subject} {rng.choice(_DOINGS)} the {rng.choice(_THINGS)} {rng.choice(_WHENS)}"
    if rng.random() < 0.4:
        said += f" and it {rng.choice(_LOOKS)} {rng.choice(_QUALITIES)} {rng.choice(_PLACES)} the {rng.choice(_THINGS)}"
    said = said[0].upper() + said[1:]
    return f"{said}." if rng.random() < hand.stop else said
