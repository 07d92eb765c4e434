"""A conversation is taken up again: its end is shown, and what was cut off in it is said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from brain.session import UNFINISHED, local_now
from brain.terminal.ago import ago
from brain.terminal.counted import counted, one_line
from brain.terminal.switching import change_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.store.values import Interrupted, SessionInfo, StoredMessage
    from brain.terminal.loop import ChatLoop

_RECENT = 6  # messages
_ROWS, _SHOWN = 8, 1_000  # lines and characters of a message of yours
_MARKS = {"stopped": "stopped", "cut": "cut off", "interrupted": "cut off", "edited": "edited"}


async def show_recent(chat: ChatLoop, most: int = _RECENT, *, offer: bool = True) -> None:
    """The end of the conversation, and with `offer` what can be done about a message that has no whole reply."""
    path = (await chat.opened()).session.path
    for stored in path[-most:]:
        await show(chat, stored, mark=_MARKS.get(stored.state, ""))
    if not offer or not path:
        return
    if not path[-1].message.from_creator:
        chat.screen.note("That message has no reply yet; /retry answers it.")
    elif path[-1].state in UNFINISHED:
        chat.screen.note("That reply is not whole: /continue goes on, /retry says it anew.")


async def show(chat: ChatLoop, stored: StoredMessage, *, mark: str = "") -> None:
    """One message of the past. Of a reply that was cut off only what the policy, as it is now, lets through."""
    session = (await chat.opened()).session
    if not stored.message.from_creator:
        chat.screen.said(_beginning(stored.message.content))
        return
    text = session.sayable(stored) if stored.state in UNFINISHED else stored.message.content
    if text:
        chat.screen.reply(session.voice.program.persona.name, text, mark=mark)
    else:
        chat.screen.note("What was kept of that reply may not be said under the policy; /retry says it anew.")


def tell_interrupted(chat: ChatLoop, interrupted: Interrupted) -> None:
    """What a program that was killed left behind."""
    chat.interrupted = interrupted
    if interrupted.words:
        kept = counted(interrupted.words, "word")
        chat.screen.note(f"Last time stopped mid-reply; I kept {kept}. /continue or /retry.")
    else:
        chat.screen.note("Last time stopped before a reply came; your message is kept. /retry answers it.")


async def take_up_interrupted(chat: ChatLoop) -> None:
    """Opens the conversation that was cut off by a killed program, when nothing was said in a new one yet."""
    session = (await chat.opened()).session
    if session.conversation is None and chat.interrupted is not None:
        await open_conversation(chat, chat.interrupted.conversation)


async def open_conversation(chat: ChatLoop, conversation: str) -> None:
    """Goes on with another conversation, and with its voice."""
    opening = await chat.opened()
    info = await asyncio.to_thread(opening.session.store.session, conversation)
    if info.voice != opening.session.voice.name:
        await change_voice(chat, info.voice)
    opening.session.conversation = conversation
    opening.session.arrive()
    await chat.stands_elsewhere()
    chat.screen.note(_heading(info))
    await show_recent(chat)


def list_conversations(chat: ChatLoop, listed: Sequence[SessionInfo]) -> None:
    """The newest conversations by number."""
    now = local_now()
    rows = [
        (
            str(number),
            f"{_heading(info)}  ({ago(info.updated, now)}, {counted(info.messages, 'message')}, {info.voice})",
        )
        for number, info in enumerate(listed, start=1)
    ]
    chat.screen.table(rows)
    chat.screen.note("/open 2, or /open and some words; persona sessions lists them all")


def _beginning(text: str) -> str:
    """A long paste as a few of its lines."""
    rows = text[:_SHOWN].splitlines()[:_ROWS]
    shown = "\n".join(rows)
    return text if shown == text else f"{shown}…"


def _heading(info: SessionInfo) -> str:
    return one_line(info.title or info.first or info.id)
