"""A measurement on screen."""

from __future__ import annotations

import io

import pytest
from eval_samples import HOSTILE
from rich.console import Console
from topic_samples import an_example

from evals.topics.bars import bars_of
from evals.topics.corpora import Corpus
from evals.topics.evaluation import measure_ordinary
from evals.topics.findings import Examiner
from evals.topics.measure import measure_half
from evals.topics.results import DisguiseResult, Speed, TopicResult, share
from evals.topics.table import print_topics


@pytest.fixture
def result(rules):
    """Two halves with a miss and an alarm each, one weak disguise, and talk with one flag."""
    examiner = Examiner(rules)
    examples = [
        an_example("hit", "add me on instagram", violation=True),
        an_example("miss-1", f"[red]{HOSTILE} nothing to see", violation=True, technique="slang"),
        an_example("miss-2", "nor here", violation=True, technique="slang"),
        an_example("alarm", "instagram is a word", technique="lookalike"),
        an_example("meet", "what a lovely day", category="in_person"),
    ]
    tune, proof = (measure_half(half, examples, examiner)[0] for half in ("tune", "proof"))
    halves = (tune, proof.veil())
    weak = DisguiseResult(
        technique="leet", blocked=share(1, 2), noticed=share(1, 2), bar=0.9, misses=("add me on 1n5t4",)
    )
    ordinary = (measure_ordinary(Corpus("made up", ("hi", "my facebook"), {"lines": 2}), examiner),)
    speed = Speed(messages=10, p50=0.25, p95=0.5)
    return TopicResult(
        policy="1",
        judge="off",
        halves=halves,
        disguised_names=1,
        disguises=(weak,),
        ordinary=ordinary,
        speed=speed,
        bars=bars_of(halves, (weak,), ordinary, speed),
        notes=("3 messages about the weather left out",),
    )


@pytest.fixture
def printed(result):
    def show(worst=10):
        file = io.StringIO()
        print_topics(result, worst=worst, console=Console(file=file, width=80, highlight=False))
        return file.getvalue()

    return show


def test_it_fits_80_columns_and_says_what_was_measured(printed):
    """Figures with intervals, the weak disguise, the flagged talk, and the bars with marks."""
    text = printed()

    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    assert "names blocked, slang ≥ 97 % 0 % ✗ 0 % ✗" in words
    assert "all names 1/3 33 [6, 79] 33 1/3 33 [6, 79] 33" in words
    assert "leet 1/2 50 [9, 91] 90" in words
    assert "Not found: leet add me on 1n5t4" in words
    assert "Ordinary talk, made up: 2 messages" in words
    assert "my facebook" in words
    assert "10 labelled messages: p50 0.25 ms, p95 0.50 ms" in words
    assert "3 messages about the weather left out" in words


def test_it_answers_first_and_shows_mistakes_last(printed):
    """What is reached stands under the title, in one line and then bar by bar."""
    text = printed()

    assert text.splitlines()[2] == "4 of 8 bars reached"
    parts = ("bars reached", "Violations", "Harmless", "Languages", "disguises", "Ordinary talk", "Not blocked")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_three_halves_fit_too(result):
    """The third, which a set of one's own may be, goes below the first two."""
    given = result.halves[0].model_copy(update={"half": "given"})
    file = io.StringIO()

    three = result.model_copy(update={"halves": (*result.halves, given)})
    print_topics(three, worst=1, console=Console(file=file, width=80, highlight=False))

    text = file.getvalue()
    assert max(map(len, text.splitlines())) <= 80
    below = text[text.index("Violations") :]
    assert below.index("given") > below.index("proof")


def test_strong_disguises_take_one_line(result):
    """Only those below their bar are listed."""
    found = share(98, 100)
    strong = DisguiseResult(technique="bold", blocked=found, noticed=found, bar=0.9, misses=("a miss",))
    file = io.StringIO()

    print_topics(
        result.model_copy(update={"disguises": (strong,)}), worst=5, console=Console(file=file, highlight=False)
    )

    assert "All reach their bar; the least of them, bold: 98 [93, 99]." in file.getvalue()
    assert "a miss" not in file.getvalue()


def test_mistakes_have_an_id_and_a_reason(printed):
    """As many as are wanted, and how many there are."""
    words = " ".join(printed(worst=1).split())

    assert "Not blocked, half tune, 1 of 2 miss-1 · slang · nothing found" in words
    assert "alarm · lookalike · platform:instagram 0.99" in words
    assert "nor here" not in words


def test_no_mistakes_are_shown_when_none_are_wanted(printed):
    """Neither of labelled messages nor of talk."""
    text = printed(worst=0)

    assert "miss-1" not in text
    assert "my facebook" not in text


def test_the_proof_stays_one(printed):
    """Its messages are not shown; why not, is."""
    text = printed()

    assert text.count("miss-1") == 1
    assert "--half proof" in text


def test_a_message_cannot_speak_to_the_terminal(printed):
    """Escapes, markup and overrides are shown or dropped, never obeyed."""
    text = printed()

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text
