"""Moves in the tree of a conversation: back and forth, from one alternative to another, and off on a copy.

Nothing here deletes. Every function raises UnavailableError when the store does not answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable

    from brain.session import ChatSession


class Place(NamedTuple):
    """Which of several alternatives stands in the conversation, counted from 1; `mine` when they are your message's."""

    number: int
    of: int
    mine: bool = False


def undo(session: ChatSession, exchanges: int = 1) -> int:
    """Goes back so many exchanges; how many it were."""
    return _moved(session, session.store.undo, exchanges)


def redo(session: ChatSession, exchanges: int = 1) -> int:
    """Goes forward again, so many exchanges; how many it were."""
    return _moved(session, session.store.redo, exchanges)


def _moved(session: ChatSession, move: Callable[[str, int], int], exchanges: int) -> int:
    if session.conversation is None:
        return 0
    session.stand()
    done = move(session.conversation, exchanges)
    session.arrive()
    return done


def step(session: ChatSession, by: int) -> Place:
    """To the next (1) or previous (-1) reply to the last message; beyond either end, to another form of that message.

    Raises DataError at the very end, and where there is only one.
    """
    session.stand()
    path = session.path
    of = 0
    for stored in reversed(path[-2:] if path and path[-1].message.from_creator else path[-1:]):
        others = session.store.alternatives(stored.id)
        index = others.index(stored.id) + by
        of = max(of, len(others))
        if 0 <= index < len(others):
            assert session.conversation is not None, "there is a path, so there is a conversation"
            session.store.choose(session.conversation, others[index])
            mine = not stored.message.from_creator
            if mine:
                session.store.redo(session.conversation, 1)
            session.arrive()
            return Place(index + 1, len(others), mine=mine)
    if of < 2:
        raise DataError("There is only one.", hint="/retry adds a reply, /edit another form of your message.")
    which, way = ("first", "/next") if by < 0 else ("last", "/prev")
    raise DataError(f"This is the {which} of {of}.", hint=f"{way} goes the other way.")


def place(session: ChatSession) -> Place | None:
    """Which of its alternatives the last message is; None when it has none."""
    head = session.head
    others = session.store.alternatives(head.id) if head else ()
    if head is None or len(others) < 2:
        return None
    return Place(others.index(head.id) + 1, len(others), mine=not head.message.from_creator)


def fork(session: ChatSession) -> str:
    """Goes on in a copy of the conversation; the id of the one that stays as it is. Raises DataError without one."""
    if session.conversation is None:
        raise DataError("There is nothing to fork yet.", hint="Say something first.")
    session.stand()
    before = session.conversation
    session.conversation = session.store.fork(before, session.clock())
    return before
