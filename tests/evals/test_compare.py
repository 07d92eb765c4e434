"""The words better and worse."""

from __future__ import annotations

import pytest
from eval_samples import a_result, a_score

from evals.compare import merit, sentence, word, worst
from evals.results import Gap


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.1, 0.3, "better"), (-0.3, -0.1, "worse"), (-0.1, 0.3, "level"), (0.0, 0.3, "level")]
)
def test_better_is_said_only_when_zero_is_excluded(low, high, said):
    """A difference that may be nothing is called level, whatever its mean."""
    assert word(Gap(value=0.2, low=low, high=high)) == said


def test_a_sentence_has_the_numbers_in_it():
    """And nothing is said of a system that was not run, or has no headline."""
    result = a_result()

    assert sentence(result, "zero") == "ada@1 is better than zero demos: +0.40 [+0.20, +0.60]."
    assert "cannot be told apart" in sentence(result, "nearest")
    assert sentence(result, "against") == ""
    assert sentence(a_result(scores=(a_score("ours", "ada@1"), a_score("zero", "zero demos"))), "zero") == ""


def test_the_worst_replies_come_first():
    """A reply that suits its message less; nothing said at all is worst."""
    result = a_result()

    assert [shown.given.answer.reply for shown in worst(result, 2)] == ["it went well", "asleep again"]
    assert worst(result, 1, "zero")[0].given.answer.reply == ""
    assert merit(worst(result, 1, "zero")[0].given) == -1.0
