"""Where settings come from: built-in values aside, five sources, each stronger than the one before.

1. `voices/NAME/settings.toml` in the data folder: defaults that belong to a voice. Which voice, the others say first.
2. The user's `config.toml`.
3. `./persona.toml`, in the folder the program is run in.
4. `PERSONA_*` in the environment.
5. Flags.

A persona that lies beside its conversations.json is called persona.toml as well. Only a persona has a `name`, so a file
there with that key holds no settings; any other is one of settings, and a key in it that is none is told.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from brain.errors import ConfigError
from brain.places import DEFAULT_VOICE, PROJECT_FILE, config_file, home_of, voice_file
from brain.setting_words import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["voice", "user", "folder", "environment", "flag"]
_PATHS = ("policy",)
_PREFIX = "PERSONA_"


class Source(NamedTuple):
    """The values that one source gives, as they stand there; `path` when it is a file, whether it exists or not."""

    kind: Kind
    values: Mapping[str, Any]
    path: Path | None = None

    def origin(self, name: str) -> str:
        """What to show a user who asks where a value comes from: a file, `--flag` or `$VARIABLE`."""
        if self.path is not None:
            return str(self.path)
        return f"--{name.replace('_', '-')}" if self.kind == "flag" else variable(name)


def variable(name: str) -> str:
    """The environment variable of a setting, with its $."""
    return f"${_PREFIX}{name.upper()}"


def read_sources(
    flags: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[Source, ...]:
    """Every source, the weakest first. Flags that are None and empty texts elsewhere count as not given.

    Raises ConfigError for a file that cannot be read or is not TOML.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    home = home_of(given, environ)
    stronger = (
        file_source("user", config_file(home)),
        file_source("folder", (folder or _here()) / PROJECT_FILE),
        Source("environment", _variables(environ)),
        Source("flag", given),
    )
    voice = next((source.values["voice"] for source in reversed(stronger) if "voice" in source.values), DEFAULT_VOICE)
    return (voice_source(home, voice), *stronger)


def voice_source(home: Path | None, voice: object) -> Source:
    """The defaults of a voice; none for a voice that is named by its folder. Raises ConfigError."""
    path = voice_file(home, voice) if isinstance(voice, str) else None
    return Source("voice", {}) if path is None else file_source("voice", path)


def file_source(kind: Kind, path: Path) -> Source:
    """The settings in a file, none when it is missing or holds a persona. Raises ConfigError."""
    found = {name: value for name, value in read_toml(path).items() if value != ""}
    if kind == "folder" and "name" in found:
        found = {}
    for name in _PATHS:
        if isinstance(value := found.get(name), str):
            found[name] = str(path.parent / Path(value).expanduser())
    return Source(kind, found, path)


def read_toml(path: Path) -> dict[str, Any]:
    """What a file says, nothing when it is missing. Raises ConfigError when it cannot be read or is not TOML."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise ConfigError(f"{path}: is not TOML ({exc})", hint="Correct that line.") from exc
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc


def strange_variables(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Variables that begin with PERSONA_ and belong to no setting: mistyped, as a rule."""
    return tuple(
        sorted(
            name for name in environ if name.startswith(_PREFIX) and name.removeprefix(_PREFIX).lower() not in SETTINGS
        )
    )


def _here() -> Path:
    """The folder the program is run in; one that was removed meanwhile holds no settings."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path()


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in SETTINGS if (value := environ.get(f"{_PREFIX}{name.upper()}"))}
