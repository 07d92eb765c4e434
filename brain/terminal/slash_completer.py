"""Completion of slash commands and of what they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.completion import Completer, Completion

from brain.errors import PersonaError
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document

    Commands = Mapping[str, Callable[[str], Iterable[str]] | None]


class SlashCompleter(Completer):
    """Completes the name of a slash command, then its argument; a message is left alone."""

    def __init__(self, commands: Commands) -> None:
        """`commands` gives for each name what completes its argument, given so much of it; None: it takes none."""
        self._commands = commands

    def get_completions(self, document: Document, _complete_event: CompleteEvent) -> Iterable[Completion]:
        """For what stands before the cursor, on the first line; what fails to be looked up completes nothing."""
        text = document.text_before_cursor
        if not text.startswith("/") or text.startswith("//") or "\n" in text:
            return
        name, space, argument = text.partition(" ")
        if not space:
            names = self._commands
            yield from (Completion(whole, start_position=-len(text)) for whole in names if whole.startswith(text))
            return
        look_up = self._commands.get(name)
        if look_up is None:
            return
        try:
            found = [" ".join(display(whole).split()) for whole in look_up(argument)]
        except PersonaError:
            return
        for whole in found:
            if whole.casefold().startswith(argument.casefold()):
                yield Completion(whole, start_position=-len(argument))
