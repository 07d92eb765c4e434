"""Runs a voice and its baselines over the client's own conversations, leave-one-out."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError
from brain.session import answer_now
from evals.relevance import copy_rate, relevance
from evals.surface import surface_distance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.artifact import Artifact
    from brain.demos import Embedder
    from brain.lms.build import Model
    from brain.models import Conversation
    from brain.policy.rules import Rules
    from brain.session import Voice

_CONTEXT = 6
_FEWEST = 2
_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Case(NamedTuple):
    """A labelled conversation to answer without seeing its own reply."""

    id: str
    conversation: Conversation
    now: datetime
    message: str
    own_reply: str


class Drawn(NamedTuple):
    """The conversations to answer, and the client's replies to all the others: what the answers are compared with."""

    cases: tuple[Case, ...]
    others: tuple[str, ...]


class Answer(NamedTuple):
    """A reply and what it cost."""

    reply: str
    seconds: float = 0.0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    lm_calls: int = 0


class Score(NamedTuple):
    """One system's figures. Distances and rates are 0.0 to 1.0; seconds and tokens are means a turn."""

    system: str
    replies: int
    length: float
    emoji: float
    casing: float
    punctuation: float
    relevance: float
    copy_rate: float
    violations: float
    seconds: float
    prompt_tokens: float
    completion_tokens: float
    lm_calls: float


System = tuple[str, "Callable[[Case, int], Answer]"]


def draw(artifact: Artifact, *, limit: int, seed: int) -> Drawn:
    """At most `limit` conversations of the voice, drawn with `seed`; never more than half, and half when it is 0.

    Raises DataError when the voice has fewer than two.
    """
    rows = [artifact.bank.row(index) for index in range(len(artifact.bank))]
    if len(rows) < _FEWEST:
        raise DataError(f"{artifact.label} has {len(rows)} conversation; evaluation needs two.", hint="Add more.")
    random.Random(seed).shuffle(rows)
    half = len(rows) // 2
    count = min(limit or half, half)
    conversations = artifact.conversations()
    cases = []
    for row in rows[:count]:
        conversation = conversations[int(row.id)].chat_history
        now = conversation.messages[-1].timestamp or _NOON
        cases.append(Case(row.id, conversation, now, row.message, row.reply))
    return Drawn(tuple(cases), tuple(row.reply for row in rows[count:]))


def systems(artifact: Artifact, voice: Voice, zero_demos: Voice, model: Model) -> list[System]:
    """The voice, and what it must beat: the nearest real reply as it stands, and the same program without demos."""

    def program(which: Voice) -> Callable[[Case, int], Answer]:
        def answer(case: Case, seed: int) -> Answer:
            turn = answer_now(
                which, model, case.conversation, case.now, exclude=frozenset({case.id}), config={"seed": seed}
            )
            usage = turn.usage
            return Answer(turn.reply, usage.seconds, usage.prompt_tokens, usage.completion_tokens, usage.lm_calls)

        return answer

    def nearest(case: Case, _seed: int) -> Answer:
        found = artifact.bank.nearest(case.message, 1, exclude=frozenset({case.id}))
        return Answer(found[0].reply)

    return [
        (voice.label, program(voice)),
        ("zero demos", program(zero_demos)),
        ("nearest reply", nearest),
        ("real reply", lambda case, _seed: Answer(case.own_reply)),
    ]


def run(
    drawn: Sequence[Case], chosen: Sequence[System], *, seed: int, tick: Callable[[], object]
) -> dict[str, list[Answer]]:
    """Every system's answer to every case; `tick` is called after each."""
    answers: dict[str, list[Answer]] = {name: [] for name, _ in chosen}
    for number, case in enumerate(drawn):
        for name, system in chosen:
            answers[name].append(system(case, seed + number))
            tick()
    return answers


def score(system: str, drawn: Drawn, answers: Sequence[Answer], *, rules: Rules, embed: Embedder) -> Score:
    """The figures of one system: its answers beside what the client wrote elsewhere, never to the same message."""
    replies = [answer.reply for answer in answers]
    blocked = sum(
        not rules.check(reply, case.conversation.messages[-_CONTEXT:]).allowed
        for reply, case in zip(replies, drawn.cases, strict=True)
    )
    own = [case.own_reply for case in drawn.cases]
    copied = sum(copy_rate([reply], [*drawn.others, *own[:at], *own[at + 1 :]]) for at, reply in enumerate(replies))
    count = len(replies)
    return Score(
        system,
        count,
        *surface_distance(replies, drawn.others),
        relevance([case.message for case in drawn.cases], replies, drawn.others, embed),
        copied / count,
        blocked / count,
        *(
            sum(getattr(answer, field) for answer in answers) / count
            for field in ("seconds", "prompt_tokens", "completion_tokens", "lm_calls")
        ),
    )
