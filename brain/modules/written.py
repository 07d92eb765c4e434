"""What has been written of a reply so far, while a model is still writing it: to be kept if the rest never comes."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dspy

    from brain.modules.live import LiveReply


class Written:
    """Stands as `send_stream` in the DSPy context of one awaited turn. Unchecked text: nobody sees it as it is.

    Every call of the predictor is a draft of its own, and several may be written at once.
    """

    def __init__(self, predictor: dspy.Predict) -> None:
        """Follows what this predictor writes, and nothing else that is asked in the turn."""
        self._predictor = predictor
        self._drafts: dict[asyncio.Task[Any] | None, str] = {}
        self._started = time.perf_counter()
        self.live: LiveReply | None = None
        self.first_word: float | None = None

    @property
    def text(self) -> str:
        """The draft that was begun last, of those that have text."""
        return next((text for text in reversed(self._drafts.values()) if text.strip()), "")

    async def send(self, chunk: Any) -> None:
        """A piece of what some model writes in this turn."""
        if chunk.predict_id != id(self._predictor):
            return
        task = asyncio.current_task()
        piece = chunk.choices[0].delta.content or ""
        if piece.strip() and self.first_word is None:
            self.first_word = round(time.perf_counter() - self._started, 3)
        self._drafts[task] = self._drafts.get(task, "") + piece
        if self.live is not None:
            await self.live.send(chunk)
