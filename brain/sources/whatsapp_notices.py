"""What WhatsApp writes itself in the place of a message: omitted media, deleted messages, calls and polls."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from brain.sources.whatsapp_lines import MARKS

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARKS = re.compile(f"[{MARKS}]")
_WILD = {"*": ".{1,80}", "#": r"\d{1,8}"}
_POLL = re.compile(r"[^\W\d_]{3,15}:")
_OPTION = re.compile(r"[^\W\d_]{3,15}: .*\(\d+ [^()\d]+\)")  # OPTION: Rome (2 votes), in any language
_BEHIND = re.compile(r"\s*(<[^<>\n]{3,60}>)\s*$")


def is_notice(line: str) -> bool:
    """Whether nobody typed this line."""
    return _notices("notices").fullmatch(_plain(line)) is not None


def is_poll(lines: Sequence[str]) -> bool:
    """Whether the lines are a poll: its question and its options with their votes."""
    plain = [_MARKS.sub("", line).strip() for line in lines]
    return bool(_POLL.fullmatch(plain[0])) and sum(_OPTION.fullmatch(line) is not None for line in plain[1:]) >= 2


def without_edited(text: str) -> str:
    """A message without the words behind it that say it was edited."""
    found = _BEHIND.search(text)
    return text[: found.start()] if found and _notices("edited").fullmatch(_plain(found[1])) else text


def _plain(line: str) -> str:
    """The line without what does not count."""
    line = unicodedata.normalize("NFKC", _MARKS.sub("", line)).casefold().replace("\u2019", "'")
    return " ".join(line.replace(".>", ">").split()).rstrip(".… ")


@cache
def _notices(kind: str) -> re.Pattern[str]:
    languages = tomllib.loads(files("brain.sources").joinpath("whatsapp_notices.toml").read_text(encoding="utf-8"))
    texts = [text for language in languages.values() for text in language.get(kind, ())]
    return re.compile("|".join(map(_pattern, texts)))


def _pattern(text: str) -> str:
    return "".join(_WILD.get(part) or re.escape(part) for part in re.split(r"([*#])", _plain(text)))
