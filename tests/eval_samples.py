"""Small evaluations for tests: two parties that write differently, and a finished result."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fakes import scripted_lm, talk

from brain.config import load_settings
from brain.lms.build import Model
from brain.models import LabeledConversation
from brain.voices import open_artifact
from evals.ground import Ground
from evals.halves import halves
from evals.results import Answer, EvalResult, Gap, JudgedAnswer, Judgement, PromptResult, SystemScore

if TYPE_CHECKING:
    from pathlib import Path

    from fakes import ScriptedEngine

    from brain.artifact import Artifact

THINGS = ("glaze", "kiln", "cat", "van", "market", "harbour", "storm", "teapot", "clay", "ferry", "bread", "garden")
HOSTILE = "</p><script>alert(1)</script><img src=x onerror=alert(2)> \x1b[31mred \u202egnp.exe"


def conversations(count: int, seed: int = 0) -> list[LabeledConversation]:
    """The client is terse and in small letters, the other party wordy and polite; each reply is about its message."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        thing, other = dice.sample(THINGS, 2)
        asked = f"Hello there! Could you please tell me what happened with the {thing} and the {other} no. {number}?"
        said = dice.choice(
            (f"the {thing} is fine, mostly...", f"ugh, {thing} again. {other} next", f"no {thing} today")
        )
        made.append(LabeledConversation(chat_history=talk(asked), output=f"{said} {dice.choice(THINGS)}"))
    return made


def a_score(system: str, name: str, headline: float | None = 0.5, gap: Gap | None = None) -> SystemScore:
    """A score with plausible figures."""
    told = headline is not None
    return SystemScore(
        system=system,
        name=name,
        replies=2,
        voice=headline,
        voice_low=headline - 0.2 if told else None,
        voice_high=headline + 0.2 if told else None,
        style_only=headline,
        fit=headline,
        headline=headline,
        low=headline - 0.1 if told else None,
        high=headline + 0.1 if told else None,
        ours_ahead_by=gap,
        copies=0.0,
        echoes=0.0,
        empty=0.0,
        distinct=1.0,
        context_violations=0.0,
        filter_violations=0.0,
        lm_calls=1.0 if system == "ours" else 0.0,
        prompt_tokens=400.0,
        completion_tokens=20.0,
        seconds=0.9,
        explanations=("too long: median 31 words, theirs 14",) if system == "ours" else (),
    )


def an_answer(system: str, reply: str, *, fit: float = 0.9, flags: tuple[str, ...] = ()) -> JudgedAnswer:
    """An answer that sounds like the client."""
    return JudgedAnswer(
        system=system,
        answer=Answer(reply=reply, seconds=0.9, lm_calls=1),
        judgement=Judgement(voice_rank=0.9, fit_rank=fit, words=len(reply.split()), flags=flags, notes=flags),
    )


def a_result(**changed: object) -> EvalResult:
    """Two prompts and three systems; one reply is hostile."""
    scores = (
        a_score("ours", "ada@1"),
        a_score("zero", "zero demos", 0.1, Gap(value=0.4, low=0.2, high=0.6)),
        a_score("nearest", "nearest reply", 0.45, Gap(value=0.05, low=-0.1, high=0.2)),
        a_score("real", "real reply", 1.0, Gap(value=-0.5, low=-0.6, high=-0.4)),
    )
    prompts = (
        PromptResult(
            id="5",
            now=datetime(2026, 5, 2, 23, 10, tzinfo=UTC),
            before=((False, "earlier"), (True, "indeed")),
            message="how was the market?",
            real="sold out by noon",
            answers=(
                an_answer("ours", "it went well", fit=0.2),
                an_answer("zero", HOSTILE, flags=("copies",)),
                an_answer("nearest", "fine"),
                an_answer("real", "sold out by noon"),
            ),
        ),
        PromptResult(
            id="6",
            now=None,
            before=(),
            message="and the cat?",
            real="asleep in the kiln",
            answers=(
                an_answer("ours", "asleep again"),
                an_answer("zero", ""),
                an_answer("nearest", "no idea"),
                an_answer("real", "asleep in the kiln"),
            ),
        ),
    )
    result = EvalResult(
        voice="ada@1",
        model="embedded",
        created=datetime(2026, 5, 3, tzinfo=UTC),
        seed=0,
        practice=100,
        measured_on=90,
        refused=None,
        spread="none of the other party's conversations would score above 0.5",
        separability=0.9,
        scores=scores,
        prompts=prompts,
        own_words=(3, 4, 5),
        own_voice_ranks=(0.8, 0.9, 1.0),
        own_fit_ranks=(0.4, 0.7, 1.0),
    )
    return result.model_copy(update=changed)


def a_ground(home: Path, engine: ScriptedEngine, artifact: Artifact | None = None) -> Ground:
    """The bundled voice on its practice half, with a scripted model."""
    settings = load_settings({"home": home})
    artifact = artifact or open_artifact(settings)
    model = Model("scripted/x", scripted_lm(engine), small=True)
    return Ground.of(artifact, settings, model, halves(len(artifact.conversations())).practice)
