"""Where the files of this program lie. Nothing is made here, and nothing heavy is imported.

`home` is the one folder of PERSONA_HOME or --home; without it each system's own folders for a user's files are taken.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

APP = "persona"
DEFAULT_VOICE = "nela"
PROJECT_FILE = "persona.toml"
VOICE_FILE = "settings.toml"
VOICE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def home_of(flags: Mapping[str, Any], environ: Mapping[str, str]) -> Path | None:
    """The one folder for everything. No file can name it, since it says where the files are."""
    home = flags.get("home") or environ.get("PERSONA_HOME")
    return Path(home).expanduser() if home else None


def config_file(home: Path | None) -> Path:
    """The user's own settings file, whether it exists or not."""
    return (home / "config" if home else Path(_platform().user_config_dir(APP))) / "config.toml"


def data_dir(home: Path | None) -> Path:
    """Conversations, compiled voices and the log of the filter."""
    return home / "data" if home else Path(_platform().user_data_dir(APP))


def state_dir(home: Path | None) -> Path:
    """What may be lost without harm, but not without cost: runs that go on where they stopped."""
    return home / "state" if home else Path(_platform().user_state_dir(APP))


def cache_dir(home: Path | None) -> Path:
    """What is soon made again."""
    return home / "cache" if home else Path(_platform().user_cache_dir(APP))


def voices_dir(home: Path | None) -> Path:
    """One folder a voice, one folder in it a version."""
    return data_dir(home) / "voices"


def voice_file(home: Path | None, voice: str) -> Path | None:
    """The settings that belong to a voice, `NAME` or `NAME@VERSION`; None for a voice that is named by its folder."""
    name = voice.partition("@")[0]
    return voices_dir(home) / name / VOICE_FILE if VOICE_NAME.fullmatch(name) else None


def is_path(voice: str) -> bool:
    """Whether a voice is named by its folder."""
    return "/" in voice or "\\" in voice or voice in {".", ".."}


def stored_name(voice: str) -> str:
    """The name under which the conversations with a voice are kept, whatever its version; of a folder, its path."""
    return str(Path(voice).expanduser().resolve()) if is_path(voice) else voice.partition("@")[0]


def voice_names(home: Path | None) -> tuple[str, ...]:
    """The voices that have a version, in order; empty where the folder cannot be read."""
    try:
        folders = [entry for entry in voices_dir(home).iterdir() if VOICE_NAME.fullmatch(entry.name)]
        return tuple(sorted(folder.name for folder in folders if voice_versions(folder)))
    except OSError:
        return ()


def voice_versions(folder: Path) -> tuple[int, ...]:
    """The saved versions in a voice's folder, oldest first."""
    return (
        tuple(sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdecimal()))
        if folder.is_dir()
        else ()
    )


def _platform() -> ModuleType:
    import platformdirs

    return platformdirs
