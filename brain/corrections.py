"""What a person corrects: a reply put in better words, and the exchange as an example for the voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.errors import DataError
from brain.models import LabeledConversation, Message
from brain.session import UNFINISHED, readable
from brain.standing import conversation_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.session import ChatSession
    from brain.store.values import StoredMessage

_REMEMBERED = 8  # messages before a reply that an example carries


def edit_reply(session: ChatSession, text: str) -> None:
    """Puts your words in the place of the last reply, which is kept beside them.

    Raises DataError when there is no reply, or the policy forbids those words.
    """
    asked, reply = _exchange(session)
    clean = readable(text)
    if clean == reply.message.content:
        raise DataError("That is the reply as it stands.", hint="Change a word, or leave it.")
    verdict = session.voice.program.check(clean, conversation_of(asked).messages)
    if not verdict.allowed:
        raise DataError(
            f"The policy forbids that reply: “{verdict.evidence or clean}”.",
            hint="Say it in other words; the reply stands as it was.",
        )
    assert session.conversation is not None, "there is a reply, so there is a conversation"
    now = session.clock()
    edited = Message(from_creator=True, content=clean, timestamp=now)
    session.store.add(session.conversation, edited, parent=reply.parent, now=now, state="edited")
    session.arrive()


def lesson(session: ChatSession) -> LabeledConversation:
    """The last exchange as an example for the voice: what was said before, and the reply.

    Raises DataError when there is no reply, or it is not whole.
    """
    asked, reply = _exchange(session)
    if reply.state in UNFINISHED:
        raise DataError("That reply is not whole.", hint="/continue finishes it; /edit them corrects it.")
    return LabeledConversation(chat_history=conversation_of(asked[-_REMEMBERED:]), output=reply.message.content)


def _exchange(session: ChatSession) -> tuple[Sequence[StoredMessage], StoredMessage]:
    """What was said before the last reply, and it."""
    session.stand()
    path = session.path
    if len(path) < 2 or not path[-1].message.from_creator:
        raise DataError("There is no reply here yet.", hint="Say something first, or /retry.")
    return path[:-1], path[-1]
