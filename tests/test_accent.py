"""The accent of a model: which little words it is talked out of, and how the engine hears of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from brain.accent import learn_accent, token_bias

CLIENT = ["the kiln is on, and it will be hot", "it is late, and the tea is cold"] * 20
MODEL = ["You're great! I'm sure you will love it!", "That's great! you know it's great"] * 20


def test_what_the_model_overdoes_is_held_back_and_what_it_lacks_is_helped():
    """Marks and contractions are words too."""
    accent = learn_accent(CLIENT, MODEL)

    assert all(accent[word] < -1 for word in ("great", "'re", "!", "you"))
    assert all(accent[word] > 0.5 for word in ("the", "and", ","))
    assert min(accent.values()) >= -3.0
    assert max(accent.values()) <= 1.5


def test_words_that_carry_a_subject_are_left_alone():
    """A model that never heard of kilns is not made to speak of them."""
    assert not {"kiln", "tea", "hot"} & learn_accent(CLIENT, MODEL).keys()


def test_two_hands_that_write_alike_have_no_accent():
    """Nothing to hold back."""
    assert learn_accent(CLIENT, CLIENT) == {}
    assert learn_accent([], MODEL) == learn_accent(CLIENT, []) == {}


def test_a_bias_reaches_a_word_after_a_space_and_at_the_start_in_both_cases():
    """Half of the accent, for every way a word may stand: a token carries its space, a sentence its capital."""
    assert token_bias({"you": -1.0}) == dict.fromkeys((" you", "you", " You", "You"), -0.5)
    assert token_bias({"'re": -2.0, "!": 0.5}) == {"'re": -1.0, "’re": -1.0, "!": 0.25}


@given(st.lists(st.text()), st.lists(st.text()))
def test_any_texts_give_an_accent_within_bounds(own, drafts):
    """Whatever was written, in whatever script."""
    assert all(-3.0 <= bias <= 1.5 for bias in learn_accent(own, drafts).values())
