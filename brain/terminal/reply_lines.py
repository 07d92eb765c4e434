"""A reply as lines for the terminal: beside the name, made one by one, so that each fits the window as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from brain.sanitise import display
from brain.terminal.markdown import Block, blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

_COLUMNS_FOR_INDENT = 50
_WIDEST_LETTER = 2  # cells, as of a Chinese one; in less room it would be dropped
_NAME_STYLE = "bold magenta"


class Line(NamedTuple):
    """What one row of the terminal shows."""

    margin: Text  # the name, or the space under it
    body: Text
    goes_on: bool = False  # broken by the width of the window, not by the writer


class ReplyLines:
    """How the replies of one voice are laid out on one console."""

    def __init__(self, console: Console, name: str, *, styled: bool) -> None:
        """`styled` says whether Markdown is drawn; otherwise a text is shown as it was written."""
        self._console, self._styled = console, styled
        self._name = " ".join(display(name).split())
        label = f"{self._name}  "
        self._beside = console.width >= max(_COLUMNS_FOR_INDENT, 3 * cell_len(label))
        self._indent = Text(" " * (cell_len(label) if self._beside else 0))

    def of(self, text: str, *, first: bool, mark: str = "") -> Iterator[Line]:
        """The lines of a text; the first carries the name, or stands under it.

        `mark` is a dim note behind the last line, or under it where the line is too long.
        """
        margin = self._indent
        if first and self._beside:
            margin = Text(f"{self._name}  ", style=_NAME_STYLE)
        elif first:
            yield Line(Text(self._name, style=_NAME_STYLE), Text())
        last: Line | None = None
        for body, goes_on in self._body(display(text).strip()):
            if last is not None:
                yield last
            last = Line(margin if body.plain else Text(), body, goes_on)
            margin = self._indent
        yield from self._marked(last, Text(display(mark), style="dim"))

    def _marked(self, last: Line | None, mark: Text) -> Iterator[Line]:
        if last is not None and mark.plain:
            beside = Text.assemble(last.body, "  ", mark)
            if last.margin.cell_len + beside.cell_len <= self._console.width:
                yield Line(last.margin, beside)
                return
        if last is not None:
            yield last
        if mark.plain:
            yield Line(self._indent, mark)

    def _body(self, text: str) -> Iterator[tuple[Text, bool]]:
        if not text:
            return
        for block in blocks(text) if self._styled else [Block(text)]:
            if drawn := self._drawn(block):
                yield from ((line, False) for line in drawn)
                continue
            for line in block.source.split("\n"):
                yield from self._wrapped(line.expandtabs())

    def _drawn(self, block: Block) -> list[Text]:
        """The lines of Markdown; none where the block is better shown as it was written."""
        if not block.tokens:
            return []
        from brain.terminal.markdown_lines import markdown_lines  # only a reply with Markdown pays for it

        return markdown_lines(block, self._console, self._width)

    def _wrapped(self, line: str) -> Iterator[tuple[Text, bool]]:
        """A line broken where the window ends; what is left of it is broken anew when the window has changed."""
        width, parts = self._width, list(self._broken(line))
        while parts:
            part = parts.pop(0)
            line = line[len(part.plain) :].lstrip() if parts else ""
            part.rstrip()
            yield part, bool(parts)
            if parts and self._width != width:
                width, parts = self._width, list(self._broken(line))

    def _broken(self, line: str) -> Iterable[Text]:
        return Text(line).wrap(self._console, self._width)

    @property
    def _width(self) -> int:
        return max(_WIDEST_LETTER, self._console.width - len(self._indent))
