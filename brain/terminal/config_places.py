"""Where everything lies, by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brain.places import PROJECT_FILE, cache_dir, config_file, data_dir, home_of, state_dir, voices_dir

if TYPE_CHECKING:
    from collections.abc import Mapping


def places(flags: Mapping[str, Any]) -> dict[str, str]:
    """The files and folders of this user, whether they exist or not; the store as a path, or without its password."""
    from brain.config import load_settings
    from brain.errors import ConfigError
    from brain.masked import masked

    home = home_of(flags, os.environ)
    store = str(data_dir(home) / "persona.db")
    try:
        url = load_settings(flags).database_url
    except ConfigError:  # whoever mends a broken file must find it
        url = None
    return {
        "config": str(config_file(home)),
        "project": str(Path(PROJECT_FILE).absolute()),
        "data": str(data_dir(home)),
        "voices": str(voices_dir(home)),
        "store": masked("database_url", url) if url else store,
        "state": str(state_dir(home)),
        "cache": str(cache_dir(home)),
    }
