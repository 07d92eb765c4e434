"""The prompts of an evaluation."""

from __future__ import annotations

from datetime import UTC, datetime

from eval_samples import conversations
from fakes import talk, them

from brain.models import Conversation, LabeledConversation
from evals.cases import case_of, draw


def test_fewer_prompts_are_the_first_of_more():
    """A run with a smaller limit reuses the answers of a larger one."""
    labeled = conversations(20)
    ids = [str(at) for at in range(20)]

    few, many = (draw(labeled, ids, most=most, seed=3) for most in (4, 10))

    assert many.cases[:4] == few.cases
    assert len(many.rest) == 10
    assert {one.output for one in many.rest}.isdisjoint(case.real for case in many.cases)


def test_it_is_answered_when_its_last_message_came():
    """Where the file does not tell, it is some noon, and nothing is said about the clock."""
    then = datetime(2026, 5, 2, 23, 10, tzinfo=UTC)
    dated = LabeledConversation(chat_history=Conversation(messages=(them("hi", then),)), output="oh hello")
    undated = LabeledConversation(chat_history=talk("hi"), output="oh hello")

    assert (case_of("1", dated).now, case_of("1", dated).dated) == (then, True)
    assert (case_of("1", undated).now.hour, case_of("1", undated).dated) == (12, False)
    assert case_of("1", dated).message == "hi"
