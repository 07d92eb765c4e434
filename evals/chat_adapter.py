"""The same voice by DSPy's own means: labelled demos under ChatAdapter, and `dspy.KNNFewShot` as it comes.

They get the same persona, situation, history and practice half as the program. An answer without
ChatAdapter's markers counts as it stands: a small model forgets them, and a baseline gets the benefit of the doubt.
"""

from __future__ import annotations

import contextlib
import io
import re
import time
from typing import TYPE_CHECKING, Any

import dspy
from dspy.utils.exceptions import AdapterParseError, ContextWindowExceededError

from brain.answering import answering
from brain.demo_choice import choose
from brain.modules.context import clock_facts
from brain.modules.reply import described
from evals.cases import case_of
from evals.prompt_cost import ReplyInMarkers
from evals.results import Answer
from evals.systems import NAMES, System

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from brain.models import Conversation
    from brain.modules.chat import ChatProgram
    from evals.cases import Case
    from evals.ground import Ground

MAX_TOKENS = 200
_MARKER = re.compile(r"\[\[ ## \w+ ## \]\]")
DEMOS = 3  # where the recipe has none


def labelled_knn(ground: Ground) -> System:
    """The same demos, under ChatAdapter; one LM call."""
    program = ground.program()

    def answer(case: Case, seed: int) -> Answer:
        found = choose(ground.bank, case.message, _demos(ground), strategy=ground.recipe.strategy)
        predict = dspy.Predict(ReplyInMarkers, max_tokens=MAX_TOKENS, seed=seed)
        demos = [{"message": demo.message, "reply": demo.reply} for demo in reversed(found)]
        inputs = _inputs(program, case)
        told = _asked(ground, program, lambda: predict(demos=demos, **inputs))
        return told.model_copy(update={"demos": tuple(demo.id for demo in found)})

    key = ground.key("labelled", MAX_TOKENS, _demos(ground), ground.recipe.strategy)
    return System("labelled", NAMES["labelled"], key, 1, answer)


def raw_knn_few_shot(ground: Ground) -> System:
    """`dspy.KNNFewShot` with its defaults, so that its demos are the model's own words; k + 1 LM calls."""
    program, k = ground.program(), _demos(ground)
    trainset = []
    for one in ground.labelled():
        inputs = _inputs(program, case_of("", one))
        trainset.append(dspy.Example(**inputs, reply=one.output).with_inputs(*inputs))
    optimizer = dspy.KNNFewShot(k=k, trainset=trainset, vectorizer=ground.bank.embed)

    def answer(case: Case, seed: int) -> Answer:
        student = dspy.Predict(ReplyInMarkers, max_tokens=MAX_TOKENS, seed=seed)
        inputs = _inputs(program, case)
        return _asked(ground, program, lambda: optimizer.compile(student)(**inputs), fallback=True)

    return System("raw", NAMES["raw"], ground.key("raw", MAX_TOKENS, k), k + 1, answer)


def _demos(ground: Ground) -> int:
    return min(ground.recipe.k or DEMOS, len(ground.bank))


def _inputs(program: ChatProgram, case: Case) -> dict[str, Any]:
    """What our own prompt tells, as the fields of a form."""
    situation = clock_facts(case.conversation, case.now)
    sent = program.replier.fit(case.conversation, situation).conversation
    return {
        "persona": described(program.persona, brief=program.replier.brief),
        "situation": situation,
        "history": dspy.History(messages=_exchanged(sent)),
        "message": case.message,
    }


def _exchanged(conversation: Conversation) -> list[dict[str, str]]:
    """Messages and their replies; what waits for a reply is not among them."""
    pairs: list[dict[str, str]] = []
    asked: list[str] = []
    for turn in conversation.messages:
        if not turn.from_creator:
            asked.append(turn.content)
        elif asked or not pairs:
            pairs.append({"message": "\n".join(asked), "reply": turn.content})
            asked = []
        else:
            pairs[-1]["reply"] += f"\n{turn.content}"
    return pairs


def _asked(
    ground: Ground, program: ChatProgram, call: Callable[[], dspy.Prediction], *, fallback: bool = False
) -> Answer:
    """One turn by ChatAdapter; `fallback` lets it ask again in JSON, as it does by default."""
    started = time.perf_counter()
    reply = trouble = ""
    with answering(ground.model, program) as record, _quietly(dspy.ChatAdapter(use_json_adapter_fallback=fallback)):
        try:
            reply = str(call().reply or "").strip()
        except AdapterParseError as exc:
            reply = _MARKER.sub("", exc.lm_response or "").strip()
            trouble = "" if reply else "the answer could not be read"
        except ContextWindowExceededError:
            trouble = "the prompt is longer than the model reads"
    calls = [call for calls in record.tracker.usage_data.values() for call in calls]
    return Answer(
        reply=reply,
        trouble=trouble,
        seconds=round(time.perf_counter() - started, 3),
        prompt_tokens=sum(call.get("prompt_tokens") or 0 for call in calls),
        completion_tokens=sum(call.get("completion_tokens") or 0 for call in calls),
        lm_calls=len(calls),
    )


@contextlib.contextmanager
def _quietly(adapter: dspy.Adapter) -> Iterator[None]:
    """With this adapter, and nothing on the terminal: KNNFewShot prints every turn."""
    silent = io.StringIO()
    with dspy.context(adapter=adapter), contextlib.redirect_stdout(silent), contextlib.redirect_stderr(silent):
        yield
