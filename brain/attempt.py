"""One attempt at a reply: the turn when it comes to its end, and what can be said of it before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.answering import Record, answer
from brain.errors import PersonaError
from brain.models import Turn, Verdict
from brain.modules.begun import joined
from brain.modules.written import Written

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from brain.answering import Voice, Wanted
    from brain.lms.build import Model
    from brain.models import Conversation


class Attempt:
    """The reply of a voice to a conversation, by a model, at a moment."""

    def __init__(self, voice: Voice, model: Model, conversation: Conversation, now: datetime, wanted: Wanted) -> None:
        self._voice, self._model, self._conversation, self._now = voice, model, conversation, now
        self._wanted, self._record = wanted, Record()
        self._situation, *messages = voice.program.shown_beside(conversation, now)
        self._secret = (self._situation, *messages)
        self.written = Written(voice.program.replier.reply)

    async def make(self, show: Callable[[str], object] | None) -> Turn:
        """The turn; `show` as for `answer`. Raises PersonaError; once there are words it is not to be tried again."""
        self._record = Record()
        try:
            return await answer(
                self._voice,
                self._model,
                self._conversation,
                self._now,
                wanted=self._wanted,
                written=self.written,
                record=self._record,
                show=show,
            )
        except PersonaError as exc:
            if self.written.text:  # is kept instead: asking again would begin anew
                exc.retry_after, exc.again = None, 0
            raise

    def sayable(self, written: str) -> str:
        """As much as may be shown of what stood before and what is written; never less than was shown already."""
        whole = joined(self._wanted.begun, written) if written else ""
        text = self._voice.program.sayable(whole, self._conversation, shown=self._secret)
        shown = self.written.live.shown if self.written.live else ""
        return text if text.startswith(shown) else shown

    def explained(self, text: str) -> Turn:
        """What is known of a reply that reads `text` so far."""
        return Turn(
            reply=text,
            voice=self._voice.label,
            model=self._model.lm.model,
            situation=self._situation,
            verdict=Verdict(allowed=True),
            demos=self._voice.program.replier.reply.demos_for(self._conversation),
            usage=self._record.usage(first_word=self.written.first_word),
            omitted=self._wanted.earlier.messages if self._wanted.earlier else 0,
            earlier=self._wanted.earlier,
            prompts=tuple(self._record.prompts),
        )
