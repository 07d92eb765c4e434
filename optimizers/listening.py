"""Listening to a model: what it writes for the client's own messages, so that its accent is known.

The drafts go into what a program learns (`brain.modules.learned`): the ear hears what tells the client from this model,
and the accent is talked out of it where its engine takes a bias on tokens. Costs one LM call a draft.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from brain.answering import answering
from brain.models import Draft, LabeledConversation
from brain.modules.context import clock_facts
from brain.modules.learned import Learned
from brain.patience import patiently_now
from evals.cases import case_of
from evals.halves import halves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from brain.lms.build import Model
    from brain.modules.chat import ChatProgram
    from evals.cases import Case


class Listening(NamedTuple):
    """Which model is heard, and how: its drafts for the rows of a compiled program's bank."""

    model: str
    drafts: Callable[[ChatProgram, Sequence[LabeledConversation]], Sequence[Draft]]


def kept_drafts(file: Path, model: str) -> Listening:
    """What a model wrote before, from a file of drafts, one JSON object a line."""
    return Listening(model, lambda *_: tuple(map(Draft.model_validate_json, file.read_bytes().splitlines())))


def listen(
    program: ChatProgram,
    model: Model,
    conversations: Sequence[LabeledConversation],
    *,
    count: int,
    seed: int = 0,
    tell: Callable[[str], object] = lambda _: None,
) -> Iterator[Draft]:
    """A draft for each of `count` evenly spaced rows of the practice half, as the model writes it unhelped.

    The program has a bank whose ids are indices of `conversations`. A row never sees its own reply as a demo, nor one
    of the proof half (`evals.halves`); of that half it reads only what its own conversation quotes. A rate
    limit is waited out, and `tell` hears of it; raises PersonaError when the model fails for good.
    """
    bank, recipe = program.replier.bank, program.replier.recipe
    unhelped = program.deepcopy()
    unhelped.suit(small=model.small)
    plain = recipe.model_copy(update={"rhythm": False, "card": False, "candidates": 1})
    unhelped.replier.use(bank, plain, Learned())
    practice, proof = (frozenset(map(str, half)) for half in halves(len(conversations)))
    rows = [row for row in map(bank.row, range(len(bank))) if row.id in practice]
    rows = rows[:: max(len(rows) // count, 1)][:count] if count else []
    for number, row in enumerate(rows):
        case = case_of(row.id, conversations[int(row.id)])
        draft = partial(_draft, unhelped, model, case, exclude=proof | {row.id}, seed=seed + number)
        yield Draft(id=row.id, text=patiently_now(draft, tell=tell))


def _draft(program: ChatProgram, model: Model, case: Case, *, exclude: frozenset[str], seed: int) -> str:
    with answering(model, program):
        said = program.replier(
            conversation=case.conversation,
            situation=clock_facts(case.conversation, case.now),
            exclude=exclude,
            config={"seed": seed},
        )
    return str(said.reply)
