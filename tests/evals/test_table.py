"""An evaluation on screen."""

from __future__ import annotations

import io

import pytest
from eval_samples import HOSTILE, a_result, a_score, an_answer
from rich.console import Console

from evals.table import print_result


@pytest.fixture
def printed():
    def show(result, width=80):
        file = io.StringIO()
        print_result(result, Console(file=file, width=width, highlight=False))
        return file.getvalue()

    return show


def test_it_fits_80_columns_and_says_better_only_when_it_is(printed):
    """Nothing is cut off, and the ceiling is not called worse or better."""
    text = printed(a_result())

    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    lines = text.splitlines()
    assert [line.split()[-1] for line in lines if line.startswith("zero demos") and "+" in line] == ["better"]
    assert any(line.startswith("nearest reply") and "no clear difference" in line for line in lines)
    assert sum(line.startswith("real reply") for line in lines) == 2


def test_a_long_name_takes_a_second_line(printed):
    """The figures stay whole."""
    result = a_result(scores=(a_score("ours", "a-client-with-a-long-name@123", -1.25), a_score("real", "real reply")))

    text = printed(result)

    assert max(map(len, text.splitlines())) <= 80
    assert text.count("-1.25 [-1.45, -1.05]") == 1
    assert text.count("-1.25 [-1.35, -1.15]") == 1


def test_the_worst_replies_have_reasons(printed):
    """The message, the reply, the real one and why."""
    text = printed(a_result())

    first = text[text.index("1.") : text.index("2.")]
    for said in ("how was the market?", "it went well", "sold out by noon", "fit rank 0.20"):
        assert said in first
    assert "too long: median 31 words, theirs 14" in text


def test_a_refusal_is_told_and_the_rest_is_shown(printed):
    """No headline, no comparison; costs and replies all the same."""
    scores = (a_score("ours", "ada@1", None), a_score("real", "real reply", None))

    text = printed(a_result(refused="preliminary: 8 examples can only show gross mismatches", scores=scores))

    assert "No headline: preliminary" in text
    assert "ahead by" not in text
    assert "distinct" in text


def test_another_version_is_compared_in_a_sentence(printed):
    """For `--against`."""
    result = a_result()
    against = result.scores[1].model_copy(update={"system": "against", "name": "ada@2"})

    text = printed(result.model_copy(update={"scores": (result.scores[0], against)}))

    assert "ada@1 is better than ada@2: +0.40 [+0.20, +0.60]." in " ".join(text.split())


def test_a_reply_cannot_speak_to_the_terminal(printed):
    """Escapes, markup and overrides in a reply are shown or dropped, never obeyed."""
    result = a_result()
    hostile = result.prompts[0].model_copy(update={"answers": (an_answer("ours", f"[red]{HOSTILE}", fit=0.1),)})

    text = printed(result.model_copy(update={"prompts": (hostile,)}))

    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text
