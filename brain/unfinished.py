"""A reply in the making: on disk before its call, kept while it is written, and marked by how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from brain.errors import PersonaError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from brain.models import State
    from brain.modules.written import Written
    from brain.store.store import Store

T = TypeVar("T")
KEPT_EVERY = 0.25  # seconds; what a killed process may lose of a reply


class Kept(NamedTuple):
    """What is left of a reply that did not come to its end; `words` of it."""

    text: str
    words: int


class Unfinished:
    """The row of one reply while a model writes it. Use it in an `async with`; what it keeps has passed the filter."""

    def __init__(
        self,
        store: Store,
        reply: int,
        written: Written,
        sayable: Callable[[str], str],
        clock: Callable[[], datetime],
    ) -> None:
        """`sayable` gives as much of a text as may be shown."""
        self._store, self._reply, self._written, self._sayable, self._clock = store, reply, written, sayable, clock
        self._last = ("", "")

    async def __aenter__(self) -> Self:
        self._keeping = asyncio.ensure_future(self._keep_up())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._keeping.cancel()
        await asyncio.wait({self._keeping})

    def end(self, state: State) -> Kept:
        """The last word on a reply that stopped short."""
        self._keeping.cancel()
        text = self._text()
        self._store.finish(self._reply, text, state=state if text else "failed", now=self._clock())
        return Kept(text, len(text.split()))

    async def _keep_up(self) -> None:
        """Writes what is there; where that fails, `end` or the finished reply tells it."""
        while True:
            await asyncio.sleep(KEPT_EVERY)
            with contextlib.suppress(PersonaError):
                await asyncio.to_thread(self._keep)

    def _keep(self) -> None:
        before = self._last[1]
        text = self._text()
        if text and text != before:
            self._store.write(self._reply, text, self._clock())
        else:
            self._store.beat(self._reply, self._clock())

    def _text(self) -> str:
        raw = self._written.text
        if raw != self._last[0]:
            self._last = (raw, self._sayable(raw))
        return self._last[1]


async def undisturbed(work: Callable[[], T]) -> T:
    """The result of `work`, done in a thread. Cancelling waits for its end, so that nothing is left half done."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
