"""What goes ahead of the persona, in six languages, and the ordinary talk that must not."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from safety.phrases import CRISES, IDIOMS, MINORS, ORDINARY, OTHER_NUMBERS, QUESTIONS, spoken

from brain.models import Message
from brain.safety.routes import Route, Routes, spoken_in_turn

SETS = Path(__file__).resolve().parents[2] / "evals" / "topics" / "data"
ROUTES = Routes("Nela")


def fan(text: str) -> Message:
    return Message(from_creator=False, content=text)


def creator(text: str) -> Message:
    return Message(from_creator=True, content=text)


@pytest.mark.parametrize(
    ("kind", "language", "text"),
    [
        (kind, *phrase)
        for kind, phrases in (("ai_question", QUESTIONS), ("crisis", CRISES), ("minor", MINORS))
        for phrase in spoken(phrases)
    ],
)
def test_it_is_heard_and_so_is_its_language(kind: str, language: str, text: str) -> None:
    """Asked sincerely, in a game, with typing errors, in other people's letters."""
    route = ROUTES.read(text)

    assert route is not None
    assert (route.kind, route.language) == (kind, language)
    assert 0 <= route.start < route.end <= len(text)


@pytest.mark.parametrize("text", [text for table in (ORDINARY, IDIOMS, OTHER_NUMBERS) for _, text in spoken(table)])
def test_ordinary_talk_is_nobodys_business(text: str) -> None:
    """Sayings, other people's children, distances, robots in the house."""
    assert ROUTES.read(text) is None


@pytest.mark.parametrize("half", ["tune", "proof"])
def test_the_sets_are_read_as_labelled(half: str) -> None:
    """At least 95 % of what should be found, and not one false alarm."""
    found, wanted = 0, 0
    for line in (SETS / f"safety_{half}.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        if item["role"] != "fan":
            continue
        context = [
            Message(from_creator=turn["role"] == "assistant", content=turn["content"])
            for turn in item.get("context", ())
        ]
        route = ROUTES.read(item["text"], context)
        if item["violation"]:
            wanted += 1
            found += route is not None and route.kind == item["category"]
        else:
            assert route is None, item
    assert found >= 0.95 * wanted


def test_the_gravest_comes_first() -> None:
    """A child in danger is in danger first."""
    route = ROUTES.read("i'm 15, are you a bot? because i want to kill myself")

    assert route is not None
    assert route.kind == "crisis"


def test_the_place_is_where_the_words_stand_on_screen() -> None:
    """Also behind letters that fold to more or fewer."""
    text = "ﬀ… ok ＡＲＥ ＹＯＵ Ａ ＢＯＴ?"
    route = ROUTES.read(text)

    assert route is not None
    assert text[route.start : route.end] == "ＡＲＥ ＹＯＵ Ａ ＢＯＴ"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [("how old are you?", "15"), ("y cuántos años tienes?", "16 jaja"), ("wie alt bist du eigentlich?", "erst 14")],
)
def test_a_bare_number_is_an_age_when_the_age_was_asked(asked: str, answer: str) -> None:
    """And otherwise a number."""
    route = ROUTES.read(answer, [creator(asked)])

    assert route is not None
    assert route.kind == "minor"
    assert ROUTES.read(answer, [creator("how many mugs have you got?")]) is None
    assert ROUTES.read(answer) is None


def test_a_number_that_answers_another_question_is_no_age() -> None:
    """Even where the sentence alone would be one."""
    assert ROUTES.read("tengo 15", [creator("cuántas tazas tienes ya?")]) is None


@pytest.mark.parametrize(
    "text",
    [
        "born in {}",
        "I was born in {}",
        "i was born on 3 may {}",
        "i'm a {} baby",
        "nací en {}",
        "soy del {}",
        "je suis née en {}",
        "ich bin {} geboren",
        "jahrgang {}",
        "nasci em {}",
        "sono nata nel {}",
    ],
)
def test_a_year_of_birth_counts_when_it_leaves_no_doubt(text: str) -> None:
    """Who turns 18 this year may be of age already."""
    routes = Routes(year=2026)
    route = routes.read(text.format(2009))

    assert route is not None
    assert route.kind == "minor"
    assert routes.read(text.format(2008)) is None
    assert Routes(year=2027).read(text.format(2009)) is None


@pytest.mark.parametrize(
    "text",
    ["my son was born in 2012", "the shop was born in 2012", "i was born in 1980 and in 2012 i moved", "soy del sur"],
)
def test_other_years_are_nobodys_business(text: str) -> None:
    """A child's, a shop's, the year of a move."""
    assert Routes(year=2026).read(text) is None


def test_a_minor_stays_a_minor() -> None:
    """Taking it back proves nothing."""
    said = [fan("i'm 15"), creator("this chat ends here"), fan("just kidding i'm 28")]

    route = ROUTES.read("so how was your day?", said)

    assert route is not None
    assert route[:] == ("minor", "en", 0, 0)


SAID = st.sampled_from(["how old are you?", "15", "i'm 15", "16 jaja", "ok", "are you a bot?", "tengo 15"])
TALK = st.lists(st.builds(Message, from_creator=st.booleans(), content=SAID), max_size=8)


@given(st.lists(st.tuples(SAID, TALK, st.integers(0, 8)), max_size=6))
def test_what_was_read_before_changes_nothing(talks: list[tuple[str, list[Message], int]]) -> None:
    """A conversation that grows, goes back or is another one is read as if it were the first."""
    routes, context = Routes("Nela"), list[Message]()
    for text, more, kept in talks:
        context = context[:kept] + more
        assert routes.read(text, context) == plainly_read(text, context)


def plainly_read(text: str, context: list[Message]) -> Route | None:
    """As it was said, one turn after the other: the first message that shows an age decides."""
    routes, before, earlier = Routes("Nela"), "", None
    for from_creator, said in spoken_in_turn(context):
        if from_creator:
            before = said
        elif (route := routes.read(said, [creator(before)] if before else [])) and route.kind == "minor":
            earlier = earlier or Route("minor", route.language)
    route = routes.read(text, [creator(before)] if before else [])
    return route if earlier is None or (route and route.kind in {"crisis", "minor"}) else earlier


def test_a_long_conversation_is_read_once() -> None:
    """The next message costs a moment, however much was said before."""
    routes = Routes("Nela")
    said = [message for number in range(5_000) for message in (fan(f"{number} mugs"), creator(f"{number} plates"))]
    seconds = []
    for _ in range(3):
        started = time.process_time()
        assert routes.read("hello", said) is None
        seconds.append(time.process_time() - started)
        said += [fan("hello"), creator("hi")]

    assert max(seconds[1:]) < seconds[0] / 3


def test_an_age_the_creator_wrote_is_not_the_other_persons() -> None:
    """Only what the other person says counts."""
    assert ROUTES.read("haha nice", [creator("i'm 15 minutes from the sea and feel like i'm 15"), fan("lucky")]) is None


def test_a_question_by_name_is_about_the_voice() -> None:
    """The name is the voice's own, and not a pattern."""
    assert Routes("Zoë (real)").read("is this really zoe?") is not None
    assert Routes("").read("is this really zoe?") is None


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    """No text breaks it, and a place is a place in that text."""
    route = ROUTES.read(text)

    assert route is None or 0 <= route.start < route.end <= len(text)


@pytest.mark.parametrize("word", ["are you ", "i'm 1", "kill ", "a a ", "not not ", "so, ", "you or ", "!?", "1 "])
def test_no_text_takes_long(word: str) -> None:
    """A message as long as a message may be is read in a moment, whatever it repeats."""
    started = time.perf_counter()
    ROUTES.read(word * (20_000 // len(word)))

    assert time.perf_counter() - started < 5
