"""Shows what a file holds before a voice is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from brain.models import LabeledConversation, Persona
    from brain.sources.source import Source

_EXAMPLES = 3
_ABOUT = 240  # characters
_LINE = 100


def show_found(file: Path, source: Source, persona: Persona) -> None:
    """The form, the person, the counts, and three examples, on standard error."""
    for line in _lines(file, source, persona):
        click.echo(line, err=True)


def _lines(file: Path, source: Source, persona: Persona) -> Iterator[str]:
    yield f"{display(str(file))}: {source.form}"
    yield f"  name   {display(persona.name)}"
    if persona.about:
        yield f"  about  {_shortened(persona.about, _ABOUT)}"
    for fact in persona.facts[:_EXAMPLES]:
        yield f"  fact   {_shortened(fact, _LINE)}"
    yield f"  {_replies(source)}"
    for line in source.notes:
        yield f"  {display(line)}"
    step = -(-len(source.conversations) // _EXAMPLES) or 1
    for one in source.conversations[::step][:_EXAMPLES]:
        yield ""
        yield from _example(one)
    yield ""


def _replies(source: Source) -> str:
    days = sorted(
        one.chat_history.messages[-1].timestamp.date()
        for one in source.conversations
        if one.chat_history.messages[-1].timestamp is not None
    )
    span = f", {days[0]} to {days[-1]}" if days else ""
    count = len(source.conversations)
    return f"{count:,} {'reply' if count == 1 else 'replies'}{span}"


def _example(one: LabeledConversation) -> Iterator[str]:
    yield f"  › {_shortened(one.chat_history.last_from_other, _LINE)}"
    yield f"    {_shortened(one.output, _LINE)}"


def _shortened(text: str, most: int) -> str:
    line = " ".join(display(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
