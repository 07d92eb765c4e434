"""Slash commands about whole conversations."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from brain.errors import DataError
from brain.terminal.taking_up import list_conversations, open_conversation
from brain.transcripts.forms import FORMS

if TYPE_CHECKING:
    from brain.terminal.loop import ChatLoop

_LISTED = 10


async def new(chat: ChatLoop, _argument: str) -> None:
    """`/new`."""
    opening = await chat.opened()
    opening.session.conversation = None
    await chat.stands_elsewhere()
    kept = "The one before is not kept." if opening.off_record else "The one before is kept: /open."
    chat.screen.note(f"A new conversation. {kept}")


async def take_up(chat: ChatLoop, wanted: str) -> None:
    """`/open [number, id or words]`; without, the newest are listed."""
    store = (await chat.opened()).session.store
    listed = await asyncio.to_thread(store.sessions, limit=_LISTED)
    if wanted:
        numbered = wanted.isdecimal() and len(wanted) < len(str(_LISTED)) + 1 and 0 < int(wanted) <= len(listed)
        found = listed[int(wanted) - 1].id if numbered else await asyncio.to_thread(store.find, wanted)
        await open_conversation(chat, found)
        return
    if not listed:
        raise DataError("There is no other conversation yet.", hint="Say something first.")
    list_conversations(chat, listed)


async def name(chat: ChatLoop, title: str) -> None:
    """`/name TEXT`."""
    session = (await chat.opened()).session
    if session.conversation is None:
        raise DataError("There is nothing to name yet.", hint="Say something first.")
    if not title:
        raise DataError("A name is missing.", hint="/name the market on sunday")
    await asyncio.to_thread(session.store.rename, session.conversation, title)
    chat.screen.note(f"Named. persona chat -r {session.conversation} finds it, and so do its words.")


async def save(chat: ChatLoop) -> None:
    """`/save`, which other programs have."""
    off = (await chat.opened()).off_record
    chat.screen.note("This talk is off the record." if off else "Already saved. Name it with /name.")


async def export(chat: ChatLoop, form: str) -> None:
    """`/export [format]`: a file in the folder one is in."""
    from brain.terminal.sessions_export import write_export

    session = (await chat.opened()).session
    if session.conversation is None:
        raise DataError("There is nothing to export yet.", hint="Say something first.")
    written = await asyncio.to_thread(write_export, session.store, session.conversation, form or FORMS[0], Path.cwd())
    chat.screen.note(f"Written: {written}")
