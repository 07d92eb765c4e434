"""What tests use instead of a model and a client: an engine that follows a script, a small embedder, short talks."""

from __future__ import annotations

import asyncio
import re
import zlib
from itertools import cycle, pairwise
from typing import TYPE_CHECKING, Any

import dspy
import numpy as np
from dspy import lm15

from brain.demos import DemoBank, Row
from brain.models import Conversation, Message
from brain.policy.policy_file import load_policy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from brain.demos import Embedder, Vectors
    from brain.models import Verdict
    from brain.policy.policy import Policy

NEVER = object()  # a reply that never comes: whoever awaits it waits until cancelled


class ScriptedEngine:
    """Answers request after request with the next of `replies`, and records every request.

    A reply is a text, an lm15 error to raise, or NEVER (for the async twin alone). Tokens are counted as words.
    `awaited` is the async twin: it follows the same script.
    """

    supported_params = frozenset({"max_tokens", "temperature", "seed", "response_format", "stream"})
    supports_response_schema = False

    def __init__(self, replies: Iterable[object] = ("ok",)) -> None:
        self._replies = iter(replies)
        self.requests: list[lm15.Request] = []
        self.cancelled = 0
        self.awaited = _Awaited(self)

    @property
    def prompts(self) -> list[list[dict[str, str]]]:
        """Every request as plain turns, system first."""
        return [as_turns(request) for request in self.requests]

    def complete(self, request: lm15.Request) -> lm15.Response:
        reply = self.next_reply(request)
        assert reply is not NEVER, "only the async twin can wait for ever"
        return _respond(request, reply)

    def stream(self, request: lm15.Request) -> Iterator[Any]:
        yield from lm15.response_to_events(self.complete(request))

    def close(self) -> None:
        """Nothing is open."""

    def next_reply(self, request: lm15.Request) -> object:
        self.requests.append(request)
        try:
            return next(self._replies)
        except StopIteration:
            raise AssertionError(f"request {len(self.requests)} has no reply in the script") from None


class _Awaited:
    """The same script, awaited."""

    supported_params = ScriptedEngine.supported_params

    def __init__(self, engine: ScriptedEngine) -> None:
        self._engine = engine

    async def complete(self, request: lm15.Request) -> lm15.Response:
        reply = self._engine.next_reply(request)
        if reply is NEVER:
            try:
                await asyncio.Event().wait()
            finally:
                self._engine.cancelled += 1
        return _respond(request, reply)

    async def stream(self, request: lm15.Request) -> AsyncIterator[Any]:
        for event in lm15.response_to_events(await self.complete(request)):
            yield event

    async def aclose(self) -> None:
        """Nothing is open."""


def scripted_lm(engine: ScriptedEngine) -> dspy.LM:
    """An LM that answers from the script, once a request: no cache and no retries."""
    return dspy.LM("scripted/x", engine=engine, async_engine=engine.awaited, cache=False, num_retries=0)


def as_turns(request: lm15.Request) -> list[dict[str, str]]:
    """A request as plain turns, system first."""
    system = request.system or ""
    texts = system if isinstance(system, str) else "".join(part.text for part in system)
    turns = [{"role": message.role, "content": message.text or ""} for message in request.messages]
    return [{"role": "system", "content": texts}, *turns] if texts else turns


def kept_share(prompts: Sequence[str]) -> float:
    """What a prefix cache keeps: the share of characters that stand where the prompt before had them."""
    kept = 0
    for before, after in pairwise(prompts):
        kept += next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    return kept / sum(map(len, prompts[1:]))


def _respond(request: lm15.Request, reply: object) -> lm15.Response:
    if isinstance(reply, Exception):
        raise reply
    text = str(reply)
    usage = lm15.Usage(
        input_tokens=sum(len(turn["content"].split()) for turn in as_turns(request)),
        output_tokens=len(text.split()),
    )
    message = lm15.Message.assistant(text)
    return lm15.Response(id=None, model=request.model, message=message, finish_reason="stop", usage=usage)


class HashEmbedder:
    """Sums one fixed random direction a word: texts that share words lie near each other, ties are rare.

    A text without words is a row of zeros. `texts` holds everything it was ever asked.
    """

    def __init__(self, dimension: int = 32, name: str = "hash") -> None:
        self.id = f"{name}-{dimension}"
        self.dimension = dimension
        self.texts: list[str] = []

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.texts.extend(texts)
        rows = [sum((self._direction(word) for word in _words(text)), np.zeros(self.dimension)) for text in texts]
        return np.array(rows, np.float32).reshape(len(texts), self.dimension)

    def _direction(self, word: str) -> NDArray[np.float64]:
        return np.random.default_rng(zlib.crc32(word.encode())).standard_normal(self.dimension)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def bank_of(*pairs: tuple[str, str], embed: Embedder | None = None) -> DemoBank:
    """A bank of pairs of message and reply; ids count up from 0."""
    rows = [Row(str(number), message, reply) for number, (message, reply) in enumerate(pairs)]
    return DemoBank.build(rows, embed or HashEmbedder())


class OneVerdict:
    """Topic rules that always say the same; their policy is the packaged one unless another is given."""

    def __init__(self, verdict: Verdict, policy: Policy | None = None) -> None:
        self.verdict = verdict
        self.policy = policy or load_policy()

    def check(self, *_: object) -> Verdict:
        return self.verdict


def them(content: str, at: datetime | None = None) -> Message:
    """A message of the other person."""
    return Message(from_creator=False, content=content, timestamp=at)


def us(content: str, at: datetime | None = None) -> Message:
    """A message of the client."""
    return Message(from_creator=True, content=content, timestamp=at)


def talk(*contents: str) -> Conversation:
    """A conversation that the other person begins and in which both take turns."""
    return Conversation(
        messages=tuple(side(content) for side, content in zip(cycle((them, us)), contents, strict=False))
    )
