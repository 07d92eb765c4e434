"""What the screen shows: plain lines that scroll, wrapped by width, coloured only where colour is wanted."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from brain.sanitise import display
from brain.terminal.rule_words import rule_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from brain.errors import PersonaError
    from brain.models import Turn, Verdict

_COLUMNS_FOR_INDENT = 50


class Screen:
    """Prints to the terminal; everything is append-only, and nothing that came from a model keeps an escape code."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=False)

    def reply(self, name: str, text: str, *, shown: str = "") -> None:
        """A checked reply, under the name of the voice; of one whose beginning was `shown`, the rest."""
        if rest := text[len(shown.rstrip()) :].strip():
            self.sentence(name, rest, first=not shown)
        self.console.print()

    def sentence(self, name: str, text: str, *, first: bool) -> None:
        """A part of a reply on lines of its own; the first stands beside the name."""
        label = f"{name}  "
        indent = cell_len(label)
        if self.console.width < max(_COLUMNS_FOR_INDENT, 3 * indent):
            if first:
                self.console.print(Text(name, style="bold magenta"))
            label, indent = "", 0
        body = Text(display(text).strip()).wrap(self.console, self.console.width - indent)
        for number, line in enumerate(body):
            line.rstrip()
            margin = (label, "bold magenta") if first and number == 0 else " " * indent
            self.console.print(Text.assemble(margin, line), soft_wrap=True)

    @contextmanager
    def typing(self) -> Iterator[Callable[[], None]]:
        """One quiet mark while a reply is written, wiped when it is there; nothing where it cannot be wiped.

        What it gives wipes the mark sooner.
        """
        marked = self.console.is_terminal and not self.console.is_dumb_terminal and not os.environ.get("ACCESSIBLE")
        if marked:
            self.console.print(Text("…", style="dim"), end="")

        def wipe() -> None:
            nonlocal marked
            if marked:
                self.console.file.write("\r\x1b[K")
                self.console.file.flush()
            marked = False

        try:
            yield wipe
        finally:
            wipe()

    def said(self, text: str) -> None:
        """What the user said earlier, when a conversation is taken up again."""
        self.console.print(Text.assemble(("› ", "bold"), display(text)))

    def note(self, text: str) -> None:
        """A line of ours, set apart from the talk."""
        self.console.print(Text(text, style="dim"))

    def error(self, error: PersonaError) -> None:
        """What happened, and what next."""
        self.console.print(Text(f"✗ {error.message}", style="red"))
        if error.hint:
            self.console.print(Text(f"  → {error.hint}"))

    def why(self, turn: Turn) -> None:
        """Why a reply reads as it does."""
        usage, verdict = turn.usage, turn.verdict
        self._fact("voice", f"{turn.voice} · model {turn.model}")
        if turn.situation:
            self._fact("situation", turn.situation)
        self._fact("filter", _filtered(verdict))
        cached = f", {usage.cached_tokens:,} of them cached" if usage.cached_tokens else ""
        calls = f"{usage.lm_calls} call{'' if usage.lm_calls == 1 else 's'}"
        self._fact(
            "cost",
            f"{calls}, {usage.prompt_tokens:,} prompt tokens{cached}, {usage.completion_tokens:,} written, "
            f"{usage.seconds:.1f} s",
        )
        if not turn.demos:
            self._fact("demos", "none")
            return
        self._fact("demos", "the real replies that were shown as examples, nearest first")
        table = Table(box=None, show_header=False, padding=(0, 1), expand=False)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(ratio=1)
        for demo in turn.demos:
            table.add_row(
                f"{demo.similarity:.2f}",
                Text.assemble(f"#{demo.id} “{_one_line(demo.message)}” → ", (f"“{_one_line(demo.reply)}”", "italic")),
            )
        self.console.print(Padding(table, (0, 0, 1, 2), expand=False))

    def table(self, rows: list[tuple[str, str]]) -> None:
        """Two columns: what, and what it does."""
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for what, does in rows:
            table.add_row(Text(what, style="bold"), does)
        self.console.print(table)

    def _fact(self, name: str, text: str) -> None:
        fact = Table.grid(padding=(0, 1, 0, 0))
        fact.add_column(width=9, style="bold")
        fact.add_column()
        fact.add_row(name, Text(display(text)))
        self.console.print(fact)


def _filtered(verdict: Verdict) -> str:
    """What the filter did, in words."""
    if verdict.action == "answered":
        return f"answered ahead of the voice: the message {rule_in_words(verdict.rule or '')}"
    if not verdict.allowed:
        return f"a draft was stopped, for it {rule_in_words(verdict.rule or '')}; {_DONE[verdict.action]}"
    if verdict.unsure:
        return f"let through by the rules, though it {rule_in_words(verdict.rule or '')}; no able judge was there"
    return f"clean ({'judge' if verdict.layer == 'judge' else 'rules'})"


_DONE = {
    "none": "nothing was done",
    "redrafted": "a new draft was written",
    "trimmed": "that sentence was left out",
    "fallback": "a line of the voice's own was said instead",
}


def _one_line(text: str, most: int = 90) -> str:
    line = " / ".join(display(text).splitlines())
    return line if len(line) <= most else f"{line[: most - 1]}…"
