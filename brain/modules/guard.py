"""What a text must pass before anyone sees it, short of a judge: the topics, honesty about the AI, and no leak."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from brain.models import Verdict
from brain.policy.fold import fold
from brain.policy.honesty import Honesty
from brain.policy.rules import DENIAL
from brain.safety.leaks import Leaks, canary_of_process, secrets_of
from brain.safety.pressure import attempts, coolness, tries
from brain.safety.routes import Routes, spoken_in_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from brain.models import Message, Persona
    from brain.policy.rules import Rules
    from brain.safety.pressure import Coolness
    from brain.safety.routes import Route

_HONESTY = Honesty()
_WORD = re.compile(r"\w+")
# By which people doubt an answer, folded, in the six languages.
_DOUBTS = """
really seriously srsly sure honest honestly promise swear lying liar truth true real wtf
serio verdad seguro segura jura mientes vraiment serieux serieusement jure mens
echt wirklich ernsthaft ehrlich sicher verdade certeza mentira davvero sicuro sicura giura
"""
_FEW_WORDS = 3  # that ask nothing new: "come on", "no way"
CONTEXT = 6  # messages that the rules read beside the text
_MESSAGES = 4_096  # earlier messages that are not read again with every new one
_PROMPTS = 2  # of one program: as it was made, and as it was compiled


class Guard:
    """One for a program. What others write goes through `route`, what the creator would say through `check`."""

    def __init__(self, persona: Persona, rules: Rules, wording: Iterable[str]) -> None:
        """`wording` are the fixed words of the prompt; what is learned of it comes with each text."""
        self.rules = rules
        self.canary = canary_of_process()
        self._persona, self._wording = persona, tuple(wording)
        self._routes = Routes(persona.name)
        remembered = lru_cache(maxsize=_MESSAGES)
        self._tries, self._asks = remembered(tries), remembered(rules.is_asked)
        self._leaks = lru_cache(maxsize=_PROMPTS)(self._built_leaks)

    def route(self, messages: Sequence[Message]) -> Route | None:
        """Where the answer to the newest messages must come from, if not from the persona."""
        said = len(messages)
        while said and not messages[said - 1].from_creator:
            said -= 1
        return self._routes.read("\n".join(message.content for message in messages[said:]), messages[:said])

    def cool(self, messages: Sequence[Message]) -> Coolness:
        """How the voice answers now, after what the other person has lately tried."""
        return coolness(attempts(messages, asks=self._asks, reaches=self._tries))

    def check(
        self, text: str, messages: Sequence[Message], *, learned: tuple[str, ...] = (), shown: Iterable[str] = ()
    ) -> Verdict:
        """The verdict on a text that would answer `messages`.

        `learned` are the words of the reply's prompt that were learned: the instructions among them. `shown` is what
        this turn's prompt held beside them and the conversation: the situation, other people's messages.
        """
        said = (message.content for message in messages)
        if leak := self._leaks(learned).find(text, shown=shown, said=said):
            return _verdict(text, "leak", f"leak:{leak.kind}", leak.start, leak.end)
        verdict = self.rules.check(text, messages[-CONTEXT:])
        return self._denial(text, messages[-CONTEXT:]) or verdict if verdict.allowed else verdict

    def _denial(self, text: str, messages: Sequence[Message]) -> Verdict | None:
        return denial(text, messages, self._routes)

    def _built_leaks(self, learned: tuple[str, ...]) -> Leaks:
        secret = secrets_of(self._persona, self.rules.policy, (*learned, *self._wording))
        return Leaks(secret, canary=self.canary)


def denial(text: str, messages: Sequence[Message], routes: Routes) -> Verdict | None:
    """The verdict on a reply that denies the AI to somebody who asks for it or doubts; None on any other."""
    if not _asked(messages, routes):
        return None
    folded = fold(text)
    span = _HONESTY.find_answer(folded.text, asked=True)
    return _verdict(text, "safety", DENIAL, *folded.span(*span)) if span else None


def _asked(messages: Sequence[Message], routes: Routes) -> bool:
    """Whether the newest words ask if an AI writes, or doubt what was said to that: "lol seriously?"."""
    turns = [said for from_creator, said in spoken_in_turn(messages) if not from_creator]
    if not turns or (messages and messages[-1].from_creator):
        return False
    words = _WORD.findall(fold(turns[-1]).text)
    doubts = not set(words).isdisjoint(_DOUBTS.split()) or (len(words) <= _FEW_WORDS and "?" not in turns[-1])
    return routes.asks_who_writes(turns[-1]) or (doubts and any(map(routes.asks_who_writes, turns[:-1])))


def _verdict(text: str, layer: str, rule: str, start: int, end: int) -> Verdict:
    return Verdict.model_validate(
        {
            "allowed": False,
            "category": layer if layer == "leak" else rule,
            "layer": layer,
            "rule": rule,
            "evidence": text[start:end],
            "start": start,
            "end": end,
            "confidence": 0.95,
        }
    )
