"""A session against a model that follows a script, with a clock that stands still."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from fakes import HashEmbedder, ScriptedEngine, scripted_lm

from brain.answering import Voice
from brain.demos import DemoBank, Row
from brain.lms.build import Model
from brain.models import Persona, Recipe
from brain.modules.chat import ChatProgram
from brain.session import ChatSession

if TYPE_CHECKING:
    from brain.policy.rules import Rules
    from brain.store.store import Store

START = datetime(2026, 5, 2, 9, 0, tzinfo=timezone(timedelta(hours=2)))


class Clock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def scripted_session(
    store: Store, rules: Rules, *replies: object, prefills: bool = False, **options: Any
) -> tuple[ChatSession, ScriptedEngine, Clock]:
    """A session of a small voice called Ada, its engine, and its clock."""
    program = ChatProgram(Persona(name="Ada", id="ada"), rules, small=True)
    program.replier.use(DemoBank.build([Row("0", "hi", "hello")], HashEmbedder()), Recipe(k=1))
    engine, clock = ScriptedEngine(replies), Clock()
    model = Model("scripted/x", scripted_lm(engine), small=True, prefills=prefills)
    return ChatSession(store, Voice("ada@1", program, "ada"), model, clock=clock, **options), engine, clock
