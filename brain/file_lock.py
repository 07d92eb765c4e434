"""Taking turns at a file between processes."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from brain.private_files import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_POLL_SECONDS = 0.002


@contextmanager
def locked(descriptor: int, *, shared: bool = False, seconds: float = 5.0) -> Iterator[None]:
    """Nobody else holds the open file meanwhile; with `shared`, nobody but other readers.

    Raises TimeoutError when it stays taken for longer than `seconds`. Where the system has no flock (Windows) nothing
    is held, so only one process at a time should write there.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    wanted = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, wanted)
            break
        except BlockingIOError:
            if time.monotonic() > end:
                raise TimeoutError(0, "another process holds it") from None
            time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def locked_file(path: Path) -> Iterator[None]:
    """`locked`, for a file that is made for it alone, with its folder, for their owner. Raises OSError too."""
    make_private_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with locked(descriptor):
            yield
    finally:
        os.close(descriptor)
