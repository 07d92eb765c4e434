"""Servers that a folder's `./persona.toml` names.

A folder may come from anybody, and that file with it. A server elsewhere would hear all that is said, and get the
user's key; so it counts only when the user has named the same one: as a flag, in the environment, in config.toml or
among the settings of a voice. A server on this machine needs no such word.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from brain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.setting_sources import Source

_SERVERS = ("api_base", "database_url")


def check_servers(sources: Sequence[Source]) -> None:
    """Raises ConfigError when a server that would be used is elsewhere, and named by nobody but the folder's file."""
    for name in _SERVERS:
        naming = [source for source in sources if name in source.values]
        if not naming or naming[-1].kind != "folder":
            continue
        server = naming[-1].values[name]
        if (
            isinstance(server, str)
            and not _is_here(server)
            and all(each.values[name] != server for each in naming[:-1])
        ):
            raise ConfigError(
                f"{naming[-1].path}: `{name}` names a server elsewhere, which would hear what you say",
                hint=f"If you trust whoever wrote that file, name it too: persona config set {name} …",
            )


def _is_here(url: str) -> bool:
    """Whether an address surely leads to this machine; what follows a ? may name another host."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return not parts.query and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return url.startswith("sqlite:") and "?" not in url
