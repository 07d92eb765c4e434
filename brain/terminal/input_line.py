"""The line one types on: prompt-toolkit with our keys, our completion, and the store as its history."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.enums import EditingMode
from prompt_toolkit.history import History, ThreadedHistory
from prompt_toolkit.key_binding.vi_state import InputMode
from prompt_toolkit.shortcuts import CompleteStyle
from prompt_toolkit.styles import Style

from brain.terminal.abilities import accessible, dumb
from brain.terminal.line_keys import line_keys
from brain.terminal.paint import PROMPT
from brain.terminal.slash_completer import SlashCompleter
from brain.terminal.toolbar import toolbar_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from prompt_toolkit.application import Application
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from brain.terminal.toolbar import Status

_STYLE = {"bottom-toolbar": "noreverse", "bottom-toolbar.text": "dim"}
_COLOURLESS = {"bottom-toolbar": "noreverse", "bottom-toolbar.text": ""}
# vi: how long Escape may turn out to be the beginning of one key, or of our Alt-Enter
_ESCAPE_SECONDS, _SEQUENCE_SECONDS = 0.05, 0.3
_VI_MODES = {InputMode.INSERT: "insert", InputMode.INSERT_MULTIPLE: "insert", InputMode.REPLACE: "replace"}


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


def input_line(
    said: Callable[[], Sequence[str]],
    commands: Mapping[str, Callable[[str], Iterable[str]] | None],
    *,
    toolbar: Callable[[], Status | None] | None = None,
    editing_mode: Literal["emacs", "vi"] = "emacs",
    input: Input | None = None,
    output: Output | None = None,
) -> PromptSession[str]:
    """Enter sends, Alt-Enter or Ctrl-J makes a new line, a paste stays one message, Ctrl-C clears and never leaves.

    `commands` are the slash commands, each with what completes its argument, given so much of it (asked at every key,
    so it must be quick; None: it takes none). `toolbar` is asked before every drawing. With ACCESSIBLE=1 nothing is
    drawn that was not asked for.
    """
    calm = accessible()
    line: PromptSession[str] = PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation="  ",
        history=ThreadedHistory(StoreHistory(said)),
        completer=SlashCompleter(commands),
        complete_while_typing=not calm,
        complete_style=CompleteStyle.READLINE_LIKE if calm else CompleteStyle.COLUMN,
        auto_suggest=None if calm else AutoSuggestFromHistory(),
        editing_mode=EditingMode.VI if editing_mode == "vi" else EditingMode.EMACS,
        enable_suspend=True,
        enable_open_in_editor=True,
        mouse_support=False,
        reserve_space_for_menu=0 if calm else 4,
        key_bindings=line_keys(commands),
        style=Style.from_dict(_COLOURLESS if os.environ.get("NO_COLOR") else _STYLE),
        input=input,
        output=output,
    )
    if editing_mode == "vi":
        line.app.ttimeoutlen, line.app.timeoutlen = _ESCAPE_SECONDS, _SEQUENCE_SECONDS
    if not calm and not dumb():
        _keep_toolbar(line, toolbar)
    return line


def _keep_toolbar(line: PromptSession[str], toolbar: Callable[[], Status | None] | None) -> None:
    """Brings the toolbar up to date before each drawing; a toolbar of None takes no row."""

    def refresh(app: Application[str]) -> None:
        status = toolbar() if toolbar is not None else None
        text = toolbar_text(status, app.output.get_size().columns) if status is not None else ""
        if text and app.editing_mode == EditingMode.VI:
            text = f"{_VI_MODES.get(app.vi_state.input_mode, 'normal')} · {text}"
        line.bottom_toolbar = text or None

    line.app.before_render += refresh
