"""The views in which a disguised word shows itself."""

from __future__ import annotations

import pytest

from brain.policy.disguises import decoded, masked, mirrored, reading, rotated, sign_words, spelled_out, unstretched
from brain.policy.fold import fold


@pytest.mark.parametrize("typed", ["t1kt0k", "+ik+ok", "t!kt0k", "7ik7ok", "tlktok"])
def test_all_spellings_of_a_word_read_the_same(typed: str) -> None:
    """Signs and look-alike letters come down to one letter of their class."""
    assert reading(typed) == reading("tiktok")


def test_only_words_that_mix_letters_and_signs_are_read_by_sign() -> None:
    """Numbers and plain words are left alone; a closing sign is tried both ways."""
    forms = [form for form, _, _ in sign_words("i have 1234 plain words and sn4p!")]

    assert set(forms) == {"sn4p!", "sn4p"}


def test_letters_set_apart_are_squeezed_with_their_places() -> None:
    """Three single letters or more."""
    text = "my i.n.s.t.a, or a b so"
    (run,) = spelled_out(fold(text))

    assert run.text == "insta"
    assert text[slice(*run.span(0, 5))] == "i.n.s.t.a"


def test_a_starred_word_fits_what_it_hides() -> None:
    """Not when most of it is gone, and not when the stars stand around it."""
    pattern = masked("inst*gram")

    assert pattern is not None
    assert pattern.fullmatch("instagram")
    assert masked("i*****m") is None
    assert masked("*great*") is None


def test_mirrors_codes_and_stretching_are_undone() -> None:
    """Each is its own view."""
    assert mirrored("kotkit") == "tiktok"
    assert rotated("gvxgbx") == "tiktok"
    assert unstretched("tiiiktoook") == "tiktok"


def test_long_words_in_base64_are_opened() -> None:
    """Ordinary long words are not mistaken for code."""
    assert [inside for inside, _, _ in decoded("look dGVsZWdyYW0= tomorrow Everything")] == ["telegram"]
