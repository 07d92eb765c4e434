"""A reply in the making: on disk before its call, kept while it is written, and marked by how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from brain.errors import PersonaError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from brain.models import State, Turn
    from brain.modules.written import Written
    from brain.store.store import Store

T = TypeVar("T")
KEPT_EVERY = 0.25  # seconds; what a killed process may lose of a reply


class Kept(NamedTuple):
    """What is left of a reply that did not come to its end; `words` of it."""

    text: str
    words: int


NOTHING_KEPT = Kept("", 0)


class Unfinished:
    """The row of one reply while a model writes it. What it keeps has passed the filter."""

    def __init__(
        self,
        store: Store,
        reply: int,
        written: Written,
        *,
        sayable: Callable[[str], str],
        explained: Callable[[str], Turn],
        clock: Callable[[], datetime],
    ) -> None:
        """`sayable` gives as much of a text as may be shown, `explained` tells so far why it reads as it does."""
        self._store, self._reply, self._written = store, reply, written
        self._sayable, self._explained, self._clock = sayable, explained, clock
        self._last = ("", "")
        self._keeping = asyncio.ensure_future(self._keep_up())

    def rest(self) -> None:
        """Nothing more is kept; a piece that is on its way to the store comes too late there."""
        self._keeping.cancel()

    def end(self, state: State) -> Kept:
        """The last word on a reply that stopped short."""
        self.rest()
        text = self._text()
        why = self._why(text) if text else {}
        self._store.finish(self._reply, text, state=state if text else "failed", now=self._clock(), **why)
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
        if not text or text == before:
            self._store.beat(self._reply, self._clock())
            return
        self._store.write(self._reply, text, self._clock())
        if not before:
            self._store.explain(self._reply, **self._why(text))

    def _why(self, text: str) -> dict[str, Any]:
        turn = self._explained(text)
        return {"turn": turn.details(), "prompt": turn.prompts}

    def _text(self) -> str:
        raw = self._written.text
        if raw != self._last[0]:
            self._last = (raw, self._sayable(raw))
        return self._last[1]


async def undisturbed(work: Callable[[], T]) -> T:
    """The result of `work`, done in a thread. Cancelling, however often, waits for its end and is felt then."""
    return await _done(asyncio.ensure_future(asyncio.to_thread(work)), swallow=False)


async def in_any_case(work: Callable[[], T]) -> T:
    """`undisturbed`, for a last step: what cancels it comes too late and is forgotten."""
    return await _done(asyncio.ensure_future(asyncio.to_thread(work)), swallow=True)


async def _done(task: asyncio.Future[T], *, swallow: bool) -> T:
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as exc:
            cancelled = exc
            if swallow and (current := asyncio.current_task()) is not None:
                current.uncancel()
    if cancelled is not None and not swallow:
        raise cancelled
    return task.result()
