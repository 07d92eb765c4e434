"""The line one types on: prompt-toolkit with our keys, our completion, and the store as its history."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import run_in_terminal
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.history import History, ThreadedHistory
from prompt_toolkit.key_binding import KeyBindings

from brain.terminal.paint import PROMPT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

EMPTY_HINT = "Ctrl-D leaves · /help for commands"


class StoreHistory(History):
    """What the user said before, newest first, from the conversation store: no second file, nothing to lock."""

    def __init__(self, said: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._said = said

    def load_history_strings(self) -> Iterable[str]:
        """Waits, in a thread of prompt-toolkit's, until the store is open."""
        return self._said()

    def store_string(self, string: str) -> None:
        """The session stores what is said; a slash command is kept for this run only."""


class SlashCompleter(Completer):
    """Completes the name of a slash command."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def get_completions(self, document: Document, _complete_event: CompleteEvent) -> Iterable[Completion]:
        """Only while the first word is being typed."""
        text = document.text_before_cursor
        if text.startswith("/") and not text.startswith("//") and " " not in text:
            for name in self._names:
                if name.startswith(text):
                    yield Completion(name, start_position=-len(text))


def input_line(
    said: Callable[[], Sequence[str]],
    commands: Sequence[str],
    *,
    input: Input | None = None,
    output: Output | None = None,
) -> PromptSession[str]:
    """Enter sends, Alt-Enter or Ctrl-J makes a new line, a paste stays one message, Ctrl-C clears and never leaves."""
    return PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation="  ",
        history=ThreadedHistory(StoreHistory(said)),
        completer=SlashCompleter(commands),
        complete_while_typing=True,
        enable_suspend=True,
        enable_open_in_editor=True,
        mouse_support=False,
        reserve_space_for_menu=4,
        key_bindings=_keys(),
        input=input,
        output=output,
    )


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def send(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    @keys.add("c-j")
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    def clear(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            run_in_terminal(lambda: os.write(1, f"{EMPTY_HINT}\n".encode()))

    return keys
