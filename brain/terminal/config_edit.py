"""Changing a settings file in an editor: only a sound one takes effect, and what was typed is never lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brain.config import settle
from brain.config_file import install, read_text
from brain.errors import ConfigError, UnavailableError
from brain.flags import may_ask, note, say_error, takes_input
from brain.places import VOICE_FILE
from brain.private_files import make_private_folder
from brain.setting_sources import file_source
from brain.setting_words import FIELDS_OF_A_FILE, SETTINGS

if TYPE_CHECKING:
    from brain.setting_sources import Kind


def edit_file(path: Path) -> None:
    """Opens a copy of the file and puts it in its place when it is sound; else the copy is kept, and named.

    A file that does not exist yet begins as a list of all settings, none of them set. Raises ConfigError, and
    UnavailableError for an editor that does not work.
    """
    if not takes_input():
        raise click.UsageError("An editor waits for input: leave out --no-input, or take: persona config set")
    kind: Kind = "voice" if path.name == VOICE_FILE else "user"
    former = read_text(path)
    offered = former or _template(kind)
    copy = _copy(path, offered)
    try:
        text = _edited(copy, offered, kind)
        if text != offered:
            install(path, text, former=former)
    except BaseException:
        if read_text(copy) != offered:
            click.echo(f"Nothing was changed. Your text is kept: {copy}", err=True)
        else:
            copy.unlink()
        raise
    copy.unlink()
    note(f"✓ {path}" if text != offered else "Nothing was changed.")


def _edited(copy: Path, offered: str, kind: Kind) -> str:
    """The text as it was left, sound or untouched. Raises ConfigError when it is neither."""
    while True:
        _open(copy)
        text = read_text(copy)
        if text == offered:
            return text
        try:
            settle([file_source(kind, copy)])
        except ConfigError as exc:
            if not may_ask():
                raise
            say_error(exc)
            if not click.confirm("Open it again?", default=True, err=True):
                raise
        else:
            return text


def _open(copy: Path) -> None:
    """Raises UnavailableError when there is no such editor, or it ended with an error."""
    try:
        click.edit(filename=str(copy))
    except click.ClickException as exc:
        raise UnavailableError(exc.message, hint="Set $EDITOR to the editor you want.") from exc


def _copy(path: Path, text: str) -> Path:
    try:
        make_private_folder(path.parent)
        descriptor, name = tempfile.mkstemp(prefix=f"{path.stem}-edited-", suffix=".toml", dir=path.parent)
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be written ({exc.strerror})", hint="Check its permissions.") from exc
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)


def _template(kind: Kind) -> str:
    names = (name for name in FIELDS_OF_A_FILE if kind == "user" or SETTINGS[name].of_voice)
    return "".join(f"# {SETTINGS[name].meaning}\n# {name} = \n\n" for name in names)
