"""The slash commands: each is a name, a line of help and what it does."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError

if TYPE_CHECKING:
    from brain.terminal.loop import ChatLoop

Action = Callable[["ChatLoop", str], Awaitable[None]]


class Command(NamedTuple):
    """A slash command; `usage` shows its argument."""

    usage: str
    help: str
    act: Action


class LeaveChat(Exception):  # noqa: N818  a way out, not an error
    """The user wants to leave."""


async def run_command(chat: ChatLoop, line: str) -> None:
    """Runs `/name argument`. Raises DataError, with the nearest name, when there is no such command."""
    name, _, argument = line.partition(" ")
    name = _ALIASES.get(name.lower(), name.lower())
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else "/help lists the commands."
        raise DataError(f"There is no command {name}.", hint=f"{hint}  (//text sends a line that starts with /)")
    await COMMANDS[name].act(chat, argument.strip())


async def _help(chat: ChatLoop, _argument: str) -> None:
    chat.screen.table([(command.usage, command.help) for command in COMMANDS.values()])
    chat.screen.table(
        [
            ("Enter", "send"),
            ("Alt-Enter", "new line (a paste of several lines is one message)"),
            ("↑ or Ctrl-R", "what you said before"),
            ("Ctrl-C", "stop a reply, or clear the line; never leaves"),
            ("Ctrl-D", "leave; nothing is lost"),
        ]
    )


async def _why(chat: ChatLoop, _argument: str) -> None:
    turn = (await chat.opened()).session.last_turn()
    if turn is None:
        raise DataError("There is no reply to explain yet.", hint="Say something first.")
    chat.screen.why(turn)


async def _retry(chat: ChatLoop, hint: str) -> None:
    await chat.reply(lambda session, show: session.retry(hint, show=show))


async def _model(chat: ChatLoop, spec: str) -> None:
    await chat.change_model(spec)


async def _new(chat: ChatLoop, _argument: str) -> None:
    session = (await chat.opened()).session
    session.conversation = None
    chat.screen.note("A new conversation. The one before is kept.")


async def _quit(_chat: ChatLoop, _argument: str) -> None:
    raise LeaveChat


COMMANDS: dict[str, Command] = {
    "/help": Command("/help", "this list", _help),
    "/why": Command("/why", "why the last reply reads as it does: examples, situation, filter, cost", _why),
    "/retry": Command("/retry [hint]", "another reply to your last message; the first is kept", _retry),
    "/model": Command("/model [name]", "answer with another model, or see which could", _model),
    "/new": Command("/new", "start a new conversation", _new),
    "/quit": Command("/quit", "leave", _quit),
}
_ALIASES = {
    "/exit": "/quit",
    "/bye": "/quit",
    "/q": "/quit",
    "/clear": "/new",
    "/regenerate": "/retry",
    "/swipe": "/retry",
    "/r": "/retry",
    "/?": "/help",
    "/h": "/help",
}
