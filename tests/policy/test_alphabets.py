"""Single characters and the letters a reader takes them for."""

from __future__ import annotations

import pytest

from brain.policy.alphabets import is_invisible, look_alike, plain, upright


@pytest.mark.parametrize("char", "ᴀ🅰🅐🇦⒜àąÅ")
def test_a_styled_letter_is_the_letter_its_name_says(char: str) -> None:
    """Unicode's own names tell; no table by hand."""
    assert plain(char) == "a"


@pytest.mark.parametrize(("char", "letter"), [("а", "a"), ("ο", "o"), ("р", "p"), ("Н", "h"), ("ν", "v"), ("ѕ", "s")])
def test_a_letter_of_another_script_is_read_as_its_twin(char: str, letter: str) -> None:
    """By the published table of confusables."""
    assert look_alike(char) == letter


@pytest.mark.parametrize("char", ["a", "é", "7", "щ", "字", "😀"])
def test_what_looks_like_no_other_letter_stays(char: str) -> None:
    """Latin letters, digits, emoji and letters without a twin."""
    assert look_alike(char) is None


@pytest.mark.parametrize("char", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\ufe0f", "\u202e"])
def test_characters_without_ink_are_invisible(char: str) -> None:
    """The combining grapheme joiner among them, though it is no format character."""
    assert is_invisible(char)


def test_a_letter_on_its_head_is_turned_round() -> None:
    """Letter by letter; the order is for the caller."""
    assert [upright(char) for char in "ɐʇsu"] == ["a", "t", "s", "n"]
