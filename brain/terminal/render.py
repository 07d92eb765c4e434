"""What the screen shows: plain lines that scroll, wrapped by width, coloured only where colour is wanted."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from brain.sanitise import display
from brain.terminal.abilities import accessible
from brain.terminal.console import build_console
from brain.terminal.reply_lines import ReplyLines
from brain.terminal.typed import Row, speed_for, type_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from rich.console import Console, RenderableType

    from brain.errors import PersonaError


class Screen:
    """Prints to the terminal; everything is append-only, and nothing that came from a model keeps an escape code."""

    def __init__(self, console: Console | None = None, *, speed: float = 0.0, keys: TextIO | None = None) -> None:
        """`speed` is how fast `typed` types, in characters a second; 0 prints at once. It may be changed later.

        `keys` is the terminal whose keys end the typing; standard input where none is given.
        """
        self.console = console or build_console()
        self.speed = speed
        self._keys = keys or sys.stdin
        self._marked = False

    def reply(self, name: str, text: str, *, shown: str = "", mark: str = "") -> None:
        """A checked reply, under the name of the voice; of one whose beginning was `shown`, the rest.

        `mark` is a dim note behind it, such as which of several replies it is.
        """
        self._write("".join(map(str, self._reply(name, text, shown, mark))))

    async def typed(self, name: str, text: str, *, shown: str = "", mark: str = "") -> None:
        """As `reply`, but typed out at `speed` where the terminal can show that; the same bytes in the end.

        A key press, which is left for the next prompt, or a cancellation (Ctrl-C) writes the rest at once. The
        cancellation ends here: the reply is whole. Call it while `paint.quiet_keys` holds the keys.
        """
        if not self._moves or self.speed <= 0:
            self.reply(name, text, shown=shown, mark=mark)
            return
        speed = speed_for(text[len(shown.rstrip()) :].strip(), self.speed)
        await type_out(self._reply(name, text, shown, mark), speed, self._write, self._keys)

    def sentence(self, name: str, text: str, *, first: bool) -> None:
        """A part of a reply on lines of its own; the first stands beside the name."""
        self._write("".join(map(str, self._rows(name, text, first=first))))

    @contextmanager
    def typing(self) -> Iterator[Callable[[], None]]:
        """One quiet mark while a reply is written; nothing where it cannot be wiped.

        Whatever else is printed wipes it first; what it gives wipes it too.
        """
        if self._moves:
            self.console.print(Text("…", style="dim"), end="")
            self._marked = True
        try:
            yield self._wipe
        finally:
            self._wipe()

    def said(self, text: str) -> None:
        """What the user said earlier, when a conversation is taken up again."""
        self._print(Text.assemble(("› ", "bold"), display(text)))

    def note(self, text: str) -> None:
        """A line of ours, set apart from the talk."""
        self._print(Text(display(text), style="dim"))

    def error(self, error: PersonaError) -> None:
        """What happened, and what next."""
        self._print(Text(f"✗ {display(error.message)}", style="red"))
        if error.hint:
            self._print(Text(f"  → {display(error.hint)}"))

    def table(self, rows: list[tuple[str, str]]) -> None:
        """Two columns: what, and what it does."""
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        for what, does in rows:
            table.add_row(Text(display(what), style="bold"), Text(display(does)))
        self._print(table)

    @property
    def _moves(self) -> bool:
        """Whether something on the screen may change while it is looked at."""
        return self.console.is_terminal and not self.console.is_dumb_terminal and not accessible()

    def _reply(self, name: str, text: str, shown: str, mark: str) -> Iterator[Row]:
        rest = text[len(shown.rstrip()) :].strip()
        if rest or mark:
            yield from self._rows(name, rest, first=not shown, mark=mark)
        yield Row("", "")

    def _rows(self, name: str, text: str, *, first: bool, mark: str = "") -> Iterator[Row]:
        """The lines of a text as the terminal gets them."""
        styled = self.console.color_system is not None and not self.console.no_color and not accessible()
        for line in ReplyLines(self.console, name, styled=styled).of(text, first=first, mark=mark):
            yield Row(self._drawn(line.margin), self._drawn(line.body), line.goes_on)

    def _drawn(self, text: Text) -> str:
        with self.console.capture() as captured:
            self.console.print(text, soft_wrap=True, end="")
        return captured.get()

    def _print(self, what: RenderableType) -> None:
        self._wipe()
        self.console.print(what)

    def _write(self, drawn: str) -> None:
        self._wipe()
        self.console.file.write(drawn)
        self.console.file.flush()

    def _wipe(self) -> None:
        if self._marked:
            self._marked = False
            self._write("\r \r")
