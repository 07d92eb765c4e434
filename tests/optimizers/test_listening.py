"""Listening to a model: what it is asked, and what is learned from its drafts."""

from __future__ import annotations

import dspy
import pytest
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, them

from brain.lms.build import Model
from brain.models import Conversation, LabeledConversation, Persona
from brain.modules.chat import ChatProgram
from evals.halves import halves
from optimizers.knn_few_shot import KNNFewShot
from optimizers.listening import listen

CONVERSATIONS = [
    LabeledConversation(
        chat_history=Conversation(messages=(them(f"question {number}"),)),
        output=f"answer number {number} from the kiln",
    )
    for number in range(30)
]


@pytest.fixture
def program(rules) -> ChatProgram:
    """Compiled from thirty replies."""
    trainset = [
        dspy.Example(id=str(number), conversation=one.chat_history, reply=one.output).with_inputs("conversation")
        for number, one in enumerate(CONVERSATIONS)
    ]
    student = ChatProgram(Persona(name="Ada", id="ada"), rules)
    return KNNFewShot(HashEmbedder(), k=2).compile(student, trainset=trainset)


def heard(program, count):
    engine = ScriptedEngine([f"You're great! Draft {number}. And more." for number in range(count)])
    model = Model("scripted", scripted_lm(engine), small=True)
    return list(listen(program, model, CONVERSATIONS, count=count)), engine


def test_one_call_a_draft_over_evenly_spaced_messages(program):
    """Of the practice half. No draft is shortened or chosen: the model is heard as it speaks."""
    drafts, engine = heard(program, 4)

    assert [draft.id for draft in drafts] == ["0", "3", "11", "14"]
    assert drafts[1].text == "You're great! Draft 1. And more."
    assert len(engine.requests) == 4


def test_neither_the_real_reply_nor_the_proof_half_is_shown(program):
    """Else the model would be heard repeating it, and an evaluation would not be of what nothing has seen."""
    drafts, engine = heard(program, 15)
    proof = halves(len(CONVERSATIONS)).proof

    for draft, prompt in zip(drafts, engine.prompts, strict=True):
        for number in (int(draft.id), *proof):
            assert f"{CONVERSATIONS[number].output} " not in str(prompt).replace("'", " ")


def test_listening_leaves_the_program_as_it_was(program):
    """Its recipe and what it learned stay; more drafts than replies are not asked for."""
    before = (program.replier.recipe, program.replier.learned)
    drafts, _ = heard(program, 15)

    assert (program.replier.recipe, program.replier.learned) == before
    assert len(drafts) == 15
    assert heard(program, 0)[0] == []
