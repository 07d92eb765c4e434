"""Tries the judge's model while nobody waits for a reply; until it has passed, the rules decide alone."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from brain.errors import PersonaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from brain.lms.build import Model
    from brain.modules.probe import Probe
    from brain.terminal.opening import Opening


class JudgeWatch:
    """The probe of a chat: it begins when the chat is open and makes room for every reply.

    It ends with the chat. What goes wrong with it is `persona doctor`'s to tell.
    """

    def __init__(self, opening: asyncio.Future[Opening], note: Callable[[str], object]) -> None:
        """`note` hears the result, once."""
        self._opening, self._note = opening, note
        self._begun: tuple[Model, Probe] | None = None
        self._over = False
        self._trying = asyncio.ensure_future(self._try())

    def restart(self) -> None:
        """Begins anew, because another model answers now."""
        self._trying.cancel()
        self._begun, self._over = None, False
        self._trying = asyncio.ensure_future(self._try())

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """The probe rests meanwhile, and goes on afterwards where it stood."""
        self._trying.cancel()
        try:
            yield
        finally:
            self._trying = asyncio.ensure_future(self._try())

    async def _try(self) -> None:
        if self._over:
            return
        with contextlib.suppress(PersonaError):
            opening = await asyncio.shield(self._opening)
            self._begun = self._begun or await asyncio.to_thread(_untried, opening)
            if self._begun is not None:
                await self._probe(opening, *self._begun)
        self._over = True

    async def _probe(self, opening: Opening, judge: Model, probe: Probe) -> None:
        from brain.judges import aprobe_judge

        if (await aprobe_judge(opening.settings, judge, probe)).able:
            opening.session.voice.program.filter.use_judge(judge.lm)
            self._note(f"{judge.spec} judges doubtful replies.")
        else:
            self._note("No able judge: the rules decide alone.")


def _untried(opening: Opening) -> tuple[Model, Probe] | None:
    """The model to try and its probe; None when there is nothing to find out."""
    from brain.judges import judge_model, new_probe, recall

    settings = opening.settings
    if settings.judge == "off":
        return None
    judge = judge_model(settings, opening.session.model)
    if judge.small or recall(settings, judge) is not None:
        return None
    return judge, new_probe(settings, judge)
