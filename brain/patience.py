"""Waits out what passes: a rate limit, a server that is busy, a time-out. It says so, and can always be stopped."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, TypeVar

from brain.errors import PersonaError, RetryLaterError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

LONGEST_WAIT = 120.0  # seconds: what takes longer, nobody waits for at a prompt
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 60.0


async def patiently(
    ask: Callable[[], Awaitable[T]],
    *,
    tell: Callable[[str], object],
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    most: int = 3,
    guess: bool = True,
) -> T:
    """What `ask` brings, asked again at most `most` times while its error is one that passes.

    An error that names a time is waited for; one that names none, but may pass, for 2, 4, 8 seconds and so on, unless
    `guess` is off. `tell` hears of each wait before it begins. Cancelling ends a wait at once. Raises the last
    PersonaError when asking again did not help, and the first one that asks for more than two minutes.
    """
    tried = 0
    while True:
        try:
            return await ask()
        except PersonaError as exc:
            pause = _pause(exc, tried, most, guess=guess)
            if pause is None:
                raise
            tell(_words(exc, pause))
        await sleep(pause)
        tried += 1


def patiently_now(
    ask: Callable[[], T],
    *,
    tell: Callable[[str], object],
    sleep: Callable[[float], object] = time.sleep,
    most: int = 3,
    guess: bool = True,
) -> T:
    """`patiently`, called; Ctrl-C ends a wait at once."""
    tried = 0
    while True:
        try:
            return ask()
        except PersonaError as exc:
            pause = _pause(exc, tried, most, guess=guess)
            if pause is None:
                raise
            tell(_words(exc, pause))
        sleep(pause)
        tried += 1


def waiting_time(seconds: float) -> str:
    """A wait in the largest unit that tells it well: "7 s", "5 min", "3 h"; rounded up, never "0 s"."""
    if seconds <= LONGEST_WAIT:
        return f"{max(math.ceil(seconds), 1)} s"
    return f"{math.ceil(seconds / 60)} min" if seconds <= 90 * 60 else f"{math.ceil(seconds / 3600)} h"


def _pause(error: PersonaError, tried: int, most: int, *, guess: bool) -> float | None:
    """Seconds until it is asked again; None when it is not."""
    named = error.retry_after
    unnamed = min(error.again, most) if guess else 0
    if tried >= (unnamed if named is None else most):
        return None
    pause = min(_FIRST_PAUSE * 2**tried, _LONGEST_PAUSE) if named is None else named
    return pause if pause <= LONGEST_WAIT else None


def _words(error: PersonaError, pause: float) -> str:
    limited = isinstance(error, RetryLaterError) and (error.retry_after is not None or error.again > 1)
    what = "Rate limited." if limited else error.message
    return f"{what} Trying again in {waiting_time(pause)} — Ctrl-C to stop waiting."
