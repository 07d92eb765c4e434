"""Messages that were judged wrongly, on screen."""

from __future__ import annotations

import io

from rich.console import Console

from evals.topics.examples import Said
from evals.topics.mistakes import print_missed_disguises, print_mistakes
from evals.topics.results import DisguiseResult, Shown, share


def a_mistake(text="oh that", **changed):
    return Shown(text=text, rule=None, confidence=1.0, evidence="", noticed=False, **changed)


def printed(show, *arguments):
    file = io.StringIO()
    show(Console(file=file, width=80, highlight=False), *arguments)
    return file.getvalue().splitlines()


def test_a_mistake_is_shown_with_the_turn_before_it():
    """A yes says little by itself."""
    context = (Said(role="user", content="what about it?"), Said(role="assistant", content="what about what?"))

    lines = printed(print_mistakes, "Not blocked", [a_mistake(id="7", technique="place_time", context=context)], 1)

    assert lines == [
        "",
        "Not blocked",
        "  7 · place time · nothing found",
        "    after: what about what?",
        "    oh that",
    ]


def test_many_mistakes_are_counted_and_few_are_shown():
    """A long one is cut, and one of two lines takes one."""
    lines = printed(print_mistakes, "Not blocked", [a_mistake("one\ntwo"), a_mistake("x" * 300), a_mistake()], 2)

    assert lines[1] == "Not blocked, 2 of 3"
    assert lines[3] == "    one / two"
    assert "".join(line.strip() for line in lines[5:]) == f"{'x' * 199}…"


def test_a_few_missed_disguises_are_shown_of_each_technique():
    """Whatever the number asked for; none when none is."""
    found = share(0, 9)
    weak = DisguiseResult(technique="leet", blocked=found, noticed=found, bar=0.9, misses=tuple("abcdefghi"))

    assert printed(print_missed_disguises, [weak], 10) == ["", "Not found: leet", "    a", "    b", "    c"]
    assert printed(print_missed_disguises, [weak], 0) == []
