"""Best of n by ear: several drafts of one reply, the one that sounds most like the client first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import dspy
import numpy as np
from dspy.utils.exceptions import AdapterParseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.demos import DemoBank
    from brain.modules.learned import Learned

_ENOUGH = 0.5
_WEIGHT_OF_NEARNESS = 0.5
_WEIGHT_OF_STRANGENESS = 0.5


class Candidates(dspy.Module):
    """`count` calls of one predictor with the same inputs; awaited, they run at the same time.

    A prediction with `drafts`, the predictions in order. Each call has a seed of its own, counted up from the one in
    `config`, so that the same seed gives the same drafts.
    """

    def __init__(self, predictor: dspy.Predict, count: int) -> None:
        super().__init__()
        self.predictor, self.count = predictor, count

    def forward(self, **inputs: Any) -> dspy.Prediction:
        """Called: one after the other. Raises AdapterParseError when no call gives a text, other errors at once."""
        drafts: list[dspy.Prediction] = []
        for number, each in enumerate(self._each(inputs), start=1):
            try:
                drafts.append(self.predictor(**each))
            except AdapterParseError:
                if number == self.count and not drafts:
                    raise
        return dspy.Prediction(drafts=drafts)

    async def aforward(self, **inputs: Any) -> dspy.Prediction:
        """Awaited: together; cancelling cancels them all, and so does the first error, which is raised as it is."""
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._text(each)) for each in self._each(inputs)]
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        answers = [task.result() for task in tasks]
        drafts = [answer for answer in answers if isinstance(answer, dspy.Prediction)]
        if not drafts:
            raise next(answer for answer in answers if isinstance(answer, AdapterParseError))
        return dspy.Prediction(drafts=drafts)

    async def _text(self, inputs: dict[str, Any]) -> dspy.Prediction | AdapterParseError:
        try:
            return await self.predictor.acall(**inputs)
        except AdapterParseError as exc:
            return exc

    def _each(self, inputs: dict[str, Any]) -> list[dict[str, Any]]:
        config: dict[str, Any] = inputs.get("config") or {}
        seed = config.get("seed")
        if seed is None:
            return [inputs] * self.count
        return [{**inputs, "config": {**config, "seed": seed + number}} for number in range(self.count)]


def best_first(drafts: Sequence[str], message: str, bank: DemoBank | None, learned: Learned) -> list[str]:
    """The drafts by how they sound, and how near they are to the message; in their own order without an ear.

    Both count in standard deviations of the client's own replies, and no further than half of one above their mean: a
    draft beyond that is a caricature of them, or an echo of the message. Straying from their usual style counts against
    a draft, whichever way it strays.
    """
    if learned.ear is None or bank is None or len(drafts) < 2:
        return list(drafts)
    near = (bank.embedded(drafts) @ bank.asked(message) - learned.nearness.mean) / learned.nearness.spread
    sound, strange = learned.ear.hear_and_weigh(drafts)
    worth = (
        np.minimum(sound, _ENOUGH)
        + _WEIGHT_OF_NEARNESS * np.minimum(near, _ENOUGH)
        - _WEIGHT_OF_STRANGENESS * np.maximum(strange, 0.0)
    )
    return [drafts[at] for at in np.argsort(-worth, kind="stable")]
