"""Makes a voice of somebody else's file: reads it, shows what is in it, asks, and compiles."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from brain.artifact import check_name, versions
from brain.bundled import BUNDLED
from brain.dataset import dump_conversations
from brain.errors import DataError, UnavailableError
from brain.file_lock import locked_file
from brain.flags import agreed, may_ask, note
from brain.models import Persona
from brain.naming import voice_name
from brain.origin import Origin, save_sources
from brain.sanitise import display
from brain.sources.read import read_source
from brain.sources.talk import shown
from brain.terminal.progress import Progress, stoppable
from brain.terminal.voices_found import show_found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from pathlib import Path

    from brain.config import Settings
    from brain.sources.source import Source

_LISTED = 20
_LARGE = 1_000_000  # bytes; reading so many takes half a second
_LOCK = ".adding.lock"


def add_voice(
    settings: Settings, file: Path, *, name: str | None, client: str | None, gap: timedelta, sure: bool
) -> None:
    """Makes version 1 of a new voice. Without somebody to ask, and not `sure`, nothing is made: it is only shown.

    Raises DataError, with what is wrong and what next.
    """
    if name is not None:
        _check_free(settings, name)
    if file.is_file() and file.stat().st_size > _LARGE:
        note(f"Reading {display(str(file))}…")
    source = read_source(file, client=client, ask=_asked if may_ask() and not sure else None, gap=gap)
    name = _name(file, source, name)
    _check_free(settings, name)
    persona = _persona(source, name)
    show_found(file, source, persona)
    if not agreed(
        f"Make the voice {name} of it?",
        sure=sure,
        unasked=DataError("Nobody is here to be asked, so nothing was made.", hint="--yes makes the voice unasked."),
        declined="Nothing was made.",
        default=True,
    ):
        return
    folder = _made(settings, file, name, persona, source)
    click.echo(f"✓ {name}@{folder.name} is ready: {folder}")
    click.echo(f"  → persona chat {name}")
    if source.conversations:
        note(f"  → persona compile {name} listens to the model first, and comes closer to the voice.")


def _made(settings: Settings, file: Path, name: str, persona: Persona, source: Source) -> Path:
    """Version 1 of the voice. What was read is kept first: a compile that did not end can be done again."""
    try:
        with (
            locked_file(settings.voices_dir / name / _LOCK),
            stoppable(f"Stopped. What was read is kept: persona compile {name}"),
        ):
            _check_free(settings, name)
            save_sources(settings.voices_dir, name, source.conversations, persona, source.card)
            return _compiled(settings, file, name, persona, source)
    except TimeoutError as exc:
        raise UnavailableError(
            f"Another process is making a voice {name}.", hint="Give another --name, or wait for it."
        ) from exc


def _compiled(settings: Settings, file: Path, name: str, persona: Persona, source: Source) -> Path:
    compile_voice = importlib.import_module("optimizers.compile").compile_voice  # brain never imports upward
    origin = Origin(file, dump_conversations(source.conversations), source.conversations, persona)
    with Progress() as progress:
        folder: Path = compile_voice(settings, origin, name=name, watcher=progress)
    return folder


def _name(file: Path, source: Source, name: str | None) -> str:
    found = name or voice_name(source.persona.name if source.persona else "") or voice_name(file.stem)
    if not found:
        raise DataError(f"{file}: no name for a voice can be made of its name", hint="Give one: --name NAME")
    return found


def _check_free(settings: Settings, name: str) -> None:
    check_name(name)
    if name == BUNDLED or versions(settings.voices_dir, name):
        raise DataError(
            f"There is a voice called {name} already.", hint=f"Give another --name, or: persona voices rm {name}"
        )


def _persona(source: Source, name: str) -> Persona:
    if source.persona is not None:
        return source.persona.model_copy(update={"id": name})
    return Persona(name=name.replace("-", " ").replace("_", " ").title(), id=name, about=source.about)


def _asked(speakers: Mapping[str, int]) -> str:
    """Which of the speakers the client is, by number or by name."""
    names = list(speakers)[:_LISTED]
    click.echo("Who is the client?", err=True)
    for number, name in enumerate(names, start=1):
        click.echo(f"  {number}  {shown(name)} ({speakers[name]:,} messages)", err=True)
    choice: int = click.prompt("Number", type=click.IntRange(1, len(names)), err=True)
    return names[choice - 1]
