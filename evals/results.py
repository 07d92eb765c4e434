"""The values of an evaluation: what was answered and what it scored; kept as JSON, so they are models."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from brain.models import Action, Turn, Value

SCHEMA_VERSION = 1


class Answer(Value):
    """A reply and what it cost; empty when a baseline's answer could not be read, and then `trouble` says why."""

    reply: str
    seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    lm_calls: int = 0
    demos: tuple[str, ...] = Field(default=(), description="ids of the conversations shown as examples")
    action: Action = "none"
    trouble: str = ""


def answer_of(turn: Turn) -> Answer:
    """What an evaluation keeps of a turn."""
    return Answer(
        reply=turn.reply,
        seconds=turn.usage.seconds,
        prompt_tokens=turn.usage.prompt_tokens,
        completion_tokens=turn.usage.completion_tokens,
        lm_calls=turn.usage.lm_calls,
        demos=tuple(demo.id for demo in turn.demos),
        action=turn.verdict.action,
    )


class Judgement(Value):
    """What is said of one reply. `voice_rank` and `fit_rank` are 0.0 to 1.0; at 0.5 it could be anyone's, or random.

    `voice_rank` is the share of the other party's messages that sound less like the client, `fit_rank` the share of
    the client's other replies, and of their other conversations, that match less well.
    """

    voice_rank: float
    fit_rank: float
    words: int
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class JudgedAnswer(Value):
    """One system's answer to one prompt."""

    system: str
    answer: Answer
    judgement: Judgement


class PromptResult(Value):
    """One prompt: the turns before it, oldest first, the message, the real reply, and every system's answer."""

    id: str
    now: datetime | None
    before: tuple[tuple[bool, str], ...] = Field(description="from_creator and text of the turns before the message")
    message: str
    real: str
    answers: tuple[JudgedAnswer, ...]


class Gap(Value):
    """The headline of the program less that of another system, with its 95 % interval."""

    value: float
    low: float
    high: float


class SystemScore(Value):
    """One system's figures. Voice, fit and headline are None where nothing can be said.

    Rates are shares of its replies, 0.0 to 1.0; seconds and tokens are means a turn.
    """

    system: str
    name: str
    replies: int
    voice: float | None
    voice_low: float | None
    voice_high: float | None
    style_only: float | None
    fit: float | None
    headline: float | None
    low: float | None
    high: float | None
    ours_ahead_by: Gap | None = None
    copies: float
    echoes: float
    empty: float
    distinct: float
    context_violations: float
    filter_violations: float
    lm_calls: float
    prompt_tokens: float
    completion_tokens: float
    seconds: float
    flags: tuple[str, ...] = ()
    explanations: tuple[str, ...] = ()


class EvalResult(Value):
    """A whole evaluation; what `--json` prints and what the report shows.

    `practice` and `measured_on` count conversations: what the program learned from, what the measures were fitted on.
    `refused` says why there is no headline.
    """

    schema_version: int = SCHEMA_VERSION
    voice: str
    model: str
    created: datetime
    seed: int
    practice: int
    measured_on: int
    heldout: str | None = Field(default=None, description="name of the file the prompts came from, if another")
    refused: str | None
    spread: str
    separability: float
    scores: tuple[SystemScore, ...]
    prompts: tuple[PromptResult, ...]
    own_words: tuple[int, ...] = Field(default=(), description="words of each reply the measures were fitted on")
    own_voice_ranks: tuple[float, ...] = ()
    own_fit_ranks: tuple[float, ...] = ()
    notes: tuple[str, ...] = ()

    def score(self, system: str) -> SystemScore | None:
        """The figures of one system, if it was run."""
        return next((score for score in self.scores if score.system == system), None)
