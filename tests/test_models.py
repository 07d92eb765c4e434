"""What the values that pass between rooms promise."""

from __future__ import annotations

from datetime import datetime

import pytest
from fakes import talk, them, us
from pydantic import ValidationError

from brain.models import Conversation, LabeledConversation, Message, Persona, Recipe, Usage, Verdict


def test_a_message_says_whose_it_is_in_the_words_of_chat_apis():
    """The client is the assistant, the other person the user."""
    assert (us("hi").role, them("hi").role) == ("assistant", "user")


@pytest.mark.parametrize("content", ["", "  ", "\n\t"])
def test_a_message_without_text_is_refused(content):
    """White space alone is no message."""
    with pytest.raises(ValidationError, match="has no text"):
        Message(from_creator=False, content=content)


@pytest.mark.parametrize("value", [1, 0, "true", "no", None])
def test_whose_message_it_is_must_be_said_with_true_or_false(value):
    """A guess such as "yes" or 1 could put the client's words into the other person's mouth."""
    with pytest.raises(ValidationError):
        Message(from_creator=value, content="hi")


def test_unknown_keys_of_real_exports_are_kept():
    """Exports carry ids and scores that later work may want."""
    row = {
        "chat_history": {"messages": [{"from_creator": False, "content": "hi", "tip": 5}], "fan": "ann"},
        "output": "hey",
        "score": 0.5,
    }
    labeled = LabeledConversation.model_validate(row)

    assert labeled.model_dump(exclude_unset=True) == {
        **row,
        "chat_history": {"messages": ({"from_creator": False, "content": "hi", "tip": 5},), "fan": "ann"},
    }


def test_values_cannot_be_changed():
    """They pass between threads and are kept for `/why`."""
    with pytest.raises(ValidationError):
        them("hi").content = "bye"
    with pytest.raises(ValidationError):
        Usage().seconds = 1.0


@pytest.mark.parametrize(
    ("conversation", "waiting"),
    [
        (talk("hi"), "hi"),
        (talk("hi", "hey", "how are you?"), "how are you?"),
        (Conversation(messages=(us("hey"), them("hi"), them("still there?"))), "hi\nstill there?"),
        (Conversation(messages=(them("old"), us("a"), them("one"), them("two"), us("b"))), "one\ntwo"),
        (Conversation(messages=(us("good morning"),)), ""),
        (Conversation(messages=()), ""),
    ],
)
def test_what_waits_for_an_answer_is_the_other_persons_last_burst(conversation, waiting):
    """People send one thought in several messages; all of them are answered together."""
    assert conversation.last_from_other == waiting


def test_timestamps_are_read_with_their_zone():
    """The zone is what makes a time local."""
    message = Message(from_creator=False, content="hi", timestamp="2026-05-02T23:10:00+02:00")

    assert message.timestamp == datetime.fromisoformat("2026-05-02T23:10:00+02:00")


@pytest.mark.parametrize("name", ["", "Nela", "-nela", "a/b", "..", "a" * 65])
def test_a_personas_id_can_be_a_folders_name(name):
    """It becomes part of a path."""
    with pytest.raises(ValidationError):
        Persona(name="Nela", id=name)


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_a_verdicts_confidence_lies_between_0_and_1(confidence):
    """A number outside is a bug of whoever judged."""
    with pytest.raises(ValidationError):
        Verdict(allowed=True, confidence=confidence)


@pytest.mark.parametrize(
    "wrong",
    [{"k": -1}, {"k": 65}, {"candidates": 0}, {"candidates": 17}, {"strategy": "best"}, {"layout": "x"}, {"n": 1}],
)
def test_a_recipe_is_one_that_can_be_followed(wrong):
    """An optimizer may try many; a manifest may be changed by hand."""
    with pytest.raises(ValidationError):
        Recipe(**wrong)


def test_a_recipe_survives_json():
    """It stands in the manifest."""
    recipe = Recipe(strategy="knn+diverse", k=5, layout="block", rhythm=False, card=False, candidates=4)

    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
