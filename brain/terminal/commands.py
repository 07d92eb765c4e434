"""The slash commands: each is a name, a line of help and what it does."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError
from brain.terminal import session_commands as sessions
from brain.terminal import talk_commands as talk
from brain.terminal import tree_commands as tree
from brain.transcripts.forms import FORMS

if TYPE_CHECKING:
    from brain.terminal.loop import ChatLoop

_A_SENTENCE = 3  # words after something that looked like a command
Action = Callable[["ChatLoop", str], Awaitable[None]]


class Command(NamedTuple):
    """A slash command; `usage` shows its argument, `choices` are what it may be completed to."""

    usage: str
    help: str
    act: Action
    choices: tuple[str, ...] | None = None


class LeaveChat(Exception):  # noqa: N818  a way out, not an error
    """The user wants to leave."""


def would_be_missed(line: str) -> bool:
    """Whether a command line holds words that nobody wants to type again when it fails: /edit, or no command at all."""
    name, *words = line.split()
    return bool(words) if name == "/edit" else name not in {*COMMANDS, *_ALIASES} and len(words) >= _A_SENTENCE


async def run_command(chat: ChatLoop, line: str) -> None:
    """Runs `/name argument`. Raises DataError, with the nearest name, when there is no such command."""
    name, _, argument = line.partition(" ") if " " in line.partition("\n")[0] else line.partition("\n")
    name = _ALIASES.get(name.lower(), name.lower())
    if name == "/save":
        await sessions.save(chat)
        return
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else "/help lists the commands."
        raise DataError(f"There is no command {name}.", hint=f"{hint}  (//text sends a line that starts with /)")
    await COMMANDS[name].act(chat, argument.strip())


async def _help(chat: ChatLoop, _argument: str) -> None:
    chat.screen.table(
        [
            *((command.usage, command.help) for command in COMMANDS.values()),
            ("", ""),
            ("Enter", "send"),
            ("Alt-Enter, Ctrl-J", "new line (a paste of several lines is one message)"),
            ("↑, Ctrl-R", "what you said before"),
            ("Alt-←, Alt-→", "the other replies to your last message"),
            ("Ctrl-X Ctrl-E", "write in your editor"),
            ("any key", "shows a reply at once while it is typed out"),
            ("Ctrl-C", "stop a reply and keep it, or clear the line; never leaves"),
            ("Ctrl-D", "leave; nothing is lost"),
        ]
    )


async def _quit(_chat: ChatLoop, _argument: str) -> None:
    raise LeaveChat


COMMANDS: dict[str, Command] = {
    "/help": Command("/help", "this list", _help),
    "/why": Command("/why [n]", "why the last reply, or the n-th last, reads as it does", talk.why),
    "/retry": Command("/retry [hint]", "another reply to your last message; the first is kept", talk.retry),
    "/continue": Command("/continue", "go on with a reply that was stopped", talk.go_on),
    "/prev": Command("/prev", "the reply before, of several", tree.previous),
    "/next": Command("/next", "the next of several replies", tree.following),
    "/edit": Command("/edit [them]", "your last message, or the reply, in other words", tree.edit, ("them",)),
    "/keep": Command("/keep", "keep the last exchange as an example for the voice", tree.keep),
    "/undo": Command("/undo [n]", "go back an exchange, or n", tree.go_back),
    "/redo": Command("/redo [n]", "and forward again", tree.go_forward),
    "/fork": Command("/fork", "go on in a copy; this conversation stays as it is", tree.fork_off),
    "/new": Command("/new", "start a new conversation", sessions.new),
    "/open": Command("/open [words]", "another conversation, by number, id or words", sessions.take_up),
    "/name": Command("/name TEXT", "give this conversation a name", sessions.name),
    "/export": Command("/export [format]", "write it to a file: md, json, jsonl, html, tavern", sessions.export, FORMS),
    "/model": Command("/model [name]", "answer with another model, or see which could", talk.model),
    "/voice": Command("/voice [name]", "talk to another voice, or see which there are", talk.voice),
    "/stats": Command("/stats", "tokens, seconds and context of this conversation", talk.stats),
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
    "/resume": "/open",
    "/branch": "/fork",
    "/?": "/help",
    "/h": "/help",
}
