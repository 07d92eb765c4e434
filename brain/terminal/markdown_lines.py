"""A block of Markdown as lines for the terminal, drawn by rich with few colours and nothing hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.markdown import CodeBlock, Heading, ListItem, Markdown, MarkdownElement
from rich.segment import Segment
from rich.text import Text
from rich.theme import Theme

from brain.terminal.markdown import Block, nothing_lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token
    from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult

# Readable on light and dark ground alike, so no backgrounds; few codes, so few bytes.
_THEME = Theme(
    {
        "markdown.h1": "bold underline",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.code": "cyan",
        "markdown.code_block": "cyan",
        "markdown.block_quote": "none",
        "markdown.item.bullet": "none",
        "markdown.item.number": "none",
        "markdown.link": "none",
        "markdown.link_url": "underline",
        "markdown.table.border": "none",
        "markdown.table.header": "bold",
    }
)


def markdown_lines(block: Block, console: Console, width: int) -> list[Text]:
    """The lines of a block, at most `width` cells each; empty when something would be lost by drawing it."""
    with console.use_theme(_THEME):
        rows = console.render_lines(_Drawn(block), console.options.update(width=width), pad=False)
    lines = [Text.assemble(*((part.text, part.style or "") for part in Segment.simplify(row))) for row in rows]
    for line in lines:
        line.rstrip()
    while lines and not lines[-1].plain:
        lines.pop()
    while lines and not lines[0].plain:
        lines.pop(0)
    return lines if nothing_lost(block, "\n".join(line.plain for line in lines)) else []


class _Code(CodeBlock):
    """Code as it is: no colours by language, and long lines folded."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Its lines."""
        yield Text(str(self.text).rstrip(), style=console.get_style(self.style_name), overflow="fold")


class _Heading(Heading):
    """Every heading starts at the left."""

    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}


class _Item(ListItem):
    """An item that keeps the dot behind its number."""

    def render_number(self, console: Console, options: ConsoleOptions, number: int, last_number: int) -> RenderResult:
        """As rich has it, with the space before the number moved behind it as a dot."""
        numeral = str(number)
        for part in super().render_number(console, options, number, last_number):
            if isinstance(part, Segment) and numeral and part.text.strip() == numeral:
                yield Segment(f"{numeral}. ".rjust(len(part.text)), part.style)
                numeral = ""
            else:
                yield part


class _Drawn(Markdown):
    """Markdown that is parsed already; addresses of links are shown, not hidden under them."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": _Code,
        "heading_open": _Heading,
        "list_item_open": _Item,
    }

    def __init__(self, block: Block) -> None:
        super().__init__("", hyperlinks=False)
        self.parsed = [token.copy(children=[*_starred(token.children or ())]) for token in block.tokens]


def _starred(children: Iterable[Token]) -> Iterator[Token]:
    """Emphasis keeps its stars: not every terminal has slanted letters, and `*waves*` is a way to write."""
    for token in children:
        star = token.copy(type="text", tag="", nesting=0, content=token.markup)
        if token.type == "em_open":
            yield from (token, star)
        elif token.type == "em_close":
            yield from (star, token)
        else:
            yield token
