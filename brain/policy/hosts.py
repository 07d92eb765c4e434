"""Web addresses in a text, judged by the host they are registered under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.fold import Folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# "insta (dot) com", "insta[.]com", "x dot com"
_SPELLED_DOT = re.compile(
    r"(?<=\w)\s?[\[({<]\s?(?:dot|punkt|punto|point|ponto|\.)\s?[\])}>]\s?(?=\w)"
    r"|(?<=\w) (?:dot|punkt|punto|point|ponto) (?=[a-z]{2,4}\b)"
)
# "insta . com", "t . me"; a sentence may well end before "me", so there both spaces must stand
_LOOSE_DOT = re.compile(r"(?<=\w) ?\. ?(?=(?:com|net|org|gg|tv)\b)|(?<=\w) \. (?=[a-z]{2}\b)")
_SLASH = re.compile(r" slash ")
_ADDRESS = re.compile(r"(?<![\w.-])(?:[a-z0-9_-]+\.)+[a-z]{2,}(?![\w-])(?:[/?#:][^\s]*)?")


class Address(NamedTuple):
    """A web address: its listed host, or an empty one, and its place in the display text."""

    host: str
    start: int
    end: int


def addresses(folded: Folded, hosts: Mapping[str, object]) -> Iterator[Address]:
    """Every web address whose host, or a host above it, is listed: `m.x.com` for `x.com`, never `netflix.com`."""
    if "." not in folded.text and "dot" not in folded.text:
        return
    written = _with_dots(folded)
    for match in _ADDRESS.finditer(written.text):
        host = re.split(r"[/?#:]", match.group(), maxsplit=1)[0]
        labels = host.split(".")
        for first in range(len(labels) - 1):
            above = ".".join(labels[first:])
            if above in hosts:
                yield Address(above, *written.span(*match.span()))
                break


def _with_dots(folded: Folded) -> Folded:
    """The text with dots that were spelled out, bracketed or set apart written as dots."""
    text, offsets = folded.text, folded.offsets
    for pattern, sign in ((_SPELLED_DOT, "."), (_LOOSE_DOT, "."), (_SLASH, "/")):
        pieces: list[str] = []
        places: list[int] = []
        done = 0
        for match in pattern.finditer(text):
            pieces += [text[done : match.start()], sign]
            places += [*offsets[done : match.start()], offsets[match.start()]]
            done = match.end()
        if done:
            text = "".join([*pieces, text[done:]])
            offsets = (*places, *offsets[done:])
    return Folded(text, offsets)
