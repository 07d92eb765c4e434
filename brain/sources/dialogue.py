"""From long dialogues to labelled conversations: one for each reply of the client, with what was said just before it.

Messages in a row stay messages of the history; as a reply they are joined by line breaks. After a silence a new
conversation begins, so what came before it is no history of what follows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from brain.models import Conversation, LabeledConversation, Message
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HISTORY = 8  # messages before a reply
GAP = timedelta(hours=1)
MOST = 10_000  # replies: compiled in half a minute, and more teach little


class Said(NamedTuple):
    """One message. What is not `own` was only passed on: it is history, and no reply to learn from."""

    speaker: str
    text: str
    time: datetime | None = None
    own: bool = True


class Labeled(NamedTuple):
    """The labelled conversations, how many replies there were, and how many of them came after a silence."""

    conversations: tuple[LabeledConversation, ...]
    replies: int
    late: int


class _Reply(NamedTuple):
    """Where a reply stands: history from `start`, reply from `at`, up to `end`, in the chat of this number."""

    seconds: float
    chat: int
    start: int
    at: int
    end: int


def labeled(chats: Sequence[Sequence[Said]], client: str, *, gap: timedelta = GAP, most: int = MOST) -> Labeled:
    """A labelled conversation for every reply of the client, the newest `most` of them, in order.

    Everybody but the client is the other person. A reply that comes after a silence of more than `gap` answers nobody.
    """
    replies: list[_Reply] = []
    late = 0
    for number, chat in enumerate(chats):
        for start, end in _sittings(chat, gap):
            replies += _replies(chat, number, start, end, client)
            late += start > 0 and chat[start].speaker == client and chat[start - 1].speaker != client
    kept = sorted(sorted(replies)[-most:], key=lambda reply: (reply.chat, reply.at)) if most else []
    shown: dict[str, str] = {}
    found = (_conversation(chats[reply.chat], reply, client, shown) for reply in kept)
    return Labeled(tuple(dict.fromkeys(one for one in found if one is not None)), len(replies), late)


def _sittings(chat: Sequence[Said], gap: timedelta) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(chat)):
        before, after = chat[at - 1].time, chat[at].time
        if before is not None and after is not None and _seconds(after) - _seconds(before) > gap.total_seconds():
            yield start, at
            start = at
    if chat:
        yield start, len(chat)


def _replies(chat: Sequence[Said], number: int, start: int, end: int, client: str) -> Iterator[_Reply]:
    at = start
    while at < end:
        if chat[at].speaker != client:
            at += 1
            continue
        after = at
        while after < end and chat[after].speaker == client:
            after += 1
        if at > start and any(said.own for said in chat[at:after]):
            time = chat[at].time
            yield _Reply(_seconds(time) if time else 0.0, number, max(start, at - HISTORY), at, after)
        at = after


def _conversation(
    chat: Sequence[Said], reply: _Reply, client: str, shown: dict[str, str]
) -> LabeledConversation | None:
    def clean(text: str) -> str:
        if text not in shown:
            shown[text] = display(text).strip()
        return shown[text]

    history = [(said, text) for said in chat[reply.start : reply.at] if (text := clean(said.text))]
    output = "\n".join(text for said in chat[reply.at : reply.end] if said.own and (text := clean(said.text)))
    if not output or not history or history[-1][0].speaker == client:
        return None
    messages = tuple(
        Message(from_creator=said.speaker == client, content=text, **({"timestamp": said.time} if said.time else {}))
        for said, text in history
    )
    return LabeledConversation(chat_history=Conversation(messages=messages), output=output)


def _seconds(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
