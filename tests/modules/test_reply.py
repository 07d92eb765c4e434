"""The draft: what goes out for it, how much of the conversation, and where it ends."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import dspy
import pytest
from fakes import HashEmbedder, ScriptedEngine, kept_share, scripted_lm, talk, them, us

from brain.adapters import ChatTurnAdapter
from brain.demos import DemoBank, Row
from brain.errors import ArtifactError
from brain.models import Conversation, Persona, Recipe
from brain.modules.context import clock_facts
from brain.modules.learned import Learned
from brain.modules.reply import Replier, described
from brain.safety.pressure import Coolness

NELA = Persona(
    name="Nela",
    id="nela",
    about="A potter by the sea.",
    facts=("Her cat is called Biscuit.", " "),
    limits=("Keeps to this page.",),
    style=("all lowercase", "short"),
)


def replier(replies, *, learned=None, **recipe):
    """Two rows: too few to draw a form from."""
    engine = ScriptedEngine(replies)
    module = Replier(NELA, recipe=Recipe(k=1, **recipe))
    rows = [Row("0", "morning", "mornin"), Row("1", "night", "nn")]
    module.use(DemoBank.build(rows, HashEmbedder()), learned=learned)
    return module, engine


def ask(module, engine, conversation, *, awaited=False, **options):
    inputs = {"conversation": conversation, "situation": "It is noon.", **options}
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        return asyncio.run(module.acall(**inputs)) if awaited else module(**inputs)


@pytest.mark.parametrize("awaited", [False, True])
def test_a_draft_costs_one_call_with_persona_situation_and_demos(awaited):
    """Everything it needs goes out at once."""
    module, engine = replier(["oh hello"])
    prediction = ask(module, engine, talk("morning"), awaited=awaited, hint="Be kind.")

    (prompt,) = engine.prompts
    assert (prediction.reply, [demo.id for demo in prediction.demos]) == ("oh hello", ["0"])
    assert prompt[0]["content"].endswith(f"{described(NELA)}\n\nIt is noon.")
    assert [turn["content"] for turn in prompt[1:]] == ["morning", "mornin", "morning\n\n(Be kind.)"]


def test_the_reply_is_bounded_by_what_the_client_writes():
    """The model stops soon after the client would; a caller's own sampling goes along."""
    module, engine = replier(["ok", "ok"], learned=Learned(longest=30))
    module.brief = True
    ask(module, engine, talk("hi"))
    ask(module, engine, talk("hi"), config={"temperature": 0.1, "seed": 7})
    first, second = (request.config for request in engine.requests)

    assert 30 < first.max_tokens < 90
    assert (second.max_tokens, second.temperature, second.seed) == (first.max_tokens, 0.1, 7)


def test_a_rambling_draft_is_ended():
    """A client who writes eight words must not seem to write eighty."""
    module, engine = replier(["one two three. four five six. seven eight nine."], learned=Learned(longest=6))

    assert ask(module, engine, talk("hi")).reply == "one two three. four five six."


def test_excluded_rows_reach_the_bank():
    """Evaluation leaves a conversation out of its own prompt."""
    module, engine = replier(["ok"])

    assert [demo.id for demo in ask(module, engine, talk("morning"), exclude={"0"}).demos] == ["1"]


def test_an_uncompiled_program_says_what_to_do():
    """It has no bank yet."""
    with pytest.raises(ArtifactError, match="never compiled") as caught:
        _ = Replier(NELA).bank

    assert "persona compile" in caught.value.hint


def test_a_persona_is_told_in_plain_sentences():
    """Gaps and empty lines leave no trace."""
    assert described(NELA) == (
        "You are Nela. A potter by the sea. Her cat is called Biscuit. Keeps to this page. "
        "How you write: all lowercase; short."
    )
    assert described(Persona(name="Ann", id="ann")) == "You are Ann."


def test_a_small_model_is_told_who_it_is_in_brief():
    """Facts and limits are more than it can use; the manner of writing stays."""
    assert described(NELA, brief=True) == ("You are Nela. A potter by the sea. How you write: all lowercase; short.")


def test_fallback_lines_stay_out_of_the_prompt():
    """They are for when no draft may be sent."""
    persona = NELA.model_copy(update={"fallbacks": {"general": ("tea?",)}})

    assert described(persona) == described(NELA)


def test_a_prefix_cache_keeps_most_of_what_is_sent():
    """40 turns two minutes apart, as a chat sends them: clock, persona, history and demos picked anew each turn."""
    rows = [Row(str(i), f"question {i} about thing {i % 7}", f"answer number {i}") for i in range(60)]
    engine = ScriptedEngine(f"a reply of ordinary length, number {i}" for i in range(40))
    module = Replier(NELA, window=1_000)
    module.size = 100_000
    module.use(DemoBank.build(rows, HashEmbedder()), Recipe(k=4))
    now, messages = datetime(2026, 5, 4, 12, 55, tzinfo=UTC), []
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        for turn in range(40):
            now += timedelta(minutes=2)
            messages.append(them(f"so what do you say about thing {turn} then", now))
            conversation = Conversation(messages=tuple(messages))
            draft = module(conversation=conversation, situation=clock_facts(conversation, now))
            messages.append(us(draft.reply, now))

    texts = ["\n".join(f"{turn['role']} {turn['content']}" for turn in prompt) for prompt in engine.prompts]

    assert len(engine.requests) == 40
    assert kept_share(texts) >= 0.7


COOL = Coolness("Keep it short.", 0.5)


@pytest.mark.parametrize(("brief", "asked"), [(False, "hi\n\n(Keep it short.)"), (True, "hi")])
def test_a_cool_reply_is_shorter(brief, asked):
    """A model that heeds wishes hears one; every draft is ended sooner."""
    module, engine = replier(["one two three. four five six. seven eight."], learned=Learned(longest=10))
    module.brief = brief

    assert ask(module, engine, talk("hi"), cool=COOL).reply == "one two three."
    assert engine.prompts[0][-1]["content"] == asked


def test_a_cool_reply_takes_a_cooler_form():
    """Half as long, on one line, with no question and no picture."""
    asking = "so what are you doing\nthis fine evening my dear? 🌊"
    rows = [Row(str(number), f"message {number}", asking) for number in range(12)]
    engine = ScriptedEngine(["i made a bowl. then i made one more. and then a third. what about you?"] * 2)
    module = Replier(NELA, recipe=Recipe(k=1))
    module.use(DemoBank.build(rows, HashEmbedder()))
    warm = ask(module, engine, talk("hi"), config={"seed": 1}).reply
    cool = ask(module, engine, talk("hi"), config={"seed": 1}, cool=COOL).reply

    assert (warm.endswith("? 🌊"), "\n" in warm) == (True, True)
    assert cool in {"i made a bowl", "then i made one more", "and then a third"}


def test_the_canary_stands_only_in_the_prompt_of_an_able_model():
    """It is there to be found if the prompt leaks, and random letters disturb a small model."""
    module, engine = replier(["ok", "ok"])
    module.canary = "qvxkzjwpfhbmdtgr"
    ask(module, engine, talk("hi"))
    module.brief = True
    ask(module, engine, talk("hi"))
    able, small = (prompt[0]["content"] for prompt in engine.prompts)

    assert "qvxkzjwpfhbmdtgr" in able
    assert "qvxkzjwpfhbmdtgr" not in small
