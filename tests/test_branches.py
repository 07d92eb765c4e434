"""Moves in the tree of a conversation, as a session makes them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from talking import scripted_session

from brain import branches
from brain.branches import Place
from brain.errors import DataError
from brain.models import Message

if TYPE_CHECKING:
    from brain.policy.rules import Rules
    from brain.session import ChatSession
    from brain.store.store import Store


def said(session: ChatSession) -> list[str]:
    return [stored.message.content for stored in session.path]


def test_an_edited_message_is_an_alternative_with_its_own_reply(store: Store, rules: Rules) -> None:
    """Stepping back brings message and reply of the first form back."""
    chat, _, _ = scripted_session(store, rules, "to one", "to two")
    asyncio.run(chat.say("one"))
    asyncio.run(chat.edit("two"))
    assert said(chat) == ["two", "to two"]

    assert branches.step(chat, -1) == Place(1, 2, mine=True)
    assert said(chat) == ["one", "to one"]
    assert branches.step(chat, 1) == Place(2, 2, mine=True)
    assert said(chat) == ["two", "to two"]


def test_replies_come_before_messages(store: Store, rules: Rules) -> None:
    """Where both have alternatives, those of the reply are walked first; beyond their end the other message stands."""
    chat, _, _ = scripted_session(store, rules, "a", "b", "c")
    asyncio.run(chat.say("one"))
    asyncio.run(chat.edit("two"))
    asyncio.run(chat.retry())

    assert branches.place(chat) == Place(2, 2)
    assert branches.step(chat, -1) == Place(1, 2)
    assert said(chat) == ["two", "b"]
    assert branches.step(chat, -1) == Place(1, 2, mine=True)
    assert said(chat) == ["one", "a"]
    with pytest.raises(DataError, match="first of 2"):
        branches.step(chat, -1)


def test_an_unanswered_message_stays_on_the_path(store: Store, rules: Rules) -> None:
    """Its own forms are walked, not the replies before it."""
    chat, _, clock = scripted_session(store, rules, "a", "b")
    asyncio.run(chat.say("one"))
    asyncio.run(chat.retry())
    assert chat.conversation is not None
    store.add(chat.conversation, Message(from_creator=False, content="two"), parent=chat.path[-1].id, now=clock())
    chat.arrive()

    with pytest.raises(DataError, match="only one"):
        branches.step(chat, -1)

    assert said(chat) == ["one", "b", "two"]


def test_the_ends_are_told(store: Store, rules: Rules) -> None:
    """Which end it is, and the way back."""
    chat, _, _ = scripted_session(store, rules, "a", "b")
    with pytest.raises(DataError, match="only one"):
        branches.step(chat, 1)
    asyncio.run(chat.say("one"))
    with pytest.raises(DataError, match="only one"):
        branches.step(chat, 1)
    asyncio.run(chat.retry())
    with pytest.raises(DataError, match="last of 2") as told:
        branches.step(chat, 1)
    assert "/prev" in told.value.hint


def test_a_fork_goes_its_own_way(store: Store, rules: Rules) -> None:
    """What is said in the copy is not in the first."""
    chat, _, _ = scripted_session(store, rules, "a", "b")
    asyncio.run(chat.say("one"))

    before = branches.fork(chat)
    asyncio.run(chat.say("two"))

    assert said(chat) == ["one", "a", "two", "b"]
    assert [stored.message.content for stored in store.path(before)] == ["one", "a"]
    assert chat.last_turn(2) is not None, "what explains a reply is copied with it"


def test_nothing_to_move_in(store: Store, rules: Rules) -> None:
    """An empty session stays where it is."""
    chat, _, _ = scripted_session(store, rules)

    assert branches.undo(chat) == branches.redo(chat) == 0
    assert branches.place(chat) is None
    with pytest.raises(DataError, match="nothing to fork"):
        branches.fork(chat)


def test_two_windows_in_one_conversation_have_a_branch_each(store: Store, rules: Rules) -> None:
    """Each goes on from what it shows, is told so, and neither loses a word."""
    first, engine, _ = scripted_session(store, rules, "to one", "to three")
    asyncio.run(first.say("one"))
    second, _, _ = scripted_session(store, rules, "to two", conversation=first.conversation)
    second.arrive()
    asyncio.run(second.say("two"))
    told: list[str] = []

    asyncio.run(first.say("three", tell=told.append))

    assert said(first) == ["one", "to one", "three", "to three"]
    assert "two" not in str(engine.prompts[-1])
    assert ["another window" in line for line in told] == [True]
    second.stand()
    assert said(second) == ["one", "to one", "two", "to two"]
