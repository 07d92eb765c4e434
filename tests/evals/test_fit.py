"""Whether a reply answers its message, on a client whose replies take up what they answer."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import HashEmbedder, them, us
from hypothesis import given
from hypothesis import strategies as st

from brain.models import Conversation, LabeledConversation
from evals.fit import FitMeasure, echoes, fit_measure, headline

if TYPE_CHECKING:
    from collections.abc import Sequence

THINGS = (  # noqa: SIM905  thirty lines of words are no easier to read
    "kettle kiln heron van seal tide mug glaze oven ferry garden cat bread storm lamp clock radio goose boat chair "
    "fence letter market pillow drum candle bucket ladder piano tractor"
).split()
ASKED = ("how is the {} today?", "did the {} keep you busy this week?")
SAID = ("oh the {}, do not ask me about it", "my {} behaved for once", "ask the {} yourself, i have had enough")


def pair(thing: str, number: int, *before: str) -> LabeledConversation:
    earlier = [side(text) for side, text in zip((them, us) * len(before), before, strict=False)]
    asked = them(ASKED[number % 2].format(thing))
    return LabeledConversation(
        chat_history=Conversation(messages=(*earlier, asked)), output=SAID[number % 3].format(thing)
    )


CLIENT = tuple(pair(thing, number) for number, thing in enumerate(THINGS * 2))
CONVERSATIONS = [one.chat_history for one in CLIENT]
REAL = [one.output for one in CLIENT]
MESSAGES = [conversation.last_from_other for conversation in CONVERSATIONS]


@pytest.fixture(scope="module")
def measure() -> FitMeasure:
    return fit_measure(CLIENT, HashEmbedder())


def fit(measure: FitMeasure, replies: Sequence[str]) -> float:
    return measure.scale(measure.ranks(CONVERSATIONS, replies))


def shuffled(replies: Sequence[str]) -> list[str]:
    """Each in a place where another thing is asked about."""
    return [*replies[7:], *replies[:7]]


def test_the_real_replies_are_the_top_of_the_scale(measure):
    """They are what 1 means, and they rank far above chance."""
    assert fit(measure, REAL) == pytest.approx(1.0)
    assert measure.real.mean() > 0.9
    assert measure.refused is None


def test_the_clients_replies_in_the_wrong_places_are_0(measure):
    """Perfect voice, no answer."""
    dice = random.Random(0)

    assert fit(measure, shuffled(REAL)) == pytest.approx(0.0, abs=0.15)
    assert fit(measure, [dice.choice(REAL) for _ in REAL]) == pytest.approx(0.0, abs=0.25)


def test_new_words_that_answer_are_near_the_top(measure):
    """Nothing of them was ever said by the client."""
    assert fit(measure, [f"fine, thanks; {thing} and i get along" for thing in THINGS * 2]) > 0.6


@pytest.mark.parametrize(
    "reply", ["i don't know", "ok", "haha", "🙂", "that is so interesting, tell me more about it!"]
)
def test_what_suits_every_message_answers_none(measure, reply):
    """A tie with all the others is chance."""
    assert abs(fit(measure, [reply] * len(REAL))) < 0.3


def test_a_long_ramble_gains_nothing_by_covering_more(measure):
    """Ten own replies in a row touch ten things, and one of them may be the right one."""
    dice = random.Random(1)

    assert fit(measure, [" ".join(dice.sample(REAL, 10)) for _ in REAL]) < 0.45


def test_an_empty_reply_ranks_below_everything(measure):
    """Also one of spaces."""
    assert measure.ranks(CONVERSATIONS[:2], ["", " \n "]).tolist() == [0.0, 0.0]


def test_an_echo_gets_no_credit(measure):
    """Whole, shuffled, or with a random own reply behind it."""
    long = [f"{message} i have been wondering about it since sunday" for message in MESSAGES]
    talks = [Conversation(messages=(them(text),)) for text in long]
    echoed = measure.ranks(talks, [text.upper() for text in long])
    mixed = measure.ranks(talks, [" ".join(reversed(text.split())) for text in long])
    padded = measure.ranks(talks, [f"{text} {other}" for text, other in zip(long, shuffled(REAL), strict=True)])

    assert echoed.max() == mixed.max() == 0.0
    assert measure.scale(padded) < 0.3


def test_repeating_oneself_gets_no_credit():
    """What was said two turns ago is on the topic, and no answer."""
    said = [f"the {thing} has opinions about mondays, and so do i" for thing in THINGS]
    client = [pair(thing, number, "hello", said[number]) for number, thing in enumerate(THINGS)]
    measure = fit_measure(client, HashEmbedder())

    assert measure.ranks([one.chat_history for one in client], said).max() == 0.0


def test_what_was_said_before_counts_less_than_the_message():
    """Of two things that were named, the reply to the newer one fits better; to either, better than to none."""
    client = [pair(thing, number, "hello", f"and the {THINGS[number - 1]}?") for number, thing in enumerate(THINGS)]
    measure, talks = fit_measure(client, HashEmbedder()), [one.chat_history for one in client]
    newer, older, neither = (
        measure.ranks(talks, [f"well, {THINGS[(number + step) % len(THINGS)]}" for number in range(len(THINGS))]).mean()
        for step in (0, -1, 9)
    )

    assert newer > older + 0.02
    assert older > neither + 0.1


def test_a_burst_is_one_message(measure):
    """What waits for an answer is all that the other person said last."""
    burst = Conversation(messages=(them("hi"), them("one more thing"), them("how is the kiln?")))

    assert measure.ranks([burst], ["hot, that kiln"])[0] > 0.8


def test_the_same_seed_draws_the_same_pool_and_another_a_similar_one():
    """More pairs than the pool holds."""
    many = [pair(f"{thing}{number}", number) for number in range(15) for thing in THINGS]
    one, again, other = (fit_measure(many, HashEmbedder(), seed=seed) for seed in (1, 1, 2))

    assert one.real.tolist() == again.real.tolist()
    assert one.real.tolist() != other.real.tolist()
    assert one.real.mean() == pytest.approx(other.real.mean(), abs=0.02)


def test_ranks_do_not_depend_on_the_company(measure):
    """A reply ranks the same alone as among others."""
    together = measure.ranks(CONVERSATIONS[:9], shuffled(REAL)[:9])
    alone = [
        measure.ranks([talk], [reply])[0] for talk, reply in zip(CONVERSATIONS[:9], shuffled(REAL)[:9], strict=True)
    ]

    assert together == pytest.approx(alone)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_ranks_lie_between_0_and_1(measure, replies):
    """Whatever is said."""
    ranks = measure.ranks(CONVERSATIONS[: len(replies)], replies)

    assert ((ranks >= 0) & (ranks <= 1)).all()


def test_odd_conversations_are_chance(measure):
    """No message, or only the client's own: nothing to answer."""
    talks = [Conversation(messages=()), Conversation(messages=(us("so there i was"),))]

    assert measure.ranks(talks, ["the kiln?", "the kiln?"]).tolist() == [0.5, 0.5]


def test_a_client_who_says_anything_to_anything_is_refused():
    """The real replies rank like random ones: there is no scale."""
    measure = fit_measure(
        [
            LabeledConversation(chat_history=one.chat_history, output=other)
            for one, other in zip(CLIENT, shuffled(REAL), strict=True)
        ],
        HashEmbedder(),
    )

    assert measure.refused is not None
    assert "0.50 is chance" in measure.refused


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_conversations_are_refused_and_break_nothing(count):
    """Ranks are chance."""
    measure = fit_measure(CLIENT[:count], HashEmbedder())

    assert measure.refused is not None
    assert measure.ranks(CONVERSATIONS[:3], REAL[:3]).tolist() == [0.5] * 3
    assert measure.scale(np.full(3, 0.5)) == 0.0


def test_five_conversations_are_a_small_pool():
    """It works, or says why not."""
    measure = fit_measure(CLIENT[:5], HashEmbedder())
    ranks = measure.ranks(CONVERSATIONS[:30], REAL[:30])

    assert ranks[5:].mean() > 0.7
    assert np.isfinite(measure.scale(ranks))


def test_every_reply_the_same_leaves_no_pool():
    """Nothing to compare with: chance, and refused."""
    measure = fit_measure(
        [LabeledConversation(chat_history=talk, output="yes love") for talk in CONVERSATIONS], HashEmbedder()
    )

    assert measure.ranks(CONVERSATIONS[:2], ["yes love", "YES  love"]).tolist() == [0.5, 0.5]
    assert measure.refused is not None


def test_the_scale_takes_the_real_ranks_of_the_same_cases(measure):
    """Worked out by hand: halfway between chance and them."""
    assert measure.scale(np.array([0.6, 0.7]), np.array([0.8])) == pytest.approx(0.5)


def test_replies_and_conversations_come_in_pairs(measure):
    """One of each."""
    with pytest.raises(ValueError, match="2 conversations but 1 replies"):
        measure.ranks(CONVERSATIONS[:2], ["hm"])


@pytest.mark.parametrize(
    ("voice", "fit", "together"),
    [
        (1.0, 1.0, 1.0),
        (1.2, 1.6, 1.0),
        (0.5, 1.0, 2 / 3),
        (1.2, 0.2, 1 / 3),
        (0.0, 1.0, 0.0),
        (0.9, -0.3, -0.3),
        (-1.0, -0.3, -1.0),
    ],
)
def test_the_headline_needs_both(voice, fit, together):
    """Retrieval of own lines has voice and no fit; an echo may have fit and no voice."""
    assert headline(voice, fit) == pytest.approx(together)


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_the_headline_is_continuous_and_never_above_the_better_half(voice, fit):
    """No jump where one of them crosses 0."""
    assert headline(voice, fit) <= max(min(voice, 1), min(fit, 1), 0) + 1e-12
    assert headline(voice + 1e-9, fit) == pytest.approx(headline(voice, fit), abs=1e-6)


LONG = "i was wondering whether you could look at the kettle for me on monday"


@pytest.mark.parametrize(
    ("message", "reply", "echo"),
    [
        (LONG, LONG, True),
        (LONG, LONG.upper().replace(" ", "  "), True),
        (LONG, f"{LONG} yes?", True),
        (LONG, "could you look at the kettle for me", True),
        (LONG, "monday me for kettle the at look you whether wondering", True),
        (LONG, "the kettle", False),
        (LONG, "look at the kettle? on monday i am at the sea with everybody, sorry", False),
        (LONG, "i don't know", False),
        ("see you then!", "see you then!", False),
        ("", "", False),
        ("", "hello there, how have you been all this time", False),
        (LONG, "", False),
    ],
)
def test_an_echo_mostly_repeats_its_message(message, reply, echo):
    """In order or shuffled; what is short repeats by nature."""
    assert echoes([message], [reply]).tolist() == [echo]


def test_no_reply_is_no_echo():
    """An empty array, of truth values."""
    assert echoes([], []).dtype == bool


def test_the_bundled_voice_has_a_scale():
    """With the embedder it is compiled with."""
    from brain.dataset import load_conversations
    from brain.lms.embedder import load_embedder
    from brain.voices import bundled_data

    client = load_conversations(bundled_data() / "conversations.json")[:120]
    measure = fit_measure(client, load_embedder())
    real = [one.output for one in client]
    wrong = measure.ranks([one.chat_history for one in client], [*real[37:], *real[:37]])

    assert measure.refused is None
    assert abs(measure.scale(wrong)) < 0.25
