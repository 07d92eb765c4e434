"""What the arguments of slash commands may be completed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.places import DEFAULT_VOICE, voice_names
from brain.terminal.commands import COMMANDS

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable, Iterable

    from brain.terminal.opening import Opening

_CONVERSATIONS = 30


def completions(opening: Future[Opening]) -> dict[str, Callable[[str], Iterable[str]] | None]:
    """For each command a function from what is typed of its argument to what it may become; None without argument."""
    sources: dict[str, Callable[[Opening], Iterable[str]]] = {
        "/model": _models,
        "/voice": _voices,
        "/open": _conversations,
    }

    def argument(name: str) -> Callable[[str], Iterable[str]] | None:
        source, choices = sources.get(name), COMMANDS[name].choices
        if source is None and choices is None:
            return None

        def complete(typed: str) -> Iterable[str]:
            ready = opening.done() and not opening.cancelled() and opening.exception() is None
            words = choices or (source(opening.result()) if source and ready else ())
            return [word for word in words if word.casefold().startswith(typed.casefold())]

        return complete

    return {name: argument(name) for name in COMMANDS}


def _models(opening: Opening) -> Iterable[str]:
    """The forms, and what the chat has answered with."""
    return dict.fromkeys(("embedded", opening.session.model.spec, "ollama/", "together/", "openai/"))


def _voices(opening: Opening) -> Iterable[str]:
    return sorted({DEFAULT_VOICE, *voice_names(opening.settings.home)})


def _conversations(opening: Opening) -> Iterable[str]:
    """Names first, then ids."""
    listed = opening.session.store.sessions(limit=_CONVERSATIONS)
    return [*(info.title for info in listed if info.title), *(info.id for info in listed)]
