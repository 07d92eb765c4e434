"""How demos reach the prompt: a predictor that finds its own."""

from __future__ import annotations

import asyncio
import copy
import json

import dspy
import pytest
from fakes import HashEmbedder, ScriptedEngine, bank_of, scripted_lm, talk

from brain.adapters import ChatTurnAdapter
from brain.demos import KNNPredict
from brain.errors import ArtifactError
from brain.models import Conversation
from brain.signatures.reply import Reply

PAIRS = (
    ("good morning", "mornin"),
    ("good morning sunshine", "too early"),
    ("how is the kiln", "hot"),
    ("how is the cat", "in charge"),
    ("good night", "night night"),
)


@pytest.fixture
def predictor():
    """A KNNPredict over the rows and the engine that answers it: (call, awaited call, engine)."""

    def make(k, *, bank=None, replies=("ok",) * 9):
        reply, engine = KNNPredict(Reply), ScriptedEngine(replies)
        reply.bank, reply.k = bank_of(*PAIRS) if bank is None else bank, k
        return reply, engine

    return make


def ask(reply, engine, message, **options):
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        return reply(persona="You are N.", situation="Noon.", conversation=talk(message), **options)


def assistants(prompt):
    return [turn["content"] for turn in prompt if turn["role"] == "assistant"]


def test_every_copy_of_a_program_shares_its_bank(predictor):
    """Optimizers copy programs all the time; 100,000 rows must not be copied with them."""
    reply, _ = predictor(2)

    assert copy.deepcopy(reply).bank is reply.bank
    assert reply.deepcopy().bank is reply.bank


def test_demos_that_were_chosen_before_are_taken_as_they_are(predictor):
    """Whoever has to know how long they are looks for them itself; none is a choice too."""
    reply, engine = predictor(3)
    found = reply.demos_for(talk("good morning"))[:1]
    prediction = ask(reply, engine, "good morning", chosen=found)
    ask(reply, engine, "good morning", chosen=())

    assert prediction.demos == found
    assert [assistants(prompt) for prompt in engine.prompts] == [["mornin"], []]


def test_the_prompt_shows_the_nearest_demo_last_and_asks_once(predictor):
    """Next to the message it resembles; one LM call a turn."""
    reply, engine = predictor(3)
    prediction = ask(reply, engine, "good morning")

    (prompt,) = engine.prompts
    assert [turn["content"] for turn in prompt[1:]] == [
        *("good night", "night night", "good morning sunshine", "too early", "good morning", "mornin"),
        "good morning",
    ]
    assert prediction.reply == "ok"
    assert [demo.id for demo in prediction.demos] == ["0", "1", "4"]


def test_awaited_it_sends_the_same_prompt(predictor):
    """`acall` of a program compiled by dspy.KNNFewShot sends no demos at all."""
    reply, engine = predictor(3)
    ask(reply, engine, "good morning")

    async def awaited():
        with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
            return await reply.acall(persona="You are N.", situation="Noon.", conversation=talk("good morning"))

    prediction = asyncio.run(awaited())

    assert engine.prompts[0] == engine.prompts[1]
    assert [demo.id for demo in prediction.demos] == ["0", "1", "4"]


def test_only_the_last_message_is_embedded(predictor):
    """With one turn of history beside it, precision at five fell from 0.75 to 0.05."""
    embed = HashEmbedder()
    reply, engine = predictor(1, bank=bank_of(*PAIRS, embed=embed))
    embed.texts.clear()
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        reply(persona="p", situation="s", conversation=talk("how is the cat", "well", "good night"))

    assert embed.texts == ["good night"]


def test_an_excluded_row_is_not_in_the_prompt(predictor):
    """`exclude` reaches the bank, and never the LM."""
    reply, engine = predictor(1)
    ask(reply, engine, "good morning", exclude={"0"})

    assert assistants(engine.prompts[0]) == ["too early"]
    assert "exclude" not in json.dumps(engine.prompts[0])


def test_without_a_bank_it_is_a_plain_predictor():
    """The same program before it is compiled."""
    engine = ScriptedEngine()
    prediction = ask(KNNPredict(Reply), engine, "good morning")

    assert assistants(engine.prompts[0]) == []
    assert prediction.demos == ()


def test_an_optimizers_own_demos_stand_before_the_nearest(predictor):
    """What stays the same comes first."""
    reply, engine = predictor(1)
    reply.demos = [dspy.Example(conversation=talk("who are you"), reply="a potter")]
    ask(reply, engine, "good morning")

    assert assistants(engine.prompts[0]) == ["a potter", "mornin"]


def test_state_survives_a_round_trip_through_json(predictor):
    """The number of demos and the bank's hash are kept; instructions and demos of an optimizer too."""
    reply, engine = predictor(2)
    reply.signature = reply.signature.with_instructions("Be brief.")
    reply.demos = [dspy.Example(conversation=talk("who are you"), reply="a potter")]
    state = json.loads(json.dumps(reply.dump_state()))

    fresh = KNNPredict(Reply)
    fresh.bank = bank_of(*PAIRS)
    fresh.load_state(state)
    ask(fresh, engine, "good morning")

    assert state["knn"] == {"k": 2, "rows": 5, "sha256": reply.bank.sha256}
    assert fresh.k == 2
    assert engine.prompts[0][0]["content"].startswith("Be brief.")
    assert assistants(engine.prompts[0]) == ["a potter", "too early", "mornin"]


@pytest.mark.parametrize("bank", [None, bank_of(*PAIRS[:4])])
def test_state_of_another_bank_is_refused(predictor, bank):
    """A program without its demos would answer in the model's own voice and nobody would know."""
    state = predictor(2)[0].dump_state()
    fresh = KNNPredict(Reply)
    fresh.bank = bank

    with pytest.raises(ArtifactError, match="other demos"):
        fresh.load_state(state)


def test_state_without_a_bank_loads_as_a_plain_predictor(predictor):
    """It was saved before it was compiled."""
    reply, _ = predictor(3)
    reply.load_state(KNNPredict(Reply).dump_state())

    assert reply.k == 0


def test_a_reset_copy_has_no_bank(predictor):
    """Compiling anew must not find the demos of the last time."""
    fresh = predictor(3)[0].reset_copy()

    assert (fresh.bank, fresh.k) == (None, 0)


def test_a_conversation_without_a_message_to_answer_still_finds_demos(predictor):
    """The client may have written last; nothing waits, so nothing is near."""
    reply, engine = predictor(2)
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        prediction = reply(persona="p", situation="s", conversation=Conversation(messages=()))

    assert [demo.similarity for demo in prediction.demos] == [0.0, 0.0]


def test_a_strategy_chooses_other_demos(predictor):
    """They still stand nearest last, and those of `knn` are the usual ones."""
    pairs = (("good morning", "mornin"), ("good morning", "mornin"), ("good morning kiln", "too hot already"))
    reply, engine = predictor(2, bank=bank_of(*pairs))
    ask(reply, engine, "good morning")
    reply.strategy = "knn+diverse"
    ask(reply, engine, "good morning")

    assert [assistants(prompt) for prompt in engine.prompts] == [["mornin", "mornin"], ["too hot already", "mornin"]]


def test_a_long_message_is_shown_by_its_end(predictor):
    """The end is what the reply answered; the reply itself is shown whole, and /why tells the whole message."""
    message = "kiln " * 200 + "is it hot?"
    reply, engine = predictor(1, bank=bank_of((message, "it is " * 100)))

    prediction = ask(reply, engine, "is it hot?")

    shown = engine.prompts[0][1]["content"]
    assert len(shown) == 301
    assert shown.startswith("…")
    assert shown.endswith("is it hot?")
    assert assistants(engine.prompts[0]) == [("it is " * 100)]
    assert prediction.demos[0].message == message
