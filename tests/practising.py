"""Optimizations for tests: a file of conversations, and a model that answers by what it is told."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from eval_samples import conversations
from fakes import HashEmbedder, ScriptedEngine, as_turns, scripted_lm

from brain.config import load_settings
from brain.dataset import to_trainset
from brain.lms.build import Model
from brain.models import Persona, Recipe
from brain.modules.chat import ChatProgram
from optimizers.knn_few_shot import KNNFewShot
from optimizers.material import Material
from optimizers.optimize import Optimization, Options

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dspy import lm15

    from brain.policy.rules import Rules
    from optimizers.material import Found

BOILERPLATE = "Thank you so much for reaching out! I am here to help you with anything that you may need."
_PROPOSED = ("new_instruction", "proposed_instruction", "observations", "summary")
Turns = list[dict[str, str]]


class EngineThat(ScriptedEngine):
    """Answers what a function makes of the turns; an error that it returns is raised."""

    def __init__(self, say: Callable[[Turns], object]) -> None:
        super().__init__()
        self.say = say

    def next_reply(self, request: lm15.Request) -> object:
        self.requests.append(request)
        return self.say(as_turns(request))

    @property
    def text(self) -> str:
        """Everything it was ever sent."""
        return json.dumps(self.prompts)


@cache
def labeled(count: int = 80) -> tuple[Any, ...]:
    """A client who is terse and in small letters, and somebody wordy."""
    return tuple(conversations(count))


@cache
def _real(count: int = 80) -> dict[str, str]:
    return {one.chat_history.last_from_other: one.output for one in labeled(count)}


def real_reply(turns: Turns) -> str:
    """What the client really answered to the message that these turns end with."""
    last = turns[-1]["content"]
    return next(reply for message, reply in _real().items() if message in last)


def reflecting(manner: str = "small letters") -> Callable[[Turns], object]:
    """Says what the client said when its instruction names the manner; proposes that instruction when asked for one."""

    def say(turns: Turns) -> object:
        text = "\n".join(turn["content"] for turn in turns)
        wanted = [field for field in _PROPOSED if f"`{field}`" in text or f'"{field}"' in text]
        if wanted:
            return json.dumps(dict.fromkeys(wanted, f"Write tersely, in {manner}."))
        return real_reply(turns) if manner in turns[0]["content"] else BOILERPLATE

    return say


def material(rules: Rules, count: int = 80, **recipe: Any) -> Material:
    """What `compile_voice` hands to an optimization; without rhythm the model is heard as it speaks."""
    chosen = Recipe(**{"rhythm": False, "card": False, **recipe})
    student = ChatProgram(Persona(name="Ada", id="ada"), rules, recipe=chosen)
    rows = labeled(count)
    program = KNNFewShot(HashEmbedder(64), k=chosen.k).compile(student, trainset=to_trainset(rows))
    return Material("ada", b"[]", rows, student, program)


def model_of(engine: ScriptedEngine) -> Model:
    """A model that needs no key."""
    return Model("scripted/x", scripted_lm(engine), small=True)


def optimization(home: Path, engine: ScriptedEngine, method: str, **options: Any) -> Optimization:
    """One that nobody is asked about."""
    settings = load_settings({"home": home})
    chosen = Options(method, **{"prompts": 16, "bar": 60.0, **options})
    return Optimization(settings, chosen, agree=None, build=lambda _: model_of(engine))


def notes_of(found: Found) -> dict[str, Any]:
    """What the manifest tells of the run."""
    notes: dict[str, Any] = found.notes["optimizer"]
    return notes
