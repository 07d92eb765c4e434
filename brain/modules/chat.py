"""The chat program: situation, reply and topic filter composed. One LM call for a normal turn."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import dspy

from brain.models import Verdict
from brain.modules.context import SituationReader, clock_facts
from brain.modules.drafting import OF_THE_PROMPT, drafted
from brain.modules.earlier import Rememberer
from brain.modules.guard import CONTEXT, Guard
from brain.modules.release import capped
from brain.modules.reply import IN_OTHER_WORDS, Replier
from brain.modules.steps import Call, Steps, arun, call, run
from brain.modules.topic_filter import TopicFilter, fired
from brain.modules.window import SIZE, rough_tokens
from brain.policy.fallback import fallback_line, pools, without
from brain.policy.language import language_spoken
from brain.policy.rules import DENIAL
from brain.safety.answers import crisis_answer, honest_line, minor_closing
from brain.safety.pressure import HINTS
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Sequence
    from datetime import datetime

    from brain.models import Conversation, Earlier, Message, Persona, Recipe
    from brain.modules.window import TokenCounter
    from brain.policy.policy import Language
    from brain.policy.rules import Rules
    from brain.safety.routes import Route

_HINT = "Talk about something else that is on your mind, right here in this chat."
_NEUTRAL = ("Tell me about your day.", "What is on your mind today?")  # when all lines of all pools break the policy
_TRIED = 4  # drafts that the filter is asked about


class ChatProgram(dspy.Module):
    """Answers the last message of a conversation in the client's voice, and never outside the policy.

    Words of danger, a child's age and a sincere question whether an AI writes go ahead of the persona.

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
        read_situation: bool = False,
        small: bool = False,
    ) -> None:
        super().__init__()
        self.situation = SituationReader(ask_lm=read_situation)
        self.replier = Replier(persona, recipe=recipe, window=window)
        self.rememberer = Rememberer(rules)
        self.filter = TopicFilter(rules)
        judging = self.filter.judge.signature.instructions
        self.guard = Guard(persona, rules, (judging, _HINT, IN_OTHER_WORDS, *HINTS))
        self.persona = persona
        self.country: str | None = None  # two letters; where the help lines of a crisis are looked for
        self.suit(small=small)

    def suit(
        self, *, small: bool, accented: bool = False, size: int = SIZE, count: TokenCounter = rough_tokens
    ) -> None:
        """Suits the program to the model: a small one hears of the persona in brief.

        `accented` says that it is the model that was listened to at compile time, and takes a bias on its tokens;
        `size` is how many tokens it holds, prompt and reply together, and `count` how it counts them.
        """
        self.replier.size, self.replier.count = size, count
        self.replier.brief, self.replier.accented = small, accented
        self.replier.canary = self.guard.canary

    def forward(self, conversation: Conversation, now: datetime, **options: Any) -> dspy.Prediction:
        """A prediction with `reply`, `situation`, `verdict` and `demos`, and what `drafted` tells of the prompt.

        `now` is the local time, with its zone. Options: `hint` (a wish for this reply), `exclude` (ids of labelled
        replies that must not be shown), `config` (sampling for this turn), `begun` (what of the reply stands already),
        `earlier` (the last turn's).
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
        begun: str = "",
        earlier: Earlier | None = None,
    ) -> Steps:
        if route := self.guard.route(conversation.messages):
            return self._routed(route, conversation, earlier)
        situation = (yield call(self.situation, conversation=conversation, now=now)).situation
        inputs = {
            "conversation": conversation,
            "situation": situation,
            "exclude": exclude,
            "config": config,
            "begun": begun,
            "cool": self.guard.cool(conversation.messages),
        }
        draft, verdict = yield from self._draft(inputs, hint, earlier)
        first = draft
        if not verdict.allowed:
            draft, again = yield from self._draft(inputs, _HINT, first.earlier)
            draft.notes = tuple(dict.fromkeys((*first.notes, *draft.notes)))
            if again.allowed:
                verdict = verdict.model_copy(update={"action": "redrafted"})
            else:
                reply, verdict = self._last_resort((draft, first), verdict, conversation)
                return _answer(reply, verdict, situation, draft)
        return _answer(draft.reply, verdict, situation, draft)

    def _routed(self, route: Route, conversation: Conversation, earlier: Earlier | None) -> dspy.Prediction:
        """The answer that comes before the persona: fixed words, or an honest line in the persona's tone."""
        if route.kind == "crisis":
            reply = crisis_answer(route.language, self.country)
        elif route.kind == "minor":
            reply = minor_closing(route.language)
        else:
            reply = self._honest_line(conversation, route.language)
        verdict = Verdict(allowed=True, category=route.kind, layer="safety", rule=route.kind, action="answered")
        omitted = earlier.messages if earlier else 0  # no prompt is made, and nothing new is left out
        return dspy.Prediction(reply=reply, situation="", verdict=verdict, demos=(), omitted=omitted, earlier=earlier)

    def _honest_line(self, conversation: Conversation, language: str) -> str:
        def may_say(line: str) -> bool:
            return self.check(line, conversation.messages).allowed

        return honest_line(self.persona, language, *_dice(conversation), may_say=may_say)

    def _draft(
        self, inputs: dict[str, Any], hint: str, earlier: Earlier | None
    ) -> Generator[Call, dspy.Prediction, tuple[dspy.Prediction, Verdict]]:
        """The best draft that may be said, or the best of all when none may, and what the filter says of it.

        One that leaves no doubt goes before one that a rule is unsure of.
        """
        draft = yield from drafted(self.replier, self.rememberer, inputs, hint=hint, earlier=earlier)
        messages = inputs["conversation"].messages
        draft.shown = (inputs["situation"], *(demo.message for demo in draft.demos))
        doubtful: tuple[str, Verdict] | None = None
        stopped: tuple[str, Verdict] | None = None
        for text in draft.drafts[:_TRIED]:
            reply = capped(display(text).strip(), self.guard.rules.policy.release.max_chars)
            if reply:
                verdict = self.check(reply, messages, shown=draft.shown)
                judged = yield call(self.filter, draft=reply, turns=messages[-CONTEXT:], verdict=verdict)
                verdict = judged.verdict
            else:
                verdict = Verdict(allowed=False, rule="empty")
            if verdict.allowed and not (verdict.unsure and fired(verdict)):
                draft.reply = reply
                return draft, verdict
            if verdict.allowed:
                doubtful = doubtful or (reply, verdict)
            else:
                stopped = stopped or (reply, verdict)
        best = doubtful or stopped
        assert best is not None, "there is one draft at least"
        draft.reply, verdict = best
        return draft, verdict

    def check(self, text: str, messages: Sequence[Message], *, shown: Iterable[str] = ()) -> Verdict:
        """The verdict on a text that would answer `messages`, no judge asked; `shown` as for `Guard.check`."""
        return self.guard.check(text, messages, learned=self.replier.wording, shown=shown)

    def sayable(self, text: str, conversation: Conversation, *, shown: Iterable[str] = ()) -> str:
        """As much of an unfinished reply as may be shown: all of it, or what is left without offending sentences.

        No judge is asked: where there is one, nothing stays that it would be asked about. Empty when nothing is left;
        `shown` as for `check`.
        """
        text = capped(display(text).strip(), self.guard.rules.policy.release.max_chars)

        def verdict(part: str) -> Verdict:
            found = self.check(part, conversation.messages, shown=shown)
            return found.model_copy(update={"allowed": found.allowed and not self.filter.topics(found)})

        if not text or verdict(text).allowed:
            return text
        return without(text, verdict) or ""

    def shown_beside(self, conversation: Conversation, now: datetime) -> tuple[str, ...]:
        """What a prompt for this turn holds that no reply may repeat: the situation, other people's messages."""
        demos = self.replier.reply.demos_for(conversation)
        return (clock_facts(conversation, now), *(demo.message for demo in demos))

    def _last_resort(
        self, drafts: Iterable[dspy.Prediction], verdict: Verdict, conversation: Conversation
    ) -> tuple[str, Verdict]:
        """What is left of a draft without its offending sentences, or else a line of the persona's own.

        No judge is asked any more, so of a draft nothing stays that a rule is unsure of or that only a judge can see.
        A denial that an AI writes gives way to an admission: anything else would dodge the question.
        """
        language = language_spoken(conversation.messages)
        if verdict.rule == DENIAL:
            return self._honest_line(conversation, language), verdict.model_copy(update={"action": "fallback"})
        for draft in drafts:

            def check_part(text: str, shown: Iterable[str] = draft.shown) -> Verdict:
                found = self.check(text, conversation.messages, shown=shown)
                clear = found.allowed and not (found.unsure or self.filter.topics(found))
                return found.model_copy(update={"allowed": clear})

            trimmed = without(draft.reply, check_part)
            if trimmed is not None:
                return trimmed, verdict.model_copy(update={"action": "trimmed"})
        reply = self._fall_back(conversation, verdict.category, language)
        return reply, verdict.model_copy(update={"action": "fallback"})

    def _fall_back(self, conversation: Conversation, category: str | None, language: Language) -> str:
        """A line from a pool that passes the filter itself; those that do not are put aside until one does."""
        lines = [list(pool) for pool in pools(self.persona, self.guard.rules.policy, category, language)]
        dice = _dice(conversation)
        while any(lines):
            reply = fallback_line(lines, *dice)
            if self.filter.unjudged(self.check(reply, conversation.messages)).allowed:
                return reply
            lines = [[line for line in pool if line != reply] for pool in lines]
        return fallback_line([_NEUTRAL], *dice)


def _answer(reply: str, verdict: Verdict, situation: str, draft: dspy.Prediction) -> dspy.Prediction:
    sent = {name: draft[name] for name in OF_THE_PROMPT}
    return dspy.Prediction(reply=reply, situation=situation, verdict=verdict, **sent)


def _dice(conversation: Conversation) -> tuple[list[str], str]:
    """What the creator has said, and a seed that is the same for the same place in the same talk."""
    used = [message.content for message in conversation.messages if message.from_creator]
    seed = hashlib.sha256(conversation.last_from_other.encode(errors="replace")).hexdigest()
    return used, f"{seed}{len(used)}"
