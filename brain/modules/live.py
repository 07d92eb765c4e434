"""A reply that is shown while it is written: whole sentences, each as soon as all that is on the screen is clean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.copies import copied
from brain.models import Verdict
from brain.modules.release import Release
from brain.modules.rhythm import shortened
from brain.policy.fallback import pools
from brain.policy.language import language_spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from brain.models import Conversation
    from brain.modules.chat import ChatProgram

_HELD = Verdict(allowed=True, unsure=True)


def live_reply(
    program: ChatProgram, conversation: Conversation, now: datetime, show: Callable[[str], object]
) -> LiveReply | None:
    """What watches the reply of this turn; None where a draft is known only as a whole.

    So it is when the policy lets out whole messages, when a draft is bent to a rhythm, or is the best of several.
    """
    recipe = program.replier.recipe
    if program.filter.rules.policy.release.mode == "message" or recipe.rhythm or recipe.candidates > 1:
        return None
    return LiveReply(program, conversation, now, show)


class LiveReply:
    """Hears one awaited turn piece by piece, in the words of DSPy's streams."""

    def __init__(
        self, program: ChatProgram, conversation: Conversation, now: datetime, show: Callable[[str], object]
    ) -> None:
        """`show` is given each sentence once, in order, with the space behind it."""
        self._program, self._conversation, self._show = program, conversation, show
        self._secret = program.shown_beside(conversation, now)
        self._release = Release(self._check)
        self._is_open = True

    @property
    def shown(self) -> str:
        """What is on the screen."""
        return self._release.shown.rstrip()

    async def send(self, chunk: Any) -> None:
        """A piece of what some model writes in this turn; only the first draft of the reply itself is shown."""
        if not self._is_open or chunk.predict_id != id(self._program.replier.reply):
            return
        choice = chunk.choices[0]
        for sentence in self._release.feed(choice.delta.content or ""):
            self._show(sentence)
        self._is_open = not choice.finish_reason

    def completed(self, reply: str) -> str:
        """What is said in all, when the turn ends with `reply`: nothing that was shown is taken back.

        Where the turn ended otherwise than the draft began, its reply follows what was shown, or a neutral line does.
        """
        shown = self.shown
        if reply.startswith(shown):
            return reply
        if shown.startswith(reply):
            return shown
        endings = [reply, *(line for pool in self._pools() for line in pool)]
        most = self._program.filter.rules.policy.release.max_chars
        whole = (text for ending in endings if len(text := f"{shown} {ending}") <= most)
        return next((text for text in whole if self._verdict(text).allowed), shown)

    def _check(self, text: str) -> Verdict:
        """What would be shortened, drawn anew as a copy, or shown to a judge waits for the end."""
        learned, policy = self._program.replier.learned, self._program.filter.rules.policy
        if len(text) > policy.release.max_chars or shortened(text, learned.longest) != text:
            return _HELD
        verdict = self._verdict(text)
        return _HELD if copied(text, learned.shingles) or self._program.filter.topics(verdict) else verdict

    def _verdict(self, text: str) -> Verdict:
        return self._program.check(text, self._conversation.messages, shown=self._secret)

    def _pools(self) -> tuple[Sequence[str], ...]:
        language = language_spoken(self._conversation.messages)
        return pools(self._program.persona, self._program.filter.rules.policy, None, language)
