"""Which demos are found, and how they reach the prompt."""

from __future__ import annotations

import asyncio
import copy
import json

import dspy
import numpy as np
import pytest
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, talk
from hypothesis import given
from hypothesis import strategies as st

from brain.adapters import ChatTurnAdapter
from brain.demos import DemoBank, KNNPredict, Row, dump_rows, unit
from brain.errors import ArtifactError
from brain.models import Conversation
from brain.signatures.reply import Reply

ROWS = [
    Row("0", "good morning", "mornin"),
    Row("1", "good morning sunshine", "too early"),
    Row("2", "how is the kiln", "hot"),
    Row("3", "how is the cat", "in charge"),
    Row("4", "good night", "night night"),
]


def bank_of(rows=ROWS, embed=None):
    return DemoBank.build(rows, embed or HashEmbedder())


@pytest.fixture
def predictor():
    """A KNNPredict over the rows and the engine that answers it: (call, awaited call, engine)."""

    def make(k, *, bank=None, replies=("ok",) * 9):
        reply, engine = KNNPredict(Reply), ScriptedEngine(replies)
        reply.bank, reply.k = bank_of() if bank is None else bank, k
        return reply, engine

    return make


def ask(reply, engine, message, **options):
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        return reply(persona="You are N.", situation="Noon.", conversation=talk(message), **options)


def assistants(prompt):
    return [turn["content"] for turn in prompt if turn["role"] == "assistant"]


def test_the_nearest_row_comes_first():
    """Similarity is the cosine of the messages, 1.0 for the same words."""
    found = bank_of().nearest("good morning", 3)

    assert [demo.id for demo in found] == ["0", "1", "4"]
    assert found[0].similarity == pytest.approx(1.0)
    assert found[0].similarity > found[1].similarity > found[2].similarity
    assert (found[1].message, found[1].reply) == ("good morning sunshine", "too early")


@given(
    st.lists(st.text("abc ", min_size=1, max_size=6), min_size=1, max_size=12),
    st.text("abc ", max_size=6),
    st.integers(0, 15),
    st.sets(st.integers(0, 12).map(str)),
)
def test_it_finds_what_comparing_with_every_row_finds(messages, message, k, exclude):
    """Whatever k and whichever rows are excluded, it is the k best of the rest, best first."""
    embed = HashEmbedder(8)
    rows = [Row(str(index), text, f"r{index}") for index, text in enumerate(messages)]
    found = bank_of(rows, embed).nearest(message, k, exclude=exclude)

    cosines = unit(embed(messages)) @ unit(embed([message]))[0]
    allowed = sorted((float(cosines[int(row.id)]) for row in rows if row.id not in exclude), reverse=True)
    assert [demo.similarity for demo in found] == pytest.approx(allowed[:k], abs=1e-4)
    assert len({demo.id for demo in found} - exclude) == len(found) == min(k, len(allowed))


def test_an_excluded_row_makes_room_for_the_next():
    """A conversation that is scored never sees itself, and still gets k demos."""
    assert [demo.id for demo in bank_of().nearest("good morning", 2, exclude={"0"})] == ["1", "4"]


@pytest.mark.parametrize("k", [5, 6, 1000])
def test_a_bank_smaller_than_k_gives_all_it_has(k):
    """A client with three conversations still gets a program."""
    assert len(bank_of().nearest("good morning", k)) == 5


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_1_means_no_demos(k):
    """And nothing is embedded for it."""
    embed = HashEmbedder()
    bank = bank_of(embed=embed)
    embed.texts.clear()

    assert bank.nearest("good morning", k) == ()
    assert embed.texts == []


def test_an_empty_bank_gives_no_demos():
    """It has no rows, and its vectors still have the right width."""
    bank = bank_of([])

    assert len(bank) == 0
    assert bank.vectors.shape == (0, 32)
    assert bank.nearest("hi", 4) == ()


def test_a_message_without_words_finds_rows_of_similarity_0():
    """An emoji alone has no vector here; that is no error, and no NaN."""
    found = bank_of().nearest("🫖", 2)

    assert [demo.similarity for demo in found] == [0.0, 0.0]


def test_a_row_without_words_is_never_nearer_than_one_with_them():
    """Its vector is all zeros, and dividing by its length would make it NaN."""
    bank = bank_of([Row("0", "🫖", "tea"), Row("1", "good morning", "mornin")])

    assert not np.isnan(bank.vectors).any()
    assert [demo.id for demo in bank.nearest("good morning", 2)] == ["1", "0"]


def test_vectors_are_scaled_to_length_1():
    """So that a dot product is a cosine; float32 halves the file."""
    bank = bank_of()

    assert bank.vectors.dtype == np.float32
    assert np.linalg.norm(bank.vectors, axis=1) == pytest.approx(np.ones(5))


def test_a_large_bank_is_embedded_in_batches_and_tells_how_far_it_is():
    """100,000 rows must not become one call."""
    embed, told = HashEmbedder(), []
    bank = DemoBank.build(ROWS, embed, batch=2, tick=told.append)

    assert told == [2, 4, 5]
    assert embed.texts == [row.message for row in ROWS]
    assert [bank.row(index) for index in range(5)] == ROWS


def test_rows_survive_encoding_whatever_is_in_them():
    """Line breaks of every kind, quotes and emoji stay inside their line of the file."""
    rows = [Row("0", "a\nb\r\nc\x0bd\x85e\u2028f", '"quoted" \\ 👩‍🚀'), Row("1", "ü", "\t")]
    bank = bank_of(rows)

    assert [bank.row(0), bank.row(1)] == rows
    assert bank.encoded == dump_rows(rows)
    assert bank.encoded.count(b"\n") == 2


@pytest.mark.parametrize(
    ("shape", "told"),
    [((4, 32), "5 replies but vectors"), ((5,), "5 replies but"), ((5, 16), "16 dimensions, embedder hash-32")],
)
def test_vectors_that_do_not_fit_are_refused(shape, told):
    """Half of a bank would answer with the wrong replies."""
    with pytest.raises(ArtifactError, match=told):
        DemoBank(dump_rows(ROWS), np.zeros(shape, np.float32), HashEmbedder())


def test_every_copy_of_a_program_shares_its_bank(predictor):
    """Optimizers copy programs all the time; 100,000 rows must not be copied with them."""
    reply, _ = predictor(2)

    assert copy.deepcopy(reply).bank is reply.bank
    assert reply.deepcopy().bank is reply.bank


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
    reply, engine = predictor(1, bank=bank_of(embed=embed))
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
    fresh.bank = bank_of()
    fresh.load_state(state)
    ask(fresh, engine, "good morning")

    assert state["knn"] == {"k": 2, "rows": 5, "sha256": reply.bank.sha256}
    assert fresh.k == 2
    assert engine.prompts[0][0]["content"].startswith("Be brief.")
    assert assistants(engine.prompts[0]) == ["a potter", "too early", "mornin"]


@pytest.mark.parametrize("bank", [None, bank_of(ROWS[:4])])
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


def test_a_long_message_is_shown_by_its_end(predictor):
    """The end is what the reply answered; the reply itself is shown whole, and /why tells the whole message."""
    rows = [Row("0", "kiln " * 200 + "is it hot?", "it is " * 100)]
    reply, engine = predictor(1, bank=bank_of(rows))

    prediction = ask(reply, engine, "is it hot?")

    shown = engine.prompts[0][1]["content"]
    assert len(shown) == 301
    assert shown.startswith("…")
    assert shown.endswith("is it hot?")
    assert assistants(engine.prompts[0]) == [("it is " * 100)]
    assert prediction.demos[0].message == rows[0].message
