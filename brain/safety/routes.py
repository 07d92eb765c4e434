"""What the other person may write that goes ahead of the persona: words of danger, a child's age, a sincere question.

Each of them has an answer of its own in `brain.safety.answers`, and no persona, policy or role-play is asked first.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby, takewhile
from operator import eq
from typing import TYPE_CHECKING, Literal, NamedTuple

from brain.policy.fold import fold
from brain.policy.patterns import Patterns
from brain.safety.signals import Signals
from brain.safety.spelling import views

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from brain.models import Message

Kind = Literal["crisis", "minor", "ai_question"]
_PACKAGE = "brain.safety"
_MESSAGES = 4_096  # earlier messages that are not read again with every new one
_YOUNGEST = 7  # who writes is no younger than this, in years
_NOBODY = r"(?!)"  # matches nothing: a voice without a name cannot be asked for by name


class Route(NamedTuple):
    """Where an answer must come from, the language to answer in, and the place in the text as it was displayed.

    `start` and `end` are 0 when an earlier message decided.
    """

    kind: Kind
    language: str
    start: int = 0
    end: int = 0


class Routes:
    """Reads what the other person wrote, in six languages. It calls no model, and one text always gets one route."""

    def __init__(self, name: str = "", *, year: int | None = None) -> None:
        """`name` is what the voice is called: "is this really Nela?" asks about her.

        `year` is the year it is, by default the computer's: "born in" a year says who is under 18 for certain.
        """
        year = year or datetime.now(UTC).year
        young = "|".join(str(birth) for birth in range(year - 17, year - _YOUNGEST + 1))
        first = fold(name).text.split()[:1]
        self._crisis = Signals(Patterns(_PACKAGE, "crisis.toml"))
        self._minor = Signals(Patterns(_PACKAGE, "minors.toml", young=young))
        self._question = Signals(Patterns(_PACKAGE, "ai_questions.toml", me=re.escape(first[0]) if first else _NOBODY))
        remembered = lru_cache(maxsize=_MESSAGES)
        self._age_in, self._question_in = remembered(self._read_age), remembered(self._read_question)
        self._ageless: list[tuple[bool, str]] = []

    def read(self, text: str, context: Sequence[Message] = ()) -> Route | None:
        """The route of a text, the gravest first: crisis, minor, question; None for ordinary talk.

        `context` is what was said before, oldest first. Who once said that they are under 18 stays a minor: taking
        it back proves nothing, so it does not reopen the conversation.
        """
        turns = spoken_in_turn(context)
        before = next((said for from_creator, said in reversed(turns) if from_creator), "")
        return (
            self._route("crisis", self._crisis, text)
            or self._age_in(text, before)
            or self._minor_before(turns)
            or self._question_in(text)
        )

    def asks_who_writes(self, text: str) -> bool:
        """Whether a text asks if an AI or a person writes, whatever else it says."""
        return self._question_in(text) is not None

    def _route(self, kind: Kind, signals: Signals, text: str, before: str = "") -> Route | None:
        folded_before = fold(before).text
        for view in views(text):
            if signal := signals.find(view.text, folded_before):
                return Route(kind, signal.language, *view.span(signal.start, signal.end))
        return None

    def _read_age(self, text: str, before: str) -> Route | None:
        return self._route("minor", self._minor, text, before)

    def _read_question(self, text: str) -> Route | None:
        return self._route("ai_question", self._question, text)

    def _minor_before(self, turns: Sequence[tuple[bool, str]]) -> Route | None:
        """Begins where the conversation parts from the one that was read last: so far no age was found in either."""
        same = sum(1 for _ in takewhile(bool, map(eq, turns, self._ageless)))
        for place in range(same, len(turns)):
            from_creator, said = turns[place]
            before = turns[place - 1][1] if place else ""
            if not from_creator and (route := self._age_in(said, before)):
                self._ageless = list(turns[:place])
                return Route("minor", route.language)
        self._ageless = list(turns)
        return None


def spoken_in_turn(messages: Iterable[Message]) -> list[tuple[bool, str]]:
    """Whether it was the creator, and what they said; what one side says in a row is one text, a line a message."""
    sides = groupby(messages, key=lambda message: message.from_creator)
    return [(from_creator, "\n".join(message.content for message in row)) for from_creator, row in sides]
