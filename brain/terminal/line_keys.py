"""The keys of the input line, where they are not those of prompt-toolkit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix
from prompt_toolkit.filters import Condition, emacs_mode, is_searching
from prompt_toolkit.input.typeahead import get_typeahead, store_typeahead
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

from brain.terminal.paint import EMPTY_HINT

if TYPE_CHECKING:
    from collections.abc import Container

    from prompt_toolkit import PromptSession
    from prompt_toolkit.key_binding import KeyPressEvent

_SHIFT_ENTER = "\x1b[27;2;13~"  # as xterm reports it with modifyOtherKeys; prompt-toolkit takes it for Enter
_SHIFT_ENTER_KEYS = ("escape", *"[13;2u")  # as kitty and its kin report it; prompt-toolkit does not know it


def line_keys(commands: Container[str]) -> KeyBindings:
    """Enter sends, other Enters make a new line, Ctrl-C clears and never leaves, Alt and arrows walk the replies.

    While Ctrl-R searches, Enter takes what was found to the line, and Ctrl-C gives the search up.
    """
    keys = KeyBindings()

    @keys.add("enter", filter=~is_searching)
    def send(event: KeyPressEvent) -> None:
        if event.data == _SHIFT_ENTER:
            event.current_buffer.insert_text("\n")
        else:
            event.current_buffer.validate_and_handle()

    @keys.add("escape", "enter")
    @keys.add("c-j")
    @keys.add(*_SHIFT_ENTER_KEYS)
    def new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c", filter=~is_searching)
    def clear(event: KeyPressEvent) -> None:
        """What is cleared can be had back with the arrow up."""
        if event.current_buffer.text:
            event.current_buffer.reset(append_to_history=True)
        else:
            run_in_terminal(lambda: _say(event, EMPTY_HINT))

    @keys.add("c-x", "c-e", filter=emacs_mode)
    def edit(event: KeyPressEvent) -> None:
        """Comes back to the line; prompt-toolkit's own binding sends whatever the editor leaves, unseen."""
        event.current_buffer.open_in_editor(validate_and_handle=False)

    @keys.add("tab", filter=~is_searching)
    def complete(event: KeyPressEvent) -> None:
        """At once, however fast it is pressed: prompt-toolkit's own binding waits for a menu that may be on its way."""
        buffer = event.current_buffer
        found = list(buffer.completer.get_completions(buffer.document, CompleteEvent(completion_requested=True)))
        common = get_common_complete_suffix(buffer.document, found)
        if len(found) == 1:
            buffer.apply_completion(found[0])
        elif buffer.complete_state:
            buffer.complete_next()
        elif common:
            buffer.insert_text(common)
        elif found:
            buffer.start_completion()

    _walk(keys, commands)
    return keys


def was_interrupted(line: PromptSession[str]) -> bool:
    """Whether Ctrl-C was pressed so soon after Enter that it waits as a key for the next prompt; it is taken out."""
    waiting = get_typeahead(line.app.input)
    later = [key for key in waiting if key.key != Keys.ControlC]
    store_typeahead(line.app.input, later)
    return len(later) < len(waiting)


def _walk(keys: KeyBindings, commands: Container[str]) -> None:
    """Alt and an arrow send a command, as long as the line is empty; otherwise they move by words, as ever."""
    empty = Condition(lambda: not get_app().current_buffer.text)
    for arrow, command in (("left", "/prev"), ("right", "/next")):
        if command in commands:

            @keys.add("escape", arrow, filter=empty)
            def walk(event: KeyPressEvent, command: str = command) -> None:
                event.current_buffer.text = command
                event.current_buffer.validate_and_handle()


def _say(event: KeyPressEvent, line: str) -> None:
    event.app.output.write(f"{line}\n")
    event.app.output.flush()
