"""A conversation as Markdown, for people: every message is a quotation, so that none can pass for another.

A fenced block stays one, line breaks stay, and neither HTML nor a picture of a message comes to life.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from brain.transcripts.wording import YOU, facts, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.transcripts.values import Entry, Transcript

_COMMONMARK = MarkdownIt("commonmark", {"html": False})
_COMES_TO_LIFE = re.compile(r"(?<!\\)(?:\\\\)*<(?=[A-Za-z/!?])|(?<=!)\[")  # a tag or a comment; a picture
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~]")


def write_markdown(transcript: Transcript) -> Iterator[str]:
    """The messages from the first to the head, in pieces."""
    yield f"# {_plain(transcript.heading or 'Empty conversation')}\n\n{_plain(facts(transcript))}\n"
    for entry in transcript.path:
        yield f"\n{_name(entry, transcript.voice)}\n\n{_quoted(entry.content)}\n"


def _name(entry: Entry, voice: str) -> str:
    name = f"**{_plain(voice if entry.from_creator else YOU)}**"
    at = f" · {moment(entry.timestamp)}" if entry.timestamp else ""
    return f"{name}{at}{f' *({entry.mark})*' if entry.mark else ''}"


def _quoted(text: str) -> str:
    lines = text.expandtabs(4).strip("\n").split("\n")  # behind the quotation mark a tab is of another width
    code = {
        number
        for token in _COMMONMARK.parse("\n".join(lines))
        if token.type in {"fence", "code_block"} and token.map
        for number in range(*token.map)
    }
    return "\n".join(
        f"> {line if number in code else _safe(line)}".rstrip() + _break(number, lines, code)
        for number, line in enumerate(lines)
    )


def _break(number: int, lines: list[str], code: set[int]) -> str:
    """Markdown joins lines, unless two spaces end the first."""
    return "  " if number not in code and lines[number].strip() and number + 1 < len(lines) else ""


def _safe(line: str) -> str:
    return _COMES_TO_LIFE.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", line)


def _plain(text: str) -> str:
    """A text of one line in which nothing is markup."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", text)
