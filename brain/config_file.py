"""Writes one setting into a settings file and leaves everything else in it as its owner wrote it."""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from brain.config import read_value
from brain.errors import ConfigError
from brain.file_lock import locked_file
from brain.places import VOICE_FILE
from brain.private_files import replace_file
from brain.setting_sources import Kind, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tomlkit import TOMLDocument

_LOCK = ".settings.lock"


def set_setting(path: Path, name: str, value: str | None) -> None:
    """Sets `name` in the settings file at `path` to `value`, as somebody typed it; None takes it out.

    Comments and order stay. The file is made when it is missing, for its owner alone; two who write at once lose
    nothing. Raises ConfigError when there is no such setting, when it cannot be so, or when the file cannot be written.
    """
    found = None if value is None else read_value(name, value, Source(_kind(path), {}, path))
    with _held(path):
        document = _parsed(path, read_text(path))
        if found is not None:
            document[name] = found
        elif name in document:
            del document[name]
        else:
            return
        _replace(path, document.as_string())


def install(path: Path, text: str, *, former: str) -> None:
    """Puts a whole checked file in the place of `former`, which it was made from. Raises ConfigError.

    The file is left alone when somebody else has written it meanwhile.
    """
    with _held(path):
        if read_text(path) != former:
            raise ConfigError(f"{path}: was changed by somebody else meanwhile", hint="Look at it, and edit it again.")
        _replace(path, text)


def read_text(path: Path) -> str:
    """What the file says, nothing when it is missing. Raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as exc:
        raise ConfigError(f"{path}: is not TOML ({exc})", hint="Save it as UTF-8.") from exc
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc


def _kind(path: Path) -> Kind:
    return "voice" if path.name == VOICE_FILE else "user"


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Nobody else of us writes into the file's folder meanwhile. Raises ConfigError when it cannot be written."""
    try:
        with locked_file(path.resolve().parent / _LOCK):
            yield
    except TimeoutError as exc:
        raise ConfigError(f"{path}: another process is writing it", hint="Try again.") from exc
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be written ({exc.strerror})", hint="Check its permissions.") from exc


def _parsed(path: Path, text: str) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        tomllib.loads(text)  # tomlkit takes some texts that are no TOML
        return tomlkit.parse(text)
    except (tomllib.TOMLDecodeError, TOMLKitError) as exc:
        raise ConfigError(f"{path}: is not TOML ({exc})", hint="Correct that line: persona config edit") from exc


def _replace(path: Path, text: str) -> None:
    replace_file(path.resolve(), text.encode())  # whoever keeps settings elsewhere, behind a link, keeps the link
