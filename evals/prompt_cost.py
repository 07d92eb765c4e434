"""What one turn sends to the model, by our recipe and by DSPy's own; no model is needed to know."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING, Any, NamedTuple

import dspy
from dspy import lm15

from brain.adapters import ChatTurnAdapter
from brain.models import Conversation, Message
from brain.modules.reply import described
from brain.session import local_now

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from brain.demos import Embedder
    from brain.modules.chat import ChatProgram

REPLY = "fine here, the kettle is on"
_IN_MARKERS = f"[[ ## reply ## ]]\n{REPLY}\n\n[[ ## completed ## ]]"
_TRAINSET = 60
Prompt = list[dict[str, str]]


class InstantEngine:
    """Answers at once, so that what is measured is everything but the model; keeps what it was asked."""

    supported_params = frozenset({"max_tokens", "temperature"})

    def __init__(self, reply: str = REPLY) -> None:
        self.reply = reply
        self.asked: list[Prompt] = []

    def complete(self, request: lm15.Request) -> lm15.Response:
        """Its one reply."""
        turns = [{"role": message.role, "content": message.text or ""} for message in request.messages]
        self.asked.append([{"role": "system", "content": str(request.system or "")}, *turns])
        return lm15.Response(
            id=None,
            model=request.model,
            message=lm15.Message.assistant(self.reply),
            finish_reason="stop",
            usage=lm15.Usage(input_tokens=1, output_tokens=1),
        )


class AwaitedEngine:
    """InstantEngine, awaited."""

    supported_params = InstantEngine.supported_params

    def __init__(self, engine: InstantEngine) -> None:
        self._engine = engine

    async def complete(self, request: lm15.Request) -> lm15.Response:
        """Its one reply."""
        return self._engine.complete(request)

    async def stream(self, request: lm15.Request) -> AsyncIterator[Any]:
        """Its one reply, in one piece."""
        for event in lm15.response_to_events(self._engine.complete(request)):
            yield event


def instant_lm(engine: InstantEngine) -> dspy.LM:
    """An LM over the engine: no cache, no retries."""
    return dspy.LM("instant/x", engine=engine, async_engine=AwaitedEngine(engine), cache=False, num_retries=0)


class ReplyInMarkers(dspy.Signature):
    """Write the next chat message as this person, in their own words, length and spelling."""

    persona: str = dspy.InputField()
    situation: str = dspy.InputField()
    history: dspy.History = dspy.InputField()
    message: str = dspy.InputField()
    reply: str = dspy.OutputField()


class Sent(NamedTuple):
    """The prompts of one turn by one recipe; as many as there were LM calls."""

    recipe: str
    prompts: tuple[Prompt, ...]


def sent_in_a_turn(program: ChatProgram, said: Sequence[str], embed: Embedder) -> tuple[Sent, Sent, Sent]:
    """What answers the last of the messages `said`, the ones before it answered: ours, ChatAdapter's, raw KNNFewShot's.

    ChatAdapter gets the same persona, situation, history and demos as we do, raw `dspy.KNNFewShot` its own defaults.
    """
    talk = [
        Message(from_creator=bool(number % 2), content=REPLY if number % 2 else said[number // 2])
        for number in range(2 * len(said) - 1)
    ]
    ours = InstantEngine()
    with dspy.context(lm=instant_lm(ours), adapter=ChatTurnAdapter()):
        prediction = program(conversation=Conversation(messages=tuple(talk)), now=local_now())
    inputs = {
        "persona": described(program.persona, brief=program.replier.brief),
        "situation": prediction.situation,
        "history": dspy.History(messages=[{"message": message, "reply": REPLY} for message in said[:-1]]),
        "message": said[-1],
    }
    labelled = InstantEngine(_IN_MARKERS)
    with dspy.context(lm=instant_lm(labelled), adapter=dspy.ChatAdapter()):
        demos = [{"message": demo.message, "reply": demo.reply} for demo in prediction.demos]
        dspy.Predict(ReplyInMarkers)(demos=demos, **inputs)
    raw = InstantEngine(_IN_MARKERS)
    rows = [program.replier.bank.row(index) for index in range(min(_TRAINSET, len(program.replier.bank)))]
    trainset = [
        dspy.Example(**{**inputs, "message": row.message}, reply=row.reply).with_inputs(*inputs) for row in rows
    ]
    silent = io.StringIO()  # it prints to the terminal every turn
    with (
        dspy.context(lm=instant_lm(raw), adapter=dspy.ChatAdapter()),
        contextlib.redirect_stdout(silent),
        contextlib.redirect_stderr(silent),
    ):
        optimizer = dspy.KNNFewShot(k=program.replier.reply.k, trainset=trainset, vectorizer=embed)
        optimizer.compile(dspy.Predict(ReplyInMarkers))(**inputs)
    return (
        Sent("ours", tuple(ours.asked)),
        Sent("labelled demos, ChatAdapter", tuple(labelled.asked)),
        Sent("raw dspy.KNNFewShot", tuple(raw.asked)),
    )
