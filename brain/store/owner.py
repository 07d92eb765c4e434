"""Whose reply it is: a name for this process by which another one can tell whether it still lives."""

from __future__ import annotations

import os
import socket
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
_DEAD = frozenset("ZXx")


def this_process() -> str:
    """PLACE:PID:START; process numbers are used again, the moment a process started is not."""
    pid = os.getpid()
    return f"{_place()}:{pid}:{_start(pid) or ''}"


def is_gone(owner: str) -> bool:
    """Whether that process is dead for certain; never of a process on another machine or in another container."""
    place, pid, start = owner.rsplit(":", 2)
    if os.name != "posix" or place != _place():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return start not in {"", _start(int(pid)) or start}


def _place() -> str:
    """Where process numbers mean the same: this machine since it was started, and this container on it."""
    try:
        linux = [_BOOT.read_text()[:8], str(_NAMESPACE.stat().st_ino)]
    except OSError:
        linux = []
    return "/".join([socket.gethostname(), *linux])


def _start(pid: int) -> str | None:
    """When that process started, in ticks of this machine; "dead" for one that waits to be cleared away.

    None where the system does not tell. The fields are those of proc(5); the second may hold blanks and brackets.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return "dead" if fields[0] in _DEAD else fields[19]
