"""Runs a voice and its baselines over the client's own conversations, leave-one-out."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

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

_NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Case(NamedTuple):
    """A labelled conversation to answer without seeing its own reply."""

    id: str
    conversation: Conversation
    now: datetime
    message: str
    own_reply: str


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


def cases(artifact: Artifact, *, limit: int, seed: int) -> list[Case]:
    """At most `limit` conversations of the voice, drawn with `seed`; all of them when `limit` is 0."""
    conversations = artifact.conversations()
    rows = [artifact.bank.row(index) for index in range(len(artifact.bank))]
    if limit and limit < len(rows):
        rows = random.Random(seed).sample(rows, limit)
    drawn = []
    for row in rows:
        conversation = conversations[int(row.id)].chat_history
        now = conversation.messages[-1].timestamp or _NOON
        drawn.append(Case(row.id, conversation, now, row.message, row.reply))
    return drawn


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


def score(
    system: str,
    drawn: Sequence[Case],
    answers: Sequence[Answer],
    own: Sequence[tuple[str, str]],
    *,
    rules: Rules,
    embed: Embedder,
) -> Score:
    """The figures of one system. `own` are ids and texts of all of the client's replies.

    A reply is compared with what the client wrote elsewhere: never with the reply to its own message.
    """
    replies = [answer.reply for answer in answers]
    others = [text for _, text in own]
    asked = {case.id for case in drawn}
    unseen = [text for identity, text in own if identity not in asked] or others
    blocked = sum(
        not rules.check(reply, case.conversation.messages[-6:]).allowed
        for reply, case in zip(replies, drawn, strict=True)
    )
    copied = [
        copy_rate([reply], [text for identity, text in own if identity != case.id])
        for reply, case in zip(replies, drawn, strict=True)
    ]
    count = len(replies)
    return Score(
        system,
        count,
        *surface_distance(replies, unseen),
        relevance([case.message for case in drawn], replies, others, embed),
        sum(copied) / count,
        blocked / count,
        *(
            sum(getattr(answer, field) for answer in answers) / count
            for field in ("seconds", "prompt_tokens", "completion_tokens", "lm_calls")
        ),
    )
