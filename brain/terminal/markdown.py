r"""The Markdown of a reply, where it surely is some: only blocks that are beyond doubt are drawn.

Most replies are plain words, and people write `2*3*4`, `¯\_(ツ)_/¯` and `1. first of may i…` and mean just that. So
few forms are known (emphasis, code, links, lists, fences, headings, quotes, tables), and a block in doubt is shown as
it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Without one of these no block and no inline form begins, and the parser need not be imported.
_MAYBE = re.compile(r"[*_`\[|]|^ {0,3}(?:#{1,6} |[-+>] |\d{1,9}\. )", re.MULTILINE)
_FORMS = ("backticks", "blockquote", "emphasis", "fence", "heading", "link", "list", "table")
_ADDRESS = ("http://", "https://", "mailto:")
_OPEN, _CLOSE = {"strong_open", "em_open", "code_inline"}, {"strong_close", "em_close", "code_inline"}
_OPENING, _CLOSING = "([{\"'“‘„«—–:*_", ")]}\"'”’»—–:*_.,;!?…、。，！？"
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}\.)(?:\s|$)")
_QUOTED = re.compile(r"\s*>(?:\s|$)")


class Block(NamedTuple):
    """Some lines of a reply: `source` as it was written, and its parsed form; without tokens it is plain words."""

    source: str
    tokens: tuple[Token, ...] = ()


def blocks(text: str) -> list[Block]:
    """The text, cut between its lines; joined with line breaks, the sources are the text again."""
    if not _MAYBE.search(text):
        return [Block(text)]
    lines = text.split("\n")
    found: list[Block] = []
    at = 0
    groups = list(_top_level(_parser().parse(text)))
    for index, group in enumerate(groups):
        start, end = group[0].map or (0, 0)
        while end > start and not lines[end - 1].strip():
            end -= 1
        source = "\n".join(lines[start:end])
        if _sure(group, source) and (group[0].type != "heading_open" or _heads(groups[index + 1 :])):
            if at < start:
                found.append(Block("\n".join(lines[at:start])))
            found.append(Block(source, group))
            at = end
    if at < len(lines):
        found.append(Block("\n".join(lines[at:])))
    return found


def nothing_lost(block: Block, drawn: str) -> bool:
    """Whether every letter and digit of the block, but the language of a fence, is in what was drawn of it."""
    kept = _letters(block.source)
    for token in block.tokens:
        if token.type == "fence" and token.markup.startswith("`"):
            kept.subtract(_letters(token.info))
    return +kept == _letters(drawn)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("zero").enable([*_FORMS])


def _top_level(tokens: Sequence[Token]) -> Iterator[tuple[Token, ...]]:
    group: list[Token] = []
    for token in tokens:
        group.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield tuple(group)
            group = []


def _heads(following: Sequence[tuple[Token, ...]]) -> bool:
    """A heading over nothing is a line that begins with a hash."""
    return any(group[0].type != "heading_open" for group in following)


def _sure(group: tuple[Token, ...], source: str) -> bool:
    """Whether a block is Markdown beyond doubt."""
    first, lines = group[0], source.split("\n")
    inline = [child for token in group for child in token.children or ()]
    if not all(_sure_inline(token) for token in group if token.type == "inline"):
        return False
    if first.type == "paragraph_open":
        return any(child.type != "text" for child in inline)
    if first.type == "fence":
        return first.markup.startswith("`") and len(lines) > 1 and lines[-1].strip().startswith(first.markup)
    if first.type == "blockquote_open":
        return all(_QUOTED.match(line) for line in lines)
    if first.type in {"bullet_list_open", "ordered_list_open"}:
        return _sure_list(group, lines)
    return True


def _sure_list(group: tuple[Token, ...], lines: Sequence[str]) -> bool:
    """Two items at least, numbered in turn, and every line an item or indented under one."""
    items = [token for token in group if token.type == "list_item_open"]
    if any(item.markup == ")" for item in items):
        return False
    if any(line and not line[0].isspace() and not _ITEM.match(line) for line in lines):
        return False
    outer = [item for item in items if item.level == 1]
    numbers = [int(item.info) for item in outer if item.info]
    in_turn = not numbers or numbers == [*range(numbers[0], numbers[0] + len(outer))]
    return len(outer) > 1 and in_turn


def _sure_inline(inline: Token) -> bool:
    """Whether every form stands at the edges of words, is not an identifier's, and leads where it says."""
    children = inline.children or []
    if inline.content.count("\n") != sum(child.content.count("\n") for child in children):
        return False  # code or an address that runs over the end of a line
    for index, token in enumerate(children):
        before = children[index - 1].content[-1:] if index else ""
        following = children[index + 1].content if index + 1 < len(children) else ""
        if token.type in _OPEN and not _edge(before, _OPENING):
            return False
        if token.type in _CLOSE and not _edge(following[:1], _CLOSING):
            return False
        if token.type in {"em_open", "strong_open"} and (token.markup == "__" or not _worded(children[index + 1])):
            return False
        if token.type == "link_open" and (before == "!" or not str(token.attrs.get("href", "")).startswith(_ADDRESS)):
            return False
    return True


def _edge(neighbour: str, marks: str) -> bool:
    """Whether a form may begin or end beside this character; scripts without spaces, such as Chinese, allow it."""
    return not neighbour or neighbour.isspace() or neighbour in marks or unicodedata.category(neighbour) == "Lo"


def _worded(inside: Token) -> bool:
    """Whether what is emphasised says something, as far as it is words; `*_*` is a face."""
    return not inside.content or any(map(str.isalnum, inside.content))


def _letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))
