"""Taking turns at a file between processes."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
