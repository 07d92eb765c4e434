"""Slash commands about the reply and who writes it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from brain.errors import DataError
from brain.terminal.counted import counted, number_in
from brain.terminal.switching import change_model, change_voice
from brain.terminal.taking_up import take_up_interrupted
from brain.terminal.why import print_why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Turn
    from brain.terminal.loop import ChatLoop


async def why(chat: ChatLoop, which: str) -> None:
    """`/why [n]`."""
    back = number_in(which, "/why", least=1)
    session = (await chat.opened()).session
    turn = await asyncio.to_thread(session.last_turn, back)
    if turn is not None:
        print_why(chat.screen.console, turn)
        return
    replies = [stored for stored in session.path if stored.message.from_creator]
    if back <= len(replies):
        raise DataError("No program wrote that reply.", hint="/prev brings back the one before it was edited.")
    raise DataError("There is no reply to explain there.", hint="Say something first; /why 2 is the one before.")


async def retry(chat: ChatLoop, hint: str) -> None:
    """`/retry [hint]`."""
    await take_up_interrupted(chat)
    await chat.reply(lambda session, show: session.retry(hint, show=show, tell=chat.screen.note))


async def go_on(chat: ChatLoop, _argument: str) -> None:
    """`/continue`."""
    await take_up_interrupted(chat)
    await chat.reply(lambda session, _show: session.go_on(tell=chat.screen.note))


async def model(chat: ChatLoop, spec: str) -> None:
    """`/model [name]`."""
    await change_model(chat, spec)


async def voice(chat: ChatLoop, name: str) -> None:
    """`/voice [name]`."""
    await change_voice(chat, name)


async def stats(chat: ChatLoop, _argument: str) -> None:
    """`/stats`."""
    session = (await chat.opened()).session
    turns = await asyncio.to_thread(session.turns)
    if not turns:
        raise DataError("There is nothing to count yet.", hint="Say something first.")
    chat.screen.table([*_spent(turns), ("context", _context(turns[-1]))])


def _spent(turns: Sequence[Turn]) -> list[tuple[str, str]]:
    usages = [turn.usage for turn in turns]
    seconds = sum(usage.seconds for usage in usages)
    first = [usage.first_word for usage in usages if usage.first_word is not None]
    read = f"{sum(usage.prompt_tokens for usage in usages):,}"
    cached = sum(usage.cached_tokens for usage in usages)
    return [
        ("replies", f"{len(turns)}, with {counted(sum(usage.lm_calls for usage in usages), 'call')}"),
        ("tokens", f"{read} read ({cached:,} cached), {sum(usage.completion_tokens for usage in usages):,} written"),
        ("seconds", f"{seconds / len(turns):.1f} a reply" + (f", first word {_middle(first):.1f}" if first else "")),
    ]


def _context(turn: Turn) -> str:
    """A bar of twenty cells, and the numbers."""
    if not turn.context_size:
        return "–"
    share = min(turn.context_tokens / turn.context_size, 1.0)
    filled = round(share * 20)
    left_out = f", {counted(turn.omitted, 'older message')} left out" if turn.omitted else ""
    return f"{'█' * filled}{'·' * (20 - filled)}  {turn.context_tokens:,} of {turn.context_size:,} tokens{left_out}"


def _middle(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) // 2]
