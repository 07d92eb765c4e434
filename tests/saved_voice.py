"""A small compiled voice, and what it takes to save it."""

from __future__ import annotations

import functools
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fakes import bank_of

from brain.artifact import save_artifact
from brain.copies import shingles
from brain.ear import Ear, learn_ear
from brain.manifest import new_manifest, sha256
from brain.models import Persona, Recipe
from brain.modules.chat import ChatProgram
from brain.modules.learned import Learned, Nearness

if TYPE_CHECKING:
    from pathlib import Path

    from brain.policy.rules import Rules

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
PAIRS = (("good morning", "mornin"), ("good night", "nn"))
DATASET = json.dumps(
    [
        {"chat_history": {"messages": [{"from_creator": False, "content": asked}]}, "output": answered}
        for asked, answered in PAIRS
    ]
).encode()
CHECKED = ("program.json", "demos.jsonl", "vectors.npy", "learned.npz")
RECIPE = Recipe(k=1, layout="head", strategy="mmr", candidates=2)
COPIED = "the kiln is far too hot to open tonight"


@functools.cache
def small_ear() -> Ear | None:
    """Of ten greetings."""
    return learn_ear([f"mornin {number}" for number in range(10)], [f"Good Morning {number}!" for number in range(10)])


def compiled(rules: Rules) -> ChatProgram:
    """A compiled program of two demos, with an ear, a card and one long reply to keep from repeating."""
    chat = ChatProgram(Persona(name="Nela", id="nela", facts=("She makes pots.",)), rules)
    learned = Learned(17, Nearness(0.25, 0.5), ("about 2 words a message",), small_ear(), shingles([COPIED]))
    chat.replier.use(bank_of(*PAIRS), RECIPE, learned)
    return chat


def saved(program: ChatProgram, voices: Path, name: str = "nela", **more: Any) -> Path:
    """The folder of the next version of `name`."""
    manifest = new_manifest(program, dataset_sha256=sha256(DATASET), now=NOW, **more)
    return save_artifact(voices, name, program, manifest, dataset=DATASET)
