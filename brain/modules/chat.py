"""The chat program: situation, reply and topic filter composed. One LM call for a normal turn."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import dspy

from brain.models import Verdict
from brain.modules.context import SituationReader
from brain.modules.reply import Replier
from brain.modules.steps import Call, Steps, arun, call, run
from brain.modules.topic_filter import TopicFilter
from brain.policy.fallback import pool_line, without
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterator, Sequence
    from datetime import datetime

    from brain.models import Conversation, Persona, Recipe
    from brain.policy.rules import Rules

_HINT = "Talk about something else that is on your mind, right here in this chat."
_CONTEXT = 6
_TRIED = 4  # drafts that the filter is asked about


class ChatProgram(dspy.Module):
    """Answers the last message of a conversation in the client's voice, and never outside the policy.

    A blocked draft climbs down a ladder: one new draft with a neutral hint, then the draft without the offending
    sentence, then a line from the persona's own pool; each is filtered like the first.
    """

    def __init__(
        self,
        persona: Persona,
        rules: Rules,
        *,
        recipe: Recipe | None = None,
        window: int = 60,
        characters: int = 8_000,
        read_situation: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__()
        self.situation = SituationReader(ask_lm=read_situation)
        self.replier = Replier(persona, recipe=recipe, window=window, characters=characters)
        self.filter = TopicFilter(rules)
        self.persona = persona
        self.suit(small=small)

    def suit(self, *, small: bool, accented: bool = False) -> None:
        """Suits the program to the model: a small one judges nothing, and hears of the persona in brief.

        `accented` says that it is the model that was listened to at compile time, and takes a bias on its tokens.
        """
        self.filter.ask_lm = not small
        self.replier.brief, self.replier.accented = small, accented

    def forward(self, conversation: Conversation, now: datetime, **options: Any) -> dspy.Prediction:
        """A prediction with `reply`, `situation`, `verdict` and `demos`.

        `now` is the local time, with its zone. Options: `hint` (a wish for this reply), `exclude` (ids of labelled
        replies that must not be shown), `config` (sampling for this turn).
        """
        return run(self._steps(conversation, now, **options))

    async def aforward(self, conversation: Conversation, now: datetime, **options: Any) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(conversation, now, **options))

    def _steps(
        self,
        conversation: Conversation,
        now: datetime,
        hint: str = "",
        exclude: Collection[str] = (),
        config: dict[str, Any] | None = None,
    ) -> Steps:
        situation = (yield call(self.situation, conversation=conversation, now=now)).situation
        inputs = {"conversation": conversation, "situation": situation, "exclude": exclude, "config": config}
        draft, verdict = yield from self._draft(inputs, hint)
        first = draft
        if not verdict.allowed:
            draft, again = yield from self._draft(inputs, _HINT)
            if again.allowed:
                verdict = verdict.model_copy(update={"action": "redrafted"})
            else:
                reply, verdict = self._last_resort((draft.reply, first.reply), verdict, conversation)
                return _answer(reply, situation, verdict, draft)
        return _answer(draft.reply, situation, verdict, draft)

    def _draft(
        self, inputs: dict[str, Any], hint: str
    ) -> Generator[Call, dspy.Prediction, tuple[dspy.Prediction, Verdict]]:
        """The best draft that may be said, or the best of all when none may, and what the filter says of it."""
        draft = yield call(self.replier, **inputs, hint=hint)
        turns = inputs["conversation"].messages[-_CONTEXT:]
        stopped: tuple[str, Verdict] | None = None
        for text in draft.drafts[:_TRIED]:
            reply = display(text).strip()
            if reply:
                verdict = (yield call(self.filter, draft=reply, turns=turns)).verdict
            else:
                verdict = Verdict(allowed=False, rule="empty")
            if verdict.allowed:
                draft.reply = reply
                return draft, verdict
            stopped = stopped or (reply, verdict)
        assert stopped is not None, "there is one draft at least"
        draft.reply, verdict = stopped
        return draft, verdict

    def _last_resort(
        self, drafts: tuple[str, ...], verdict: Verdict, conversation: Conversation
    ) -> tuple[str, Verdict]:
        """What is left of a draft without its offending sentences, or else a line of the persona's own.

        No judge is asked any more, so what the rules are unsure of counts as forbidden where a judge decides.
        """
        turns = conversation.messages[-_CONTEXT:]

        def check(text: str) -> Verdict:
            found = self.filter.rules.check(text, turns)
            return found.model_copy(update={"allowed": found.allowed and not (found.unsure and self.filter.ask_lm)})

        for draft in drafts:
            trimmed = without(draft, check)
            if trimmed is not None:
                return trimmed, verdict.model_copy(update={"action": "trimmed"})
        used = [message.content for message in conversation.messages if message.from_creator]
        seed = hashlib.sha256(conversation.last_from_other.encode(errors="replace")).hexdigest()
        lines = next(pool for pool in self._pools(verdict.category, check) if pool)
        return pool_line(lines, used, f"{seed}{len(used)}"), verdict.model_copy(update={"action": "fallback"})

    def _pools(self, category: str | None, check: Callable[[str], Verdict]) -> Iterator[Sequence[str]]:
        """Lines to fall back on, best first: the persona's clean ones, the policy's neutral ones."""
        own, neutral = self.persona.fallbacks, self.filter.rules.policy
        yield [line for line in own.get(category or "general") or own.get("general") or () if check(line).allowed]
        yield [line for line in neutral.pool(category) if check(line).allowed]
        yield neutral.pool(None)


def _answer(reply: str, situation: str, verdict: Verdict, draft: dspy.Prediction) -> dspy.Prediction:
    return dspy.Prediction(reply=reply, situation=situation, verdict=verdict, demos=draft.demos)
