"""A reply in better words, and the exchange as a lesson."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from talking import scripted_session

from brain import corrections
from brain.errors import DataError

if TYPE_CHECKING:
    from brain.policy.rules import Rules
    from brain.store.store import Store


def test_the_correction_stands_beside_the_reply(store: Store, rules: Rules) -> None:
    """The model reads the corrected words from then on."""
    chat, engine, _ = scripted_session(store, rules, "dear sir", "bye")
    asyncio.run(chat.say("hi"))

    corrections.edit_reply(chat, "hey you \x1b[31m")
    asyncio.run(chat.say("see you"))

    path = chat.path
    assert [stored.message.content for stored in path] == ["hi", "hey you", "see you", "bye"]
    assert path[1].state == "edited"
    assert len(store.alternatives(path[1].id)) == 2
    assert "dear sir" not in str(engine.prompts[-1])


def test_words_that_the_policy_forbids_are_refused(store: Store, rules: Rules) -> None:
    """The reply stands as it was."""
    chat, _, _ = scripted_session(store, rules, "dear sir")
    asyncio.run(chat.say("hi"))

    with pytest.raises(DataError, match="instagram"):
        corrections.edit_reply(chat, "i'm on instagram")

    assert chat.path[-1].message.content == "dear sir"


def test_a_lesson_is_the_last_exchange_with_what_led_to_it(store: Store, rules: Rules) -> None:
    """History without the reply, and the reply."""
    chat, _, _ = scripted_session(store, rules, "hello", "fine")
    asyncio.run(chat.say("hi"))
    asyncio.run(chat.say("how are you?"))

    lesson = corrections.lesson(chat)

    assert [message.content for message in lesson.chat_history.messages] == ["hi", "hello", "how are you?"]
    assert lesson.output == "fine"


def test_half_a_reply_is_no_lesson(store: Store, rules: Rules) -> None:
    """Nor is a message that nobody answered."""
    chat, _, clock = scripted_session(store, rules, "hello")
    with pytest.raises(DataError, match="no reply"):
        corrections.lesson(chat)
    asyncio.run(chat.say("hi"))
    assert chat.conversation is not None
    asked = store.ask(chat.conversation, None, parent=chat.path[0].id, now=clock())
    store.finish(asked.reply, "hel", state="stopped", now=clock())
    chat.arrive()

    with pytest.raises(DataError, match="not whole"):
        corrections.lesson(chat)
