"""A reply that stopped short goes on: what the model is given, what is said, and what stays beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from dspy import lm15
from talking import scripted_session

from brain import corrections
from brain.errors import DataError, UnavailableError

if TYPE_CHECKING:
    from brain.policy.rules import Rules
    from brain.session import ChatSession
    from brain.store.store import Store


def left_at(store: Store, chat: ChatSession, text: str) -> None:
    """A second reply that was stopped after this text."""
    assert chat.conversation is not None
    asked = store.ask(chat.conversation, None, parent=chat.path[0].id, now=chat.clock())
    store.finish(asked.reply, text, state="stopped", now=chat.clock())
    chat.arrive()


@pytest.mark.parametrize("prefills", [True, False])
def test_the_model_is_given_what_stands(store: Store, rules: Rules, prefills: bool) -> None:
    """As a last turn of its own; a model that cannot go on from there is asked to, and half a word is left out."""
    chat, engine, _ = scripted_session(store, rules, "first", "quiet for once", prefills=prefills)
    asyncio.run(chat.say("how was the sea?"))
    left_at(store, chat, "the sea was lo")

    turn = asyncio.run(chat.go_on())

    assert turn.reply == "the sea was quiet for once"
    begun = {"role": "assistant", "content": "the sea was"}
    assert engine.prompts[-1][-1 if prefills else -2] == begun
    assert len(store.alternatives(chat.path[-1].id)) == 3, "what was stopped stays beside it"


def test_a_whole_reply_has_nothing_to_go_on_with(store: Store, rules: Rules) -> None:
    """It is not begun anew unasked."""
    chat, engine, _ = scripted_session(store, rules, "hello")
    asyncio.run(chat.say("hi"))

    with pytest.raises(DataError, match="whole"):
        asyncio.run(chat.go_on())

    assert len(engine.requests) == 1


def test_an_unanswered_message_is_answered(store: Store, rules: Rules) -> None:
    """Going on after a failure is a reply."""
    chat, _, _ = scripted_session(store, rules, lm15.ServerError("down"), "up again")
    with pytest.raises(UnavailableError):
        asyncio.run(chat.say("still there?"))

    assert asyncio.run(chat.go_on()).reply == "up again"


def test_what_was_kept_passes_the_filter_again(store: Store, rules: Rules) -> None:
    """The policy may have changed since: what it forbids is neither shown nor gone on with."""
    chat, engine, _ = scripted_session(store, rules, "first", "and slept well")
    asyncio.run(chat.say("how was the sea?"))
    left_at(store, chat, "it was loud. i am on instagram now. the cat hid")

    assert "instagram" not in chat.sayable(chat.path[-1])
    asyncio.run(chat.go_on())

    assert "instagram" not in str(engine.prompts[-1])
    assert "instagram" not in chat.path[-1].message.content


def test_a_reply_that_another_window_writes_is_left_to_it(store: Store, rules: Rules) -> None:
    """It is neither gone on with nor an example."""
    chat, _, clock = scripted_session(store, rules, "hello")
    asyncio.run(chat.say("hi"))
    assert chat.conversation is not None
    asked = store.ask(chat.conversation, None, parent=chat.path[0].id, now=clock())
    store.write(asked.reply, "half of", clock())
    chat.arrive()

    with pytest.raises(DataError, match="another window"):
        asyncio.run(chat.go_on())
    with pytest.raises(DataError, match="not whole"):
        corrections.lesson(chat)


def test_nothing_that_may_be_said_is_told(store: Store, rules: Rules) -> None:
    """Another reply is another matter."""
    chat, engine, _ = scripted_session(store, rules, "first")
    asyncio.run(chat.say("where are you?"))
    left_at(store, chat, "i am on instagram")

    with pytest.raises(DataError, match="may not be said"):
        asyncio.run(chat.go_on())

    assert len(engine.requests) == 1
