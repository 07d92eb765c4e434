"""What answers the prompts: the program, and everything it must beat or can be compared with.

All see the same prompts and the same seeds, and nothing of the proof half (see evals/halves.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dspy.utils.exceptions import AdapterParseError, ContextWindowExceededError

from brain.answering import Voice, answer_now
from brain.demos import DemoBank, Row
from brain.errors import PersonaError
from brain.models import Recipe
from brain.modules.learned import Learned
from brain.signatures.reply import Reply
from brain.voices import build_rules
from evals.learning import bank_of, learned_from
from evals.results import Answer, answer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.models import LabeledConversation
    from brain.modules.chat import ChatProgram
    from evals.cases import Case
    from evals.ground import Ground

NAMES = {
    "ours": "the voice as compiled",
    "best": "the voice, best of --candidates",
    "against": "the voice of --against",
    "zero": "zero demos",
    "raw": "raw KNNFewShot",
    "labelled": "labelled KNN",
    "nearest": "nearest reply",
    "other": "other party",
    "echo": "echo",
    "real": "real reply",
}
ASKED_FOR = ("raw", "labelled")  # costly: only with --all, or by name
ZERO_DEMOS = Recipe(k=0, rhythm=False, card=False, candidates=1)
_FEWEST_EXCHANGES = 10
_LOOKED_AT = 12


class System(NamedTuple):
    """Answers a prompt, given a seed. `key` names all that its answers depend on beside those.

    `lm_calls` is what a normal turn costs; of 0 the answers need not be kept.
    """

    id: str
    name: str
    key: str
    lm_calls: int
    answer: Callable[[Case, int], Answer]


def ours(ground: Ground) -> System:
    """The program of the artifact."""
    return _program("ours", ground.artifact.label, ground, ground.recipe)


def best_of(ground: Ground, candidates: int) -> System:
    """The same with several drafts, the best by ear said."""
    return _program(
        "best", f"best of {candidates}", ground, ground.recipe.model_copy(update={"candidates": candidates})
    )


def zero_demos(ground: Ground) -> System:
    """The same model and persona, with nothing learned."""
    program = ground.program(ZERO_DEMOS, learned=Learned())
    program.replier.reply.demos, program.replier.reply.signature = [], Reply  # an optimizer may have changed them
    return _system("zero", NAMES["zero"], ground, program)


def against(ground: Ground) -> System:
    """Another version, on ground of its own."""
    return _program("against", ground.artifact.label, ground, ground.recipe)


def another(ground: Ground, conversations: Sequence[LabeledConversation], name: str) -> System:
    """The same program, learned from another client's conversations."""
    bank = bank_of(conversations, build_rules(ground.settings), ground.bank.embed)
    program = ground.program(bank=bank, learned=learned_from(bank, conversations))
    return _system("other", f"as {name}", ground, program, bank.sha256)


def other_party(ground: Ground) -> System:
    """The other party's own words: what they said when they were told something like this message. No LM call."""
    rows = _exchanges(ground.practice)
    bank = DemoBank.build(rows, ground.bank.embed)

    def answer(case: Case, _seed: int) -> Answer:
        here = {turn.content for turn in case.conversation.messages} | {case.message}
        found = bank.nearest(case.message, _LOOKED_AT)
        said = [demo.reply for demo in found if demo.reply not in here]
        return Answer(reply=said[0] if said else "")

    return System("other", NAMES["other"], "", 0, answer)


def nearest_reply(ground: Ground) -> System:
    """The real reply to the most similar message of the practice half, as it stands. No LM call."""

    def answer(case: Case, _seed: int) -> Answer:
        found = ground.bank.nearest(case.message, 1)
        return Answer(reply=found[0].reply, demos=(found[0].id,)) if found else Answer(reply="")

    return System("nearest", NAMES["nearest"], "", 0, answer)


def echo() -> System:
    """The message itself: what overlap with the conversation alone is worth."""
    return System("echo", NAMES["echo"], "", 0, lambda case, _seed: Answer(reply=case.message))


def real_reply() -> System:
    """What the client really said: the ceiling."""
    return System("real", NAMES["real"], "", 0, lambda case, _seed: Answer(reply=case.real))


def _program(id: str, name: str, ground: Ground, recipe: Recipe) -> System:
    return _system(id, name, ground, ground.program(recipe))


def _system(id: str, name: str, ground: Ground, program: ChatProgram, *parts: object) -> System:
    voice, recipe = Voice(name, program), program.replier.recipe

    def answer(case: Case, seed: int) -> Answer:
        try:
            turn = answer_now(voice, ground.model, case.conversation, case.now, config={"seed": seed})
        except PersonaError as exc:
            if not isinstance(exc.__cause__, AdapterParseError | ContextWindowExceededError):
                raise
            return Answer(reply="", trouble=exc.message)
        return answer_of(turn)

    learned = program.replier.learned.longest, program.replier.learned.card
    return System(id, name, ground.key(recipe.model_dump(), learned, *parts), recipe.candidates, answer)


def _exchanges(conversations: Sequence[LabeledConversation]) -> list[Row]:
    """What the client said and what the other party answered; too seldom known, what they say at all."""
    pairs = {
        (before.content, after.content)
        for one in conversations
        for before, after in zip(one.chat_history.messages, one.chat_history.messages[1:], strict=False)
        if before.from_creator and not after.from_creator
    }
    if len(pairs) < _FEWEST_EXCHANGES:
        pairs = {
            (turn.content, turn.content)
            for one in conversations
            for turn in one.chat_history.messages
            if not turn.from_creator
        }
    return [Row(str(at), message, reply) for at, (message, reply) in enumerate(sorted(pairs))]
