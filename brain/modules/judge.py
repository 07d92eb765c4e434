"""The judge: the LM's word on a draft, with a deadline, in a schema, and only what it can quote.

The schema of the answer names the categories that are asked about, so an engine that enforces schemas can name no
other; what comes from any other engine is checked against it, and refused as unreadable.
"""

from __future__ import annotations

import asyncio
import contextvars
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal

import dspy
from pydantic import ConfigDict, create_model

from brain.models import Message
from brain.policy.fold import fold
from brain.signatures.topic_filter import JudgeTopics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.policy.policy import Policy

_TURNS = 4
_TURN_CHARACTERS = 400
_VERDICT_TOKENS = 1_000  # a verdict takes fifty; a model that thinks first needs the rest, and the deadline ends it
_PLATFORMS = frozenset({"social_platforms", "fan_platforms"})


class Judge(dspy.Predict):
    """JudgeTopics, given up after `seconds` of wall time, and its request with it. One LM call.

    Inputs: `topics` (the ids it may answer with, one at least), `policy`, `turns` (oldest first; the last four are
    read, each clipped) and `draft`. Raises DSPyError or PersonaError when the model fails, TimeoutError when it is
    late.
    """

    def __init__(self, *, seconds: float = 10.0) -> None:
        super().__init__(JudgeTopics, max_tokens=_VERDICT_TOKENS, temperature=0.0)
        self.seconds = seconds

    def forward(self, **inputs: Any) -> dspy.Prediction:
        """`aforward`, called. It runs in a loop of its own, because only what is awaited can be given up."""
        context = contextvars.copy_context()
        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(context.run, asyncio.run, self.aforward(**inputs)).result()

    async def aforward(self, *, topics: Sequence[str], turns: Sequence[Message], **inputs: Any) -> dspy.Prediction:
        """A prediction with `violated`, `evidence` and `confidence`."""
        ids = list[Literal[tuple(topics)]]  # type: ignore[misc, valid-type]  # known at run time only
        async with asyncio.timeout(self.seconds):
            return await super().aforward(
                signature=self.signature.with_updated_fields("violated", type_=ids),
                config={"response_format": _shape(self.signature, violated=ids)},
                turns=[_quoted(turn) for turn in turns[-_TURNS:]],
                **inputs,
            )


def _shape(signature: type[dspy.Signature], **changed: Any) -> type:
    """The answer as a schema. DSPy makes one too, but for models it does not know by name it sends none."""
    fields: dict[str, Any] = {
        name: (changed.get(name, field.annotation), ...) for name, field in signature.output_fields.items()
    }
    return create_model("Judgement", __config__=ConfigDict(extra="forbid"), **fields)


def _quoted(turn: Message) -> Message:
    """Who said it and what, the middle of a long message left out: people ask at its beginning or its end."""
    text = turn.content
    if len(text) > _TURN_CHARACTERS:
        text = f"{text[: _TURN_CHARACTERS // 2]} … {text[-_TURN_CHARACTERS // 2 :]}"
    return Message(from_creator=turn.from_creator, content=text)


def policy_text(policy: Policy, topics: Sequence[str]) -> str:
    """What each of these categories means, a line a category, with the operator's examples and exceptions."""
    examples = {own.id: own.examples for own in policy.category}
    lines = []
    for topic in topics:
        quoted = "; ".join(f'"{example}"' for example in examples.get(topic, ()))
        lines.append(f"{topic}: {policy.forbidden[topic]}{f' For example: {quoted}.' if quoted else ''}")
    if _PLATFORMS.intersection(topics):
        lines += [f"Allowed by name: {', '.join(policy.platforms.allow)}."] if policy.platforms.allow else []
        lines += [f"Forbidden by name: {', '.join(policy.platforms.deny)}."] if policy.platforms.deny else []
        lines.append(f"A refusal {'may name' if policy.refusals_may_name else 'must not name'} a platform.")
    return "\n".join(lines)


def unruled(policy: Policy) -> tuple[str, ...]:
    """The operator's categories that no rule can see, because they have a definition and no names."""
    return tuple(own.id for own in policy.category if not own.names)


def find_evidence(evidence: str, draft: str) -> tuple[int, int] | None:
    """Where the quoted words stand in the draft: whole words, however spaced or capitalised; None when nowhere."""
    words = fold(evidence.strip(" \n\t\"'“”‘’«»…")).text.split()
    if not words:
        return None
    pattern = r"\s+".join(map(re.escape, words))
    folded = fold(draft)
    found = re.search(rf"(?<!\w)(?:{pattern})(?!\w)" if words[0][0].isalnum() else pattern, folded.text)
    return folded.span(*found.span()) if found else None
