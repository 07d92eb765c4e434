"""One line of what a prompt leaves out: by the model where it is able, by the words that tell most everywhere else."""

from __future__ import annotations

import asyncio
import json

import dspy
import pytest
from dspy import lm15
from fakes import NEVER, ScriptedEngine, bank_of, scripted_lm, talk

from brain.adapters import ChatTurnAdapter
from brain.models import Earlier
from brain.modules.earlier import MOST_WORDS, Rememberer
from brain.modules.telling_words import telling_words, usual_words

TALK = talk(
    "did the kiln come on today?",
    "the kiln is on since six, it will be warm all night",
    "and the market on sunday?",
    "the market was rained off again, i sold one bowl",
    "my brother Juri moved to Bergen last week",
    "Bergen is where it rains even more than here",
).messages
USUAL = bank_of(
    *[("did you sleep well today?", "i slept well since you ask, again"), ("what did you eat?", "soup")] * 5
)


def summary(text):
    return json.dumps({"summary": text})


def remember(rules, engine, *, awaited=False, seconds=20.0, **options):
    module = Rememberer(rules, seconds=seconds)
    inputs = {"messages": TALK, "bank": USUAL, **options}
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        said = asyncio.run(module.acall(**inputs)) if awaited else module(**inputs)
    return said.earlier


def test_a_small_model_is_not_asked(rules):
    """The subjects are named instead: what came up more than it usually does."""
    engine = ScriptedEngine([])
    earlier = remember(rules, engine)

    assert earlier.messages == 6
    assert earlier.line.startswith("You talked about: ")
    assert {"kiln", "market", "bergen"} <= set(earlier.line.removesuffix(".").partition(": ")[2].split(", "))
    assert engine.requests == []


@pytest.mark.parametrize("awaited", [False, True])
def test_an_able_model_sums_up_what_newly_left(rules, awaited):
    """One call, with the line so far and only the messages that it does not cover."""
    engine = ScriptedEngine([summary("They told you of Juri. You sold one bowl.")])
    before = Earlier(messages=2, line="The kiln was on.")
    earlier = remember(rules, engine, able=True, before=before, awaited=awaited)
    (prompt,) = engine.prompts

    assert earlier == Earlier(messages=6, line="They told you of Juri. You sold one bowl.")
    assert "The kiln was on." in prompt[-1]["content"]
    assert "rained off" in prompt[-1]["content"]
    assert "since six" not in prompt[-1]["content"]


def test_a_line_about_more_than_is_left_out_is_of_no_use(rules):
    """A larger model takes messages up again; they are summed up from the first."""
    engine = ScriptedEngine([summary("The kiln was on.")])
    earlier = remember(rules, engine, able=True, before=Earlier(messages=40, line="They married."))

    assert earlier == Earlier(messages=6, line="The kiln was on.")
    assert "They married." not in engine.prompts[0][-1]["content"]
    assert "since six" in engine.prompts[0][-1]["content"]


@pytest.mark.parametrize(
    "reply",
    [
        lm15.ServerError("overloaded", provider="x"),
        lm15.RateLimitError("slow down", provider="x"),
        "I cannot do that.",
        summary(""),
        summary("They write you on WhatsApp now"),
    ],
    ids=["server", "rate", "unreadable", "empty", "forbidden"],
)
def test_whatever_goes_wrong_the_subjects_are_named(rules, reply):
    """A turn never fails for the sake of a line."""
    earlier = remember(rules, ScriptedEngine([reply] * 4), able=True)

    assert earlier.line.startswith("You talked about: ")


def test_a_model_that_is_late_is_given_up(rules):
    """The reply must not wait for ever; the request is cancelled."""
    engine = ScriptedEngine([NEVER])
    earlier = remember(rules, engine, able=True, awaited=True, seconds=0.2)

    assert earlier.line.startswith("You talked about: ")
    assert engine.cancelled == 1


def test_a_forbidden_sentence_is_dropped_and_the_rest_kept(rules):
    """A name in the prompt would come out again in a reply."""
    engine = ScriptedEngine([summary("They are on WhatsApp. Their brother Juri moved to Bergen.")])

    assert remember(rules, engine, able=True).line == "Their brother Juri moved to Bergen."


def test_a_forbidden_word_is_no_subject(rules):
    """However often it was said."""
    messages = talk(*["whatsapp? or instagram? or the kiln?"] * 6).messages
    earlier = remember(rules, ScriptedEngine([]), messages=messages)

    assert earlier.line == "You talked about: kiln."


def test_where_nothing_tells_there_is_no_line(rules):
    """Only small words, or only what may not be named."""
    for text in ("and you?", "whatsapp", "😂", "..."):
        earlier = remember(rules, ScriptedEngine([]), messages=talk(text, text).messages)

        assert (earlier.messages, earlier.line) == (2, "")


def test_a_long_summary_is_cut_and_cleaned(rules):
    """It stands in every prompt from now on."""
    engine = ScriptedEngine([summary("\x1b[31mbread\n" + "and then some " * 200)])
    line = remember(rules, engine, able=True).line

    assert line.startswith("bread and then")
    assert len(line.split()) <= MOST_WORDS


def test_what_the_model_is_shown_is_bounded(rules):
    """The newest of what left, the middle of a long one left out; a huge history must fit too."""
    messages = talk(*(f"number {number} " + "x" * 5_000 for number in range(200))).messages
    engine = ScriptedEngine([summary("Numbers.")])
    remember(rules, engine, able=True, messages=messages, most=4_000)
    shown = engine.prompts[0][-1]["content"]

    assert "number 199 " in shown
    assert "number 150 " not in shown
    assert len(shown) < 8_000


def test_words_that_are_usual_tell_nothing():
    """Said as often, a word of every day comes after one that is rare for them."""
    texts = ["soup and glaze", "glaze, then soup", "soup today"]
    usual = usual_words(bank_of(*[("soup?", "soup!"), ("bread?", "tea")] * 5))

    assert telling_words(texts, usual)[0] == "glaze"
    assert telling_words(texts, usual_words(None))[0] == "soup"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("¿y la cerámica de tu hermana?", {"cerámica", "hermana"}),
        ("und der Töpfermarkt in Köln", {"töpfermarkt", "köln"}),
        ("вчера была буря", {"вчера", "была", "буря"}),
        ("...look. https://example.org/pots @juri juri@example.org", {"look"}),
    ],
    ids=["Spanish", "German", "Russian", "addresses"],
)
def test_words_of_any_language_count_and_addresses_do_not(text, words):
    """Small words of the six languages are left out."""
    assert set(telling_words([text], usual_words(None))) == words
