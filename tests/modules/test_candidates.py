"""Several drafts of one reply: how they are asked for, and which is said."""

from __future__ import annotations

import asyncio

import dspy
import numpy as np
import pytest
from dspy import lm15
from dspy.utils.exceptions import DSPyError
from fakes import NEVER, HashEmbedder, ScriptedEngine, bank_of, scripted_lm, talk

from brain.adapters import ChatTurnAdapter
from brain.ear import learn_ear
from brain.modules.candidates import Candidates, best_first
from brain.modules.learned import Learned, Nearness
from brain.signatures.reply import Reply

INPUTS = {"persona": "You are N.", "situation": "Noon.", "conversation": talk("morning")}
OWN = [f"oh the {number} again lol, not now tho" for number in range(12)]
OTHER = [f"Good Morning! How Is Number {number} Today?" for number in range(12)]
both_ways = pytest.mark.parametrize("awaited", [False, True])


def ask(engine, count, *, awaited, **inputs):
    candidates = Candidates(dspy.Predict(Reply), count)
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        said = asyncio.run(candidates.acall(**INPUTS, **inputs)) if awaited else candidates(**INPUTS, **inputs)
    return [draft.reply for draft in said.drafts]


class SeededEngine(ScriptedEngine):
    """Says which seed it was asked with."""

    def next_reply(self, request):
        self.requests.append(request)
        return f"draft {request.config.seed} at {request.config.temperature}"


@both_ways
def test_each_draft_has_a_seed_of_its_own(awaited):
    """Counted up from the caller's; the rest of the sampling is the same for all."""
    config = {"seed": 7, "temperature": 0.5}

    assert ask(SeededEngine(), 3, awaited=awaited, config=config) == [
        "draft 7 at 0.5",
        "draft 8 at 0.5",
        "draft 9 at 0.5",
    ]
    assert config == {"seed": 7, "temperature": 0.5}, "the caller's own stays as it was"


@both_ways
@pytest.mark.parametrize("config", [{}, {"temperature": 0.5}])
def test_without_a_seed_the_model_draws_by_itself(awaited, config):
    """A chat has none; no call invents one."""
    engine = ScriptedEngine(["one", "two"])

    assert ask(engine, 2, awaited=awaited, config=config) == ["one", "two"]
    assert [request.config.seed for request in engine.requests] == [None, None]


@both_ways
def test_all_are_asked_the_same(awaited):
    """Once each."""
    engine = ScriptedEngine(["one", "two", "three"])

    assert ask(engine, 3, awaited=awaited) == ["one", "two", "three"]
    assert engine.prompts == [engine.prompts[0]] * 3


class LastComesFirst(dspy.Module):
    """Answers the number of its call; awaited, the last call answers first."""

    def __init__(self, count):
        super().__init__()
        self.asked, self.turns = 0, [asyncio.Event() for _ in range(count)]
        self.answered = []

    def _number(self):
        self.asked += 1
        return self.asked - 1

    def forward(self):
        return dspy.Prediction(reply=str(self._number()))

    async def aforward(self):
        number = self._number()
        if number + 1 < len(self.turns):
            await self.turns[number + 1].wait()
        self.answered.append(number)
        self.turns[number].set()
        return dspy.Prediction(reply=str(number))


def test_awaited_they_run_together_and_keep_their_order():
    """Whichever comes first: awaited and called give the same drafts in the same order."""

    async def awaited():
        module = LastComesFirst(3)
        return await Candidates(module, 3).acall(), module

    together, module = asyncio.run(awaited())
    called = Candidates(LastComesFirst(3), 3)()

    assert module.answered == [2, 1, 0], "each waited for the next, so all were under way"
    assert [draft.reply for draft in together.drafts] == [draft.reply for draft in called.drafts] == ["0", "1", "2"]


def test_cancelling_cancels_them_all():
    """Ctrl-C must not leave a model writing."""
    engine = ScriptedEngine([NEVER] * 3)

    async def stopped():
        with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
            task = asyncio.ensure_future(Candidates(dspy.Predict(Reply), 3).acall(**INPUTS))
            while len(engine.requests) < 3:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait({task})
        return task.cancelled()

    assert asyncio.run(stopped())
    assert engine.cancelled == 3


@both_ways
@pytest.mark.parametrize("count", [1, 2])
def test_a_failure_is_raised_as_it_is(awaited, count):
    """Not in a group of errors: whoever tells it to the user knows DSPy's own."""
    with pytest.raises(DSPyError) as caught:
        ask(ScriptedEngine([lm15.ServerError("down")] * count), count, awaited=awaited)

    assert "down" in str(caught.value)


def test_a_failure_stops_the_others():
    """Nobody would hear them."""
    engine = ScriptedEngine([NEVER, lm15.ServerError("down"), NEVER])

    with pytest.raises(DSPyError, match="down"):
        ask(engine, 3, awaited=True)

    assert engine.cancelled == len(engine.requests) - 1 > 0


def learned_of(**more):
    return Learned(ear=learn_ear(OWN, OTHER), **more)


def test_the_draft_that_sounds_most_like_the_client_comes_first():
    """What is said is one of them, as it was; none is lost."""
    drafts = ["How Is Your Morning Today?", "oh not again lol", "Good Morning!"]

    found = best_first(drafts, "kiln", bank_of(("hi", "hey")), learned_of())

    assert found[0] == "oh not again lol"
    assert sorted(found) == sorted(drafts)


class ToldEar:
    """Hears what it was told to hear; 0 of what it was told nothing."""

    def __init__(self, heard=(), strange=()):
        self.heard, self.strange = dict(heard), dict(strange)

    def hear_and_weigh(self, drafts):
        return tuple(np.array([told.get(draft, 0.0) for draft in drafts]) for told in (self.heard, self.strange))


def ordered(drafts, message="🫖", nearness=None, **told):
    nearness = nearness or Nearness()
    return best_first(drafts, message, bank_of(("hi", "hey")), Learned(ear=ToldEar(**told), nearness=nearness))


def test_what_sounds_less_like_the_client_comes_later():
    """From best to worst, where all stand below the client's own mean."""
    assert ordered(["a", "b", "c"], heard={"a": -3.0, "b": -1.0, "c": -2.0}) == ["b", "c", "a"]


def test_of_two_that_sound_alike_the_one_that_answers_comes_first():
    """Nearness to the message decides where the ear cannot."""
    assert ordered(["cat", "kiln"], "the kiln", Nearness(0.9, 0.1)) == ["kiln", "cat"]


def test_nobody_is_rewarded_for_a_caricature_or_an_echo():
    """Well above the client's own mean all count the same, and order stays."""
    assert ordered(["a", "b", "c"], heard={"a": 5.0, "b": 9.0, "c": 7.0}) == ["a", "b", "c"]
    assert ordered(["kiln", "the kiln"], "the kiln", Nearness(-5.0, 0.1)) == ["kiln", "the kiln"]


def test_straying_from_the_clients_style_counts_against_a_draft():
    """Being more usual than usual is worth nothing."""
    assert ordered(["a", "b", "c"], strange={"a": 3.0, "c": -4.0}) == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("bank", "learned"), [(None, learned_of()), (bank_of(("hi", "hey")), Learned()), (None, Learned())]
)
def test_without_ear_or_bank_they_stay_in_order(bank, learned):
    """A client of whom little is known."""
    drafts = ["How Is Your Morning Today?", "oh not again lol"]

    assert best_first(drafts, "kiln", bank, learned) == drafts


def test_one_draft_alone_is_not_weighed():
    """Nothing is embedded for it."""
    embed = HashEmbedder()
    bank = bank_of(("hi", "hey"), embed=embed)
    embed.texts.clear()

    assert best_first(["hm"], "kiln", bank, learned_of()) == ["hm"]
    assert best_first([], "kiln", bank, learned_of()) == []
    assert embed.texts == []


def test_equal_drafts_stay_in_order():
    """Sorting is stable, so that the same drafts are always said in the same way."""
    drafts = ["zz", "aa", "mm", "bb"]

    assert ordered(drafts) == drafts
