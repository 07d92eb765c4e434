"""The other forms of letters come from Unicode, and are complete."""

from __future__ import annotations

import unicodedata
from string import ascii_lowercase

import pytest

from evals.topics.letterforms import INVISIBLE, STYLES, ZERO_WIDTH, accented, look_alikes, styled, upside_down


@pytest.mark.parametrize("style", STYLES)
def test_a_styled_alphabet_is_whole_and_of_its_own(style):
    """Every letter has its own form; only small capitals lack one, for x has none."""
    alphabet = styled(style)

    assert set(ascii_lowercase) - set(alphabet) <= {"x"}
    assert len(set(alphabet.values())) == len(alphabet)
    assert not any(char.isascii() for char in alphabet.values())


def test_look_alikes_are_of_the_script_asked_for():
    """Small letters and capitals each have their own."""
    for script in ("CYRILLIC", "GREEK"):
        for capitals in (False, True):
            found = look_alikes(script, capitals=capitals)
            assert len(found) >= 10
            assert all(unicodedata.name(char).startswith(script) for chars in found.values() for char in chars)
    assert "а" in look_alikes("CYRILLIC")["a"]
    assert "Τ" in look_alikes("GREEK", capitals=True)["t"]


def test_any_look_alike_is_one_character_and_not_ascii():
    """The table has one for every letter but m, which it takes for r and n."""
    found = look_alikes()

    assert set(found) == set(ascii_lowercase) - {"m"}
    assert all(len(char) == 1 and not char.isascii() for chars in found.values() for char in chars)


def test_what_is_invisible_has_no_ink():
    """Formats, marks without ink and fillers, none of them unassigned; the zero-width ones are among them."""
    assert {unicodedata.category(char) for char in INVISIBLE} <= {"Cf", "Mn", "Lo"}
    assert set(ZERO_WIDTH) <= set(INVISIBLE)
    assert "\u202e" not in INVISIBLE, "it would turn the text around"


def test_accented_letters_are_the_letter_with_one_mark():
    """One character each."""
    for letter, forms in accented().items():
        assert all(unicodedata.normalize("NFD", form)[0] == letter for form in forms)


def test_upside_down_twice_is_upright_for_those_that_pair():
    """The rest are turned letters by their Unicode names."""
    table = upside_down()

    assert [table[table[letter]] for letter in "bdnpqu"] == list("bdnpqu")
    assert all(len(char) == 1 for char in table.values())
