"""A conversation as one HTML page that needs nothing else: no script, no request, readable in light, dark and print."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from brain.transcripts.wording import YOU, facts, moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.transcripts.values import Entry, Transcript


def write_html(transcript: Transcript) -> Iterator[str]:
    """The page, in one piece: the messages from the first to the head."""
    page = Template(files("brain.transcripts").joinpath("page.html").read_text(encoding="utf-8"))
    yield page.substitute(
        title=escape(transcript.heading or "Empty conversation"),
        facts=escape(facts(transcript)),
        messages="".join(_article(entry, transcript.voice) for entry in transcript.path),
    )


def _article(entry: Entry, voice: str) -> str:
    side, name = ("voice", voice) if entry.from_creator else ("you", YOU)
    at = entry.timestamp
    time = f' · <time datetime="{at.isoformat()}">{moment(at)}</time>' if at else ""
    mark = f'<div class="mark">{escape(entry.mark)}</div>\n' if entry.mark else ""
    return (
        f'<article class="{side}">\n<h2>{escape(name)}{time}</h2>\n'
        f'<p dir="auto">{escape(entry.content)}</p>\n{mark}</article>\n'
    )
