"""WhatsApp's exported chat, a text file of Android or iOS.

A message may have many lines. What WhatsApp itself wrote (notices, omitted media, deleted messages) is left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError
from brain.sources.dialogue import Said
from brain.sources.talk import Talk
from brain.sources.whatsapp_lines import MARKS, headers, is_header
from brain.sources.whatsapp_notices import is_notice, is_poll, without_edited

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

FORM = "a WhatsApp export"
_LONGEST_NAME = 60
_FEWEST_ALIKE = 10  # messages; fewer may all begin with PS: by chance
_NAME_MARKS = re.compile(rf"[{MARKS}]|^~\s")
_OWN_LINE = "\u200e"  # iOS puts it before whatever the program wrote itself


class _Block(NamedTuple):
    """A header's time, what follows on its line, and the lines below."""

    time: datetime
    first: str
    more: tuple[str, ...]


def is_whatsapp(text: str) -> bool:
    """Whether the first line with anything on it begins a message of WhatsApp."""
    return is_header(text.lstrip().partition("\n")[0].rstrip("\r"))


def read_whatsapp(path: Path, text: str) -> Talk:
    """The chat of an export. Raises DataError when no line of it has a date that can be."""
    lines = text.replace("\r\n", "\n").split("\n")
    blocks = list(_blocks(lines))
    if not blocks:
        raise DataError(f"{path}: line 1 has a date that no calendar has", hint="Export the chat again.")
    names = _names([block.first for block in blocks])
    said = [one for block in blocks if (one := _said(block, names)) is not None]
    return Talk(FORM, (tuple(said),))


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    found = headers(lines)
    ends = [*(header.line for header in found), len(lines)][1:]
    for header, end in zip(found, ends, strict=True):
        yield _Block(header.time, header.rest, tuple(lines[header.line + 1 : end]))


def _said(block: _Block, names: frozenset[str]) -> Said | None:
    name = _name(block.first, names)
    if name is None:
        return None
    first = block.first[len(name) + 1 :].removeprefix(" ")
    if is_poll([first, *block.more]):
        return None
    if first.startswith(_OWN_LINE) or is_notice(first):
        first = ""
    lines = [first, *block.more]
    text = without_edited("\n".join(line.partition(f"{_OWN_LINE}<")[0] for line in lines)).strip()
    return Said(_NAME_MARKS.sub("", name).strip(), text, block.time) if text else None


def _name(first: str, names: frozenset[str]) -> str | None:
    """Who wrote the message that begins so: the longest name of those there are; None for a notice of WhatsApp."""
    at = -1
    found = None
    while (at := first.find(":", at + 1)) != -1 and at <= _LONGEST_NAME:
        if first[:at] in names and first[at + 1 : at + 2] in {"", " "}:
            found = first[:at]
    return found


def _names(firsts: Sequence[str]) -> frozenset[str]:
    """Everybody who writes. A name may hold a colon: then all that it begins goes on alike."""
    written: dict[str, list[str]] = defaultdict(list)
    for first in firsts:
        if name := _before_colon(first):
            written[name].append(first[len(name) + 2 :])
    names = {_whole(name, texts): len(texts) for name, texts in written.items()}
    return frozenset(name for name, count in names.items() if count > 1 or not _is_notice(name, names))


def _before_colon(first: str) -> str:
    name = first.partition(": ")[0] if ": " in first else first.removesuffix(":")
    ends = ": " in first or first.endswith(":")
    sound = name.strip() and len(name) <= _LONGEST_NAME and not name.startswith(_OWN_LINE)
    return name if ends and sound and not _opens_quotation(name) else ""


def _opens_quotation(name: str) -> bool:
    """`You created group "Trip: 2026"` names nobody before its colon."""
    return name.count('"') % 2 == 1 or any(name.count(left) > name.count(right) for left, right in ("“”", "«»", "„“"))


def _whole(name: str, texts: Sequence[str]) -> str:
    """The name with as much of what follows as follows it everywhere, up to a colon."""
    while len(texts) >= _FEWEST_ALIKE:
        further = {_before_colon(text) for text in texts}
        more = further.pop()
        if further or not more or len(name) + len(more) > _LONGEST_NAME:
            break
        name, texts = f"{name}: {more}", [text[len(more) + 2 :] for text in texts]
    return name


def _is_notice(name: str, names: Container[str]) -> bool:
    """`Sam changed the group name to "a` looks like a name, once, and begins with a real one."""
    words = name.split(" ")
    return any(" ".join(words[:count]) in names for count in range(1, len(words) - 1))
