"""Leading somebody to another place without its name, or by agreeing to the name the other person said."""

from __future__ import annotations

import re
from typing import NamedTuple

from brain.policy.patterns import Patterns

_WAYS = Patterns("brain.policy", "handoffs.toml")
_CHUNK = re.compile(r"(?<![\w./@#])@?[a-z][\w.]+(?:#\d{3,5})?(?![\w/])")
# What a web address ends in, and a file.
_WEB = frozenset({"com", "net", "org", "io", "de", "fr", "es", "it", "pt", "co", "uk", "me"})
_FILE = frozenset(
    {"jpg", "png", "htm", "html", "pdf", "zip", "txt", "cfg", "xml", "properties", "py", "json", "toml", "mp3"}
)
# What stands between "my" and the handle: "my user is …", "i'm over there as …".
_LINK = re.compile(
    r"(?:\W*\b(?:user(?:name)?|handle|name|nick|backup|account|is|at|on|as|ist|es|est|e|come|como|da|druben|there|over|usuario|pseudo)\b)*\W*"
)
LEAD = 25  # characters before a handle that say whose it is


class Handoff(NamedTuple):
    """A way out of the chat; `start` and `end` are places in the text that was read."""

    sure: bool
    start: int
    end: int


class Handoffs:
    """Finds hand-offs in folded texts, in every language: a client answers people of all of them."""

    def find(self, text: str) -> Handoff | None:
        """A hand-off that the text makes by itself."""
        if span := _first("sure", text):
            return Handoff(True, *span)
        if found := _by_handle(text):
            return found
        span = _first("maybe", text)
        return Handoff(False, *span) if span else None

    def is_request(self, text: str) -> bool | None:
        """Whether somebody who names a platform plainly wishes to go there; None if they only mention it."""
        if _first("request", text):
            return True
        return False if "?" in text else None

    def follows(self, text: str) -> Handoff | None:
        """A hand-off that completes a platform named before: "add me there", a bare handle."""
        span = _first("there", text)
        return Handoff(True, *span) if span else None


def _by_handle(text: str) -> Handoff | None:
    """A handle beside words for reaching somebody; if it is given as the speaker's own, that leaves no doubt."""
    handle = next((chunk for chunk in _CHUNK.finditer(text) if _is_handle(chunk.group())), None)
    if handle is None:
        return None
    lead = text[max(0, handle.start() - LEAD) : handle.start()]
    own = _first("own", lead)
    ways = _ways(f"{text[: handle.start()]} {text[handle.end() :]}")
    if not ways or not (own or _first("reach", lead)):
        return None
    return Handoff(own is not None and _LINK.fullmatch(lead, own[1]) is not None, *handle.span())


def _is_handle(chunk: str) -> bool:
    """Whether it is written as only names on platforms are: "@some.body", "some_body", "some.body", "somebody#1234"."""
    parts = chunk.strip(".").split(".")
    dotted = len(parts) > 1 and parts[-1] not in _WEB | _FILE and all(len(part) > 2 for part in parts[:2])
    return chunk[0] == "@" or "_" in chunk or "#" in chunk or dotted


def _ways(text: str) -> int:
    """How many different words of one language there are for reaching somebody."""
    patterns = (_WAYS.of(language, "reach") for language in _WAYS.languages)
    return max(len({match.group() for match in pattern.finditer(text)}) for pattern in patterns if pattern)


def _first(sign: str, text: str) -> tuple[int, int] | None:
    """Where a folded text first shows the sign in any language."""
    return next((span for language in _WAYS.languages if (span := _WAYS.find(language, sign, text))), None)
