"""From drafts to a reply: its form, its own words, the client's ear, and what all that costs."""

from __future__ import annotations

import asyncio

import dspy
import pytest
from fakes import HashEmbedder, ScriptedEngine, bank_of, scripted_lm, talk

from brain.adapters import ChatTurnAdapter
from brain.copies import shingles
from brain.ear import learn_ear
from brain.models import Persona, Recipe
from brain.modules.learned import Learned
from brain.modules.reply import Replier

KNOWN = "the kiln is far too hot to open tonight"
THREE_WORDS = tuple((f"message {number}", "see you soon") for number in range(12))
RAMBLING = "Red sky tonight. I was out all day with the boat and then it rained. Good night."
EAR = learn_ear(
    [f"oh the {number} again lol, not now tho" for number in range(12)],
    [f"Good Morning! How Is Number {number} Today?" for number in range(12)],
)
both_ways = pytest.mark.parametrize("awaited", [False, True])


def replier(replies, pairs=THREE_WORDS, *, learned=None, embed=None, **recipe):
    engine = ScriptedEngine(replies)
    module = Replier(Persona(name="Nela", id="nela"), recipe=Recipe(**{"k": 0, **recipe}))
    module.use(bank_of(*pairs, embed=embed), learned=learned)
    return module, engine


def ask(module, engine, *, message="message 3", awaited=False, **options):
    inputs = {"conversation": talk(message), "situation": "", **options}
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        return asyncio.run(module.acall(**inputs)) if awaited else module(**inputs)


@both_ways
def test_a_draft_takes_the_form_of_a_real_reply(awaited):
    """Three words, small, no stop: as this client answers, so the model's own manner does not show."""
    module, engine = replier([RAMBLING])

    assert ask(module, engine, awaited=awaited).reply == "red sky tonight"
    assert len(engine.requests) == 1


def test_the_model_is_told_how_long_the_reply_may_be():
    """After the caller's wish; a small model would answer that instead of the message."""
    module, engine = replier(["ok"] * 3)
    ask(module, engine)
    ask(module, engine, hint="Be kind.")
    module.brief = True
    ask(module, engine, hint="Be kind.")

    assert [prompt[-1]["content"] for prompt in engine.prompts] == [
        "message 3\n\n(About 3 words.)",
        "message 3\n\n(Be kind. About 3 words.)",
        "message 3\n\n(Be kind.)",
    ]


def test_a_form_that_asks_is_asked_for():
    """And of the drafts those that ask are said, the nearest length notwithstanding."""
    pairs = [(f"message {number}", "and you?") for number in range(12)]
    module, engine = replier(["All of it is late. What about you then?"], pairs)

    assert ask(module, engine).reply == "what about you then?"
    assert engine.prompts[0][-1]["content"] == "message 3\n\n(About 2 words, ending with a question.)"


class BiasedEngine(ScriptedEngine):
    """Takes a bias on tokens."""

    supported_params = ScriptedEngine.supported_params | {"logit_bias"}


def test_a_model_that_was_listened_to_is_talked_out_of_its_accent():
    """Only where it is that model, and there is an accent to lose."""
    module, _ = replier([], learned=Learned(accent={"!": -1.5, "great": -2.0}))
    engine = BiasedEngine(["ok"] * 3)
    ask(module, engine)
    module.accented = True
    ask(module, engine)
    module.use(module.bank, learned=Learned())
    ask(module, engine)
    plain, biased, unlearned = [(request.config.extensions or {}).get("logit_bias") for request in engine.requests]

    assert (biased["!"], biased[" great"], biased["Great"]) == (-0.75, -1.0, -1.0)
    assert plain is unlearned is None


def test_the_model_may_write_as_much_as_the_form_needs():
    """A long form has more room than a short one; a caller's own limit is the caller's."""
    long = tuple((message, "word " * 80) for message, _ in THREE_WORDS)
    limits = []
    for pairs, config in ((THREE_WORDS, None), (long, None), (long, {"max_tokens": 1})):
        module, engine = replier(["ok"], pairs)
        ask(module, engine, config=config)
        limits.append(engine.requests[0].config.max_tokens)

    assert 3 < limits[0] < limits[1]
    assert limits[1] > 80
    assert limits[2] == 1


@pytest.mark.parametrize(
    ("pairs", "recipe"),
    [(THREE_WORDS[:9], {}), (THREE_WORDS, {"rhythm": False}), ((), {})],
    ids=["nine replies", "no rhythm", "no replies"],
)
def test_without_a_form_the_draft_is_only_shortened(pairs, recipe):
    """Fewer than ten replies say little about a client, and a recipe may do without."""
    module, engine = replier([RAMBLING], pairs, learned=Learned(longest=15), **recipe)

    assert ask(module, engine).reply == "Red sky tonight. I was out all day with the boat and then it rained."
    assert "words" not in engine.prompts[0][-1]["content"]


def test_forms_come_from_the_replies_to_messages_like_this_one():
    """Whoever says good night is answered as they answer good nights, however they answer else."""
    nights = [(f"good night {number}", "nn") for number in range(20)]
    kilns = [(f"how is kiln number {number} doing", "It is hot. It is still far too hot.") for number in range(20)]
    module, engine = replier([RAMBLING] * 20, [*nights, *kilns])

    said = {ask(module, engine, message="good night nela", config={"seed": seed}).reply for seed in range(20)}

    assert all(reply == reply.lower() and not reply.endswith(".") for reply in said)


def test_an_excluded_reply_gives_no_form():
    """What is scored must not lend its own outline."""
    pairs = [*((f"message {number}", "see you soon") for number in range(11)), ("odd", "WHY?\nwhy?\nwhy? 🫖")]
    module, engine = replier([RAMBLING] * 30, pairs)

    said = [ask(module, engine, message="odd", exclude={"11"}, config={"seed": seed}).reply for seed in range(30)]

    assert set(said) == {"red sky tonight"}


def test_the_same_seed_draws_the_same_form():
    """An evaluation can be repeated; another seed may draw another one."""
    pairs = [(f"message {number}", "word " * number) for number in range(1, 21)]
    module, engine = replier(["ok"] * 50, pairs)
    for seed in [*range(25), *range(25)]:
        ask(module, engine, config={"seed": seed})
    wishes = [prompt[-1]["content"] for prompt in engine.prompts]

    assert wishes[:25] == wishes[25:]
    assert len(set(wishes)) > 5


def test_the_style_card_stands_between_persona_and_situation():
    """It is the same in every turn, so a prefix cache keeps it; a recipe may do without."""
    learned = Learned(card=("about 3 words a message", "emoji of theirs: 🫖"))
    module, engine = replier(["ok", "ok"], learned=learned)
    ask(module, engine, situation="It is noon.")
    module.use(module.bank, Recipe(k=0, card=False))
    ask(module, engine, situation="It is noon.")
    first, second = (prompt[0]["content"] for prompt in engine.prompts)

    card = "How you write: about 3 words a message; emoji of theirs: 🫖."
    assert first.endswith(f"You are Nela.\n\n{card}\n\nIt is noon.")
    assert second.endswith("You are Nela.\n\nIt is noon.")


def test_a_recipe_says_how_demos_are_chosen():
    """K and strategy reach the predictor; a new bank alone changes neither recipe nor what was learned."""
    learned = Learned(longest=9)
    module, _ = replier([], k=4, strategy="mmr", learned=learned)
    module.use(bank_of(("hi", "hey")))

    assert (module.reply.k, module.reply.strategy, len(module.bank)) == (4, "mmr", 1)
    assert module.learned is learned


@both_ways
def test_a_copy_of_a_labelled_reply_is_drafted_anew(awaited):
    """Eight words in a row were the client's own; once more, with new seeds and a wish for other words."""
    module, engine = replier([f"well, {KNOWN.title()}!", "not yet"], (), learned=Learned(shingles=shingles([KNOWN])))
    config = {"seed": 7}

    said = ask(module, engine, awaited=awaited, hint="Be kind.", config=config)

    assert (said.reply, said.drafts) == ("not yet", ("not yet",))
    assert [request.config.seed for request in engine.requests] == [7, 8]
    assert config == {"seed": 7}
    wishes = [prompt[-1]["content"].partition("\n\n")[2] for prompt in engine.prompts]
    assert wishes == ["(Be kind.)", "(Be kind. Say it in words you have not used before.)"]


def test_a_copy_beside_a_fresh_draft_is_left_out():
    """That costs nothing more."""
    module, engine = replier([KNOWN, "not yet"], (), learned=Learned(shingles=shingles([KNOWN])), candidates=2)

    assert ask(module, engine).drafts == ("not yet",)
    assert len(engine.requests) == 2


def test_a_model_that_only_copies_is_asked_twice_and_then_heard():
    """A reply there must be."""
    module, engine = replier([KNOWN] * 4, (), learned=Learned(shingles=shingles([KNOWN])), candidates=2)

    assert ask(module, engine, config={"seed": 3}).reply == KNOWN
    assert [request.config.seed for request in engine.requests] == [3, 4, 5, 6]


@both_ways
def test_of_several_drafts_the_one_that_sounds_like_the_client_is_said(awaited):
    """One call each; the others follow it, so that a filter may still choose among them."""
    drafts = ["How Is Your Evening?", "Good Morning!", "oh not again lol tho"]
    module, engine = replier(drafts, (), learned=Learned(ear=EAR), candidates=3)

    said = ask(module, engine, awaited=awaited)

    assert said.reply == said.drafts[0] == "oh not again lol tho"
    assert sorted(said.drafts) == sorted(drafts)
    assert len(engine.requests) == 3


def test_of_one_long_draft_the_best_part_is_said():
    """Where several parts of it have the wanted form, the ear chooses; still one call."""
    pairs = [(f"message {number}", "oh not now lol") for number in range(12)]
    module, engine = replier(["How is Your Evening? Good Morning To You. oh not again lol. Bye."], pairs)
    module.use(module.bank, learned=Learned(ear=EAR))

    assert ask(module, engine).reply == "oh not again lol"
    assert len(engine.requests) == 1


def test_without_an_ear_the_first_draft_is_said():
    """Few replies train no ear."""
    module, engine = replier(["one", "two", "three"], (), candidates=3)

    assert ask(module, engine).drafts == ("one", "two", "three")


@both_ways
def test_demos_are_the_same_for_every_draft(awaited):
    """They are told once."""
    embed = HashEmbedder()
    module, engine = replier(["one", "two"], THREE_WORDS[:4], k=2, candidates=2, embed=embed)

    said = ask(module, engine, awaited=awaited)

    assert len(said.demos) == 2
    assert said.demos[0].id == "3"
    assert engine.prompts[0] == engine.prompts[1]
