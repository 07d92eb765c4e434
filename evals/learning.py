"""The program learned anew from a part of the conversations, by the artifact's own recipe and instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.demos import DemoBank, Row
from brain.modules.learned import learn
from brain.sanitise import display
from brain.voices import build_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from brain.artifact import Artifact
    from brain.config import Settings
    from brain.demos import Embedder
    from brain.lms.build import Model
    from brain.models import Draft, LabeledConversation, Recipe
    from brain.modules.chat import ChatProgram
    from brain.modules.learned import Learned
    from brain.policy.rules import Rules

_CONTEXT = 6


def part_of(bank: DemoBank, ids: Iterable[str]) -> DemoBank:
    """The rows of the bank with these ids."""
    wanted = set(ids)
    return bank.subset([at for at in range(len(bank)) if bank.row(at).id in wanted])


def bank_of(conversations: Sequence[LabeledConversation], rules: Rules, embed: Embedder) -> DemoBank:
    """A bank of these conversations, as compiling makes it: cleaned, without repeats, and only what may be said."""
    rows: dict[tuple[str, str], Row] = {}
    for at, one in enumerate(conversations):
        message, reply = display(one.chat_history.last_from_other), display(one.output)
        if reply.strip() and rules.check(reply, one.chat_history.messages[-_CONTEXT:]).allowed:
            rows.setdefault((message, reply), Row(str(at), message, reply))
    return DemoBank.build(list(rows.values()), embed)


def learned_from(bank: DemoBank, conversations: Sequence[LabeledConversation], drafts: Iterable[Draft] = ()) -> Learned:
    """What a program learns beside its bank; `conversations` are those the bank is made of.

    Of the drafts only those count that a model wrote for a row of the bank.
    """
    known = {bank.row(at).id for at in range(len(bank))}
    return learn(bank, sorted(other_messages(conversations)), drafts=[draft for draft in drafts if draft.id in known])


def other_messages(conversations: Iterable[LabeledConversation]) -> set[str]:
    """Everything the other party says in these conversations."""
    return {
        message.content
        for conversation in conversations
        for message in conversation.chat_history.messages
        if not message.from_creator
    }


def relearned(
    artifact: Artifact, settings: Settings, model: Model, bank: DemoBank, learned: Learned, recipe: Recipe
) -> ChatProgram:
    """The artifact's program with another bank and recipe; its instructions stay."""
    program = build_program(artifact, settings, model)
    program.replier.use(bank, recipe.model_copy(update={"k": min(recipe.k, len(bank))}), learned)
    return program
