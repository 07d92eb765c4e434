"""Explanations name what differs, with both numbers, and keep silent about what is chance."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import ADA, BERT, texts

from brain.style import FEATURES, style_features
from evals.explanations import explanations, in_words, outliers


def explained(group, own):
    return explanations(style_features(group), style_features(own))


def test_what_differs_is_said_with_both_numbers():
    """The largest difference first, medians for lengths, rates for the rest."""
    own = ["so that is that 🫖", "i did mend the kettle 🫖", "no", "well then ok 🫖"] * 15
    group = ["This is a much longer message, which goes on about the kettle for ever.", "And this one is long as well."]
    said = explained(group * 20, own)

    assert "no emoji where they use 0.8 a message" in said
    assert "too long: median 10 words, theirs 4" in said
    assert "ends in a full stop in all messages, theirs none" in said


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_not_explained(seed):
    """At most one false discovery in a report on the client's own later replies."""
    assert len(explained(texts(ADA, 50, seed=seed + 20), texts(ADA, 200))) <= 1


def test_a_tiny_difference_is_not_worth_a_word():
    """However sure it is."""
    rng = np.random.default_rng(0)
    own, group = (["word " * int(number) for number in rng.normal(mean, 10, 1_500).clip(1)] for mean in (40.0, 42.0))

    assert explained(group, own) == ()


def test_no_more_than_six_are_said_and_length_is_said_once():
    """The rest would not be read."""
    said = explained(texts(BERT, 50), texts(ADA, 50))

    assert 3 <= len(said) <= 6
    assert sum(why.startswith("too long") for why in said) == 1


@pytest.mark.parametrize(("group", "own"), [([], ["a"]), (["a"], []), ([], []), (["a"], ["a"]), (["a"], ["b"])])
def test_little_or_nothing_explains_nothing(group, own):
    """And raises no error."""
    assert explained(group, own) == ()


@pytest.mark.parametrize(
    ("name", "group", "own", "expected"),
    [
        ("words", [31, 31, 40], [14, 14, 20], "too long: median 31 words, theirs 14"),
        ("words", [3, 3, 1], [14, 14, 20], "too short: median 3 words, theirs 14"),
        ("lines", [1, 1, 4], [1, 1, 1], "too many lines: 2.0 lines on average, theirs 1.0"),
        ("emoji", [0, 0], [1, 0], "no emoji where they use 0.5 a message"),
        ("emoji", [1, 0], [0, 0], "emoji where they use none: 0.5 a message"),
        ("emoji", [2, 1], [1, 0], "too many emoji: 1.5 a message, theirs 0.5"),
        ("ends_stop", [1] * 9 + [0], [1] + [0] * 9, "ends in a full stop in 9 of 10 messages, theirs 1 of 10"),
        ("ends_stop", [1] * 10, [1] + [0] * 99, "ends in a full stop in all messages, theirs 1 of 100"),
        ("commas", [0.02, 0.04], [0.1, 0.1], "too few commas: 3.0 in 100 words, theirs 10"),
        ("capitals", [0.5], [0.25], "too many capitals: 50 in 100 letters, theirs 25"),
    ],
)
def test_a_difference_in_words(name, group, own, expected):
    """Sizes by median, or by mean where the medians agree; shares of ten; counts a message; rates in a hundred."""
    feature = next(feature for feature in FEATURES if feature.name == name)
    rows = np.array(group, float), np.array(own, float)

    assert in_words(feature, *rows, more=bool(rows[0].mean() > rows[1].mean())) == expected


def test_a_single_reply_has_notes_on_what_one_in_a_hundred_of_theirs_has():
    """And none on what is usual."""
    own = style_features(texts(ADA, 100))

    assert outliers(style_features(["😀😀😀 " + "word " * 80])[0], own) == [
        f"81 words, theirs {np.quantile(own[:, 0], 0.05):.0f} to {np.quantile(own[:, 0], 0.95):.0f} in 9 of 10",
        "emoji: 3, which they hardly ever have",
    ]
    assert outliers(style_features([texts(ADA, 1, seed=3)[0]])[0], own) == []


def test_too_few_replies_make_no_reply_an_outlier():
    """One in a hundred of ten means nothing."""
    assert outliers(style_features(["word " * 500])[0], style_features(texts(ADA, 19))) == []
