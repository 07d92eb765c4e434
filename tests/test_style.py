"""The numbers of a reply: each counts what its name says, and no text is too odd."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.style import FEATURES, style_features, tamed

NAMES = [feature.name for feature in FEATURES]


def value(text, name):
    return style_features([text])[0, NAMES.index(name)]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("two words", "words", 2),
        ("two words", "characters", 9),
        ("one\n\ntwo\nthree", "lines", 3),
        ("One. Two! three", "sentences", 3),
        ("no end", "sentences", 1),
        ("oh", "starts_small", 1),
        ("Oh", "starts_small", 0),
        ("...oh", "starts_small", 1),
        ("hm, ok", "all_small", 1),
        ("hm, OK", "all_small", 0),
        ("so i went", "small_i", 1),
        ("so I went, i.e. home", "small_i", 0),
        ("done.", "ends_stop", 1),
        ("done. 😀", "ends_stop", 1),
        ("done...", "ends_stop", 0),
        ("done...", "ends_ellipsis", 1),
        ("done…", "ends_ellipsis", 1),
        ("really?", "ends_question", 1),
        ("really!", "ends_exclaim", 1),
        ("tea 🫖", "ends_emoji", 1),
        ("tea :)", "ends_emoji", 1),
        ("tea", "ends_bare", 1),
        ("tea.", "ends_bare", 0),
        ("no!! way!", "exclaims", 3),
        ("👩‍👩‍👧 and 🇳🇿", "emoji", 2),
        ("ha :D ok :-)", "emoticons", 2),
        ("see https://example.org now", "links", 1),
        ("sooo goood nooooo", "stretched", 3),
        ("what?! no!!", "repeated_marks", 2),
        ("that is SO VERY BIG", "shouts", 2),
        ("lol idk btw", "abbreviations", 3),
        ("dont, im", "bare_contractions", 2),
        ("don't, I'm", "bare_contractions", 0),
        ("wait  what", "wide_spaces", 1),
        ("no. why. Yes", "small_starts", 1),
        ("@ada hello", "mentions", 1),
        ("haha yes", "laughter", 1),
        ("thanks!", "thanks", 1),
        ("I think, maybe", "commas", 1 / 7),
        ("I think, maybe", "hedges", 2 / 7),
        ("AbcD", "capitals", 0.5),
    ],
)
def test_a_feature_counts_what_its_name_says(text, name, expected):
    """A rate has four words added, so that a message of one word has no rate of 1."""
    assert value(text, name) == pytest.approx(expected)


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_has_finite_numbers(text):
    """Half of a surrogate pair, control characters and right-to-left text among them."""
    row = style_features([text])[0]

    assert row.shape == (len(FEATURES),)
    assert np.isfinite(row).all()
    assert (row >= 0).all()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_said_has_no_words_and_no_habit(text):
    """Spaces are characters all the same."""
    row = dict(zip(NAMES, style_features([text])[0], strict=True))

    assert {name for name, number in row.items() if number} <= {"characters"}


def test_no_replies_are_no_rows():
    """The columns stay."""
    assert style_features([]).shape == (0, len(FEATURES))


def test_another_script_is_no_error_and_its_marks_count():
    """A full stop of Japanese is a full stop; it has no case."""
    assert value("今日は市場へ行きました。", "ends_stop") == 1
    assert value("今日は市場へ行きました。", "starts_small") == 0


def test_a_feature_can_be_said_in_words():
    """The explanations are made of these."""
    assert len(set(NAMES)) == len(FEATURES)
    assert all(feature.noun and feature.more and feature.less and feature.spread > 0 for feature in FEATURES)


def test_a_huge_reply_is_tamed():
    """Sizes and counts on a logarithmic scale, shares as they are."""
    rows = tamed(style_features(["Word " * 1_000]))[0]

    assert rows[NAMES.index("words")] == pytest.approx(np.log(1_001))
    assert rows[NAMES.index("ends_bare")] == 1
