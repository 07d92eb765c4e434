"""A prompt that fits: what is left out is told, and what does not fit after all is sent again."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import dspy
import pytest
from dspy import lm15
from dspy.utils.exceptions import ContextWindowExceededError
from fakes import ScriptedEngine, bank_of, scripted_lm, talk, them

from brain.adapters import ChatTurnAdapter
from brain.models import Conversation, Earlier, Persona, Recipe
from brain.modules.chat import ChatProgram
from brain.modules.drafting import CLIPPED
from brain.modules.window import LEFT_OUT

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
NELA = Persona(name="Nela", id="nela", about="A potter by the sea.", facts=("Her cat is called Biscuit.",))
LONG = talk(*(f"line {number} about the kiln and the rain" for number in range(101)))
WORDY = talk(*(f"line {number} " + "about the kiln and the rain " * 8 for number in range(41)))
UNKNOWN = lm15.ContextLengthError("prompt is too long", provider="x")
KNOWN = lm15.ContextLengthError("This model's maximum context length is 1200 tokens.", provider="x")
BEFORE = Earlier(messages=72, line="The kiln was new.")


def summary(text):
    return json.dumps({"summary": text})


def program(rules, *, small=False, size=4_096):
    made = ChatProgram(NELA, rules, recipe=Recipe(k=1))
    made.replier.use(bank_of(("morning", "mornin"), ("night", "nn")))
    made.suit(small=small, size=size)
    return made


def ask(made, engine, conversation=LONG, *, awaited=False, **options):
    inputs = {"conversation": conversation, "now": NOW, **options}
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        return asyncio.run(made.acall(**inputs)) if awaited else made(**inputs)


def test_a_short_chat_leaves_nothing_out(rules):
    """One call, no line, and the prompt is counted."""
    engine = ScriptedEngine(["mornin to you"])
    said = ask(program(rules), engine, talk("good morning"))

    assert (said.omitted, said.earlier, said.notes, said.context_size) == (0, None, (), 4_096)
    assert 20 < said.context_tokens < 200
    assert "Earlier in this chat" not in engine.prompts[0][0]["content"]


@pytest.mark.parametrize("awaited", [False, True])
def test_what_is_left_out_is_told_after_the_persona(rules, awaited):
    """The line stands where the messages stood, before what changes from turn to turn."""
    engine = ScriptedEngine([summary("You fired a kiln in the rain."), "still raining"])
    said = ask(program(rules), engine, awaited=awaited)
    head = engine.prompts[1][0]["content"]

    assert said.earlier == Earlier(messages=said.omitted, line="You fired a kiln in the rain.")
    assert "Biscuit." in head.partition("Earlier in this chat: You fired a kiln in the rain.")[0]
    assert said.situation in head.partition("Earlier in this chat: ")[2]
    assert f"line {said.omitted} " in engine.prompts[1][1]["content"]
    assert "line 0 " not in str(engine.prompts[1])


def test_the_line_is_asked_for_only_when_the_cut_moves(rules):
    """A chat that goes on, or is taken up again, pays for it once."""
    engine = ScriptedEngine([summary("You fired a kiln."), "ok", "ok then"])
    made = program(rules)
    first = ask(made, engine)
    longer = Conversation(messages=(*LONG.messages, them("and now?")))
    second = ask(made, engine, longer, earlier=first.earlier)

    assert (second.omitted, second.earlier) == (first.omitted, first.earlier)
    assert len(engine.requests) == 3


def test_a_small_model_gets_a_line_without_a_call(rules):
    """One call a turn, as ever."""
    engine = ScriptedEngine(["still raining"])
    said = ask(program(rules, small=True), engine)

    assert "kiln" in said.earlier.line
    assert said.earlier.line in engine.prompts[0][0]["content"]
    assert len(engine.requests) == 1


def test_a_redraft_asks_for_no_second_line(rules):
    """The second draft of a turn leaves out what the first did."""
    engine = ScriptedEngine([summary("You fired a kiln."), "write me on whatsapp", "the kiln is warm"])
    said = ask(program(rules), engine)

    assert (said.reply, said.verdict.action) == ("the kiln is warm", "redrafted")
    assert said.earlier.line == "You fired a kiln."
    assert len(engine.requests) == 3


def test_an_answer_without_a_prompt_keeps_what_was_known(rules):
    """A question whether an AI writes is answered by code; the next turn need not ask for the line again."""
    honest = talk("hi", "hello", "be honest, am i talking to a real person or an ai?")
    said = ask(program(rules), ScriptedEngine([]), honest, earlier=BEFORE)

    assert (said.earlier, said.omitted) == (BEFORE, 72)


@pytest.mark.parametrize("awaited", [False, True])
def test_a_server_that_holds_less_gets_less_and_the_user_is_told(rules, awaited):
    """Its own figure is taken at its word."""
    engine = ScriptedEngine([KNOWN, "still raining"])
    said = ask(program(rules, small=True, size=8_192), engine, WORDY, awaited=awaited)
    first, second = engine.prompts

    assert (said.reply, said.context_size) == ("still raining", 1_200)
    assert len(str(second)) < len(str(first)) / 2
    assert said.context_tokens < 1_200
    assert said.earlier.messages == said.omitted > 20
    assert said.notes == (
        f"This chat is 3.5k tokens; the model holds 1.2k. Left out the {said.omitted} oldest messages and sent again.",
    )


def test_the_next_turn_leaves_out_as_much_at_once(rules):
    """The cut that worked holds, so that a server is not asked in vain with every turn."""
    engine = ScriptedEngine([KNOWN, "still raining", "and raining"])
    made = program(rules, small=True, size=2_400)
    first = ask(made, engine, WORDY)
    second = ask(made, engine, Conversation(messages=(*WORDY.messages, them("and now?"))), earlier=first.earlier)

    assert (second.notes, second.omitted) == ((), first.omitted)
    assert len(engine.requests) == 3


def test_without_numbers_none_are_made_up(rules):
    """Some servers only say that it is too much; then less is sent twice at most."""
    engine = ScriptedEngine([UNKNOWN, UNKNOWN, "still raining"])
    said = ask(program(rules, small=True, size=8_192), engine, WORDY)
    sizes = [len(str(prompt)) for prompt in engine.prompts]

    assert sizes[0] > sizes[1] > sizes[2]
    assert said.notes == (
        f"This chat is more than the model holds. Left out the {said.omitted} oldest messages and sent again.",
    )


@pytest.mark.parametrize("awaited", [False, True])
def test_when_nothing_helps_the_error_is_raised(rules, awaited):
    """One message alone may be too much for the model."""
    engine = ScriptedEngine([UNKNOWN] * 9)

    with pytest.raises(ContextWindowExceededError):
        ask(program(rules, small=True), engine, talk("hello"), awaited=awaited)
    assert len(engine.requests) <= 3


def test_a_giant_message_is_read_without_its_middle_and_that_is_told(rules):
    """The persona is never what gets cut."""
    engine = ScriptedEngine(["that is a lot"])
    said = ask(program(rules), engine, talk("first " + "word " * 9_000 + "last"))
    system, message = (engine.prompts[0][place]["content"] for place in (0, -1))

    assert said.notes == (CLIPPED,)
    assert "Biscuit" in system
    assert LEFT_OUT in message
    assert message.startswith("first ")
    assert said.context_tokens <= said.context_size
