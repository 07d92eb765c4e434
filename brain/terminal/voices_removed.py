"""Removes voices, and brings them back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from brain.artifact import check_name, versions
from brain.bundled import BUNDLED
from brain.errors import DataError, NotFoundError
from brain.flags import agreed, note
from brain.removed import purge, remove, removed, restore
from brain.shelf import find_version
from brain.terminal.counted import counted

if TYPE_CHECKING:
    from pathlib import Path

    from brain.config import Settings


def list_removed(voices: Path, *, as_json: bool) -> None:
    """What could be restored, a label a line."""
    found = [one.label for one in removed(voices)]
    if as_json:
        click.echo(json.dumps({"removed": found}))
    elif not found:
        note("Nothing was removed that could be restored.")
    for label in dict.fromkeys([] if as_json else found):
        click.echo(label)


def remove_voice(settings: Settings, voice: str) -> None:
    """Puts a voice or a version of it away. Raises NotFoundError, and DataError for the only version of a voice."""
    name, version, label = _parts(voice)
    folder = _found(settings, voice)
    remove(settings.voices_dir, f"{name}@{folder.name}" if version else name)
    note(f"Removed: {label}")
    note(f"  → persona voices restore {label} brings it back.")
    _tell_consequences(settings, label)


def purge_voice(settings: Settings, voice: str, *, sure: bool) -> None:
    """Removes a voice or a version for good, what was put away of it too.

    Asks first unless `sure`; raises DataError where nobody can be asked, NotFoundError when there is nothing of it.
    """
    name, version, label = _parts(voice)
    away = [one for one in removed(settings.voices_dir) if one.label == label]
    if not away:
        _found(settings, voice)
    count = len(versions(settings.voices_dir, name))
    what = "" if version else f" with {counted(count, 'version')} and its lessons"
    if not agreed(
        f"Remove {label}{what} for good?",
        sure=sure,
        unasked=DataError("Nobody is here to be asked.", hint="--yes removes for good without asking."),
        declined="Nothing was removed.",
    ):
        return
    purge(settings.voices_dir, label)
    note(f"Gone for good: {label}")
    _tell_consequences(settings, label)


def restore_voice(voices: Path, voice: str) -> None:
    """Brings the one back that was removed last. Raises NotFoundError, DataError."""
    label = _parts(voice)[2]
    restore(voices, label)
    note(f"Restored: {label}")


def _parts(voice: str) -> tuple[str, str, str]:
    """Name, version (empty for the whole voice) and the two as a label. Raises for what names no voice of the shelf."""
    name, at, version = voice.partition("@")
    check_name(name)
    if at and not (version.isascii() and version.isdecimal()):
        raise NotFoundError(f"{version!r} is no version.", hint="A version is a number: NAME@2.")
    return name, version, f"{name}@{int(version)}" if version else name


def _found(settings: Settings, voice: str) -> Path:
    """The folder of a version that may go: a voice keeps at least one."""
    folder = find_version(settings, voice)
    name, at, _ = voice.partition("@")
    if at and len(versions(settings.voices_dir, name)) == 1:
        raise DataError(f"{voice} is the only version.", hint=f"persona voices rm {name} removes the voice.")
    return folder


def _tell_consequences(settings: Settings, label: str) -> None:
    if label == BUNDLED:
        note(f"  {BUNDLED} comes with the program: it is compiled again when it is next used.")
    elif label in {settings.voice, settings.voice.partition("@")[0]}:
        note(f"  It was the voice you talk to by default. → persona voices use {BUNDLED}")
