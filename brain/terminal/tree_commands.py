"""Slash commands that move in the tree of the conversation. None of them deletes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from brain import branches, corrections
from brain.errors import DataError
from brain.terminal.counted import counted, number_in
from brain.terminal.status import place_mark
from brain.terminal.taking_up import show, show_recent

if TYPE_CHECKING:
    from brain.terminal.loop import ChatLoop

_THEM, _MINE = "them", "me"


async def edit(chat: ChatLoop, argument: str) -> None:
    """`/edit [them|me] [new text]`: without a text, the old one comes back on the line to be changed."""
    whose, text = (*argument.split(maxsplit=1), "", "")[:2]
    if whose not in {_THEM, _MINE}:
        whose, text = _MINE, argument
    if not text.strip():
        await _on_the_line(chat, whose)
    elif whose == _THEM:
        await _correct(chat, text)
    else:
        await chat.reply(lambda session, show: session.edit(text, show=show, tell=chat.screen.note))


async def keep(chat: ChatLoop, _argument: str) -> None:
    """`/keep`."""
    from brain.lessons import keep_lesson

    opening = await chat.opened()
    session = opening.session
    if opening.off_record:
        raise DataError(
            "This talk is off the record: nothing of it is kept.", hint="persona chat, without --off-record"
        )
    name = session.voice.name
    example = corrections.lesson(session)
    new = await asyncio.to_thread(keep_lesson, opening.settings.voices_dir, name, example)
    if not new:
        chat.screen.note("That exchange is an example already.")
        return
    chat.screen.note(f"Kept as an example for {name}. persona compile {name} learns from it.")


async def previous(chat: ChatLoop, _argument: str) -> None:
    """`/prev`."""
    await _step(chat, -1)


async def following(chat: ChatLoop, _argument: str) -> None:
    """`/next`."""
    await _step(chat, 1)


async def go_back(chat: ChatLoop, argument: str) -> None:
    """`/undo [n]`."""
    wanted = number_in(argument, "/undo", least=1)
    done = branches.undo((await chat.opened()).session, wanted)
    if not done:
        raise DataError("There is nothing to go back from.", hint="Say something first.")
    chat.screen.note(f"Back {counted(done, 'exchange')}. /redo goes forward again; this is where you are:")
    await _where(chat, 2)


async def go_forward(chat: ChatLoop, argument: str) -> None:
    """`/redo [n]`."""
    wanted = number_in(argument, "/redo", least=1)
    done = branches.redo((await chat.opened()).session, wanted)
    if not done:
        raise DataError("There is nothing to go forward to.", hint="/redo takes back an /undo.")
    chat.screen.note(f"Forward {counted(done, 'exchange')}.")
    await _where(chat, 2 * done)


async def fork_off(chat: ChatLoop, _argument: str) -> None:
    """`/fork`."""
    before = branches.fork((await chat.opened()).session)
    chat.screen.note(f"You go on in a copy. The conversation before stays as it is: /open {before}")


async def _on_the_line(chat: ChatLoop, whose: str) -> None:
    """Brings the old words back, with the command that changes them before them."""
    path = (await chat.opened()).session.path
    old = next((one.message.content for one in reversed(path) if one.message.from_creator == (whose == _THEM)), None)
    if old is None:
        raise DataError("There is nothing to edit yet.", hint="Say something first.")
    mine = whose == _MINE and old.split(maxsplit=1)[0] not in {_THEM, _MINE}
    line = f"/edit {old}" if mine else f"/edit {whose} {old}"
    if not chat.editable:
        raise DataError("There is no line to edit it on here.", hint="Give the new words: /edit TEXT, /edit them TEXT")
    chat.put_on_line(line)


async def _correct(chat: ChatLoop, text: str) -> None:
    session = (await chat.opened()).session
    try:
        corrections.edit_reply(session, text)
    except DataError:
        chat.put_on_line(f"/edit {_THEM} {text}")
        raise
    await show_recent(chat, 1)
    await chat.take_status()
    if not (await chat.opened()).off_record:
        chat.ask("Keep it as an example for the voice? y or n, or just go on.", lambda: keep(chat, ""))


async def _step(chat: ChatLoop, by: int) -> None:
    session = (await chat.opened()).session
    place = branches.step(session, by)
    path = session.path
    for stored in path[-2:] if place.mine else path[-1:]:
        await show(chat, stored, mark="" if place.mine else place_mark(place))
    if place.mine:
        chat.screen.note(f"Your message {place_mark(place)}")
    await chat.take_status()


async def _where(chat: ChatLoop, most: int) -> None:
    """Where the conversation stands now."""
    await show_recent(chat, most)
    await chat.take_status()
