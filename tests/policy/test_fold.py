"""The match copy: what a reader sees, with the way back to the display text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.policy.fold import fold, read_other_scripts

# Any character at all, and the ones that hide names more often than chance would.
TRICKY = st.sampled_from(
    "aeinst éßβϐİıﬁ\u200b\u200d\ufe0f\u034f\u0301\u0488аеіο🅰🇮🇳ᴛ⒜ｶﾞ\u3099가각\u1100\u1161\u11a8😀👨‍👩‍👧'’.,!\n"
    "ſΣςΐǄﷺ㍿א\u0327\u0336\u0345\u0915\u094d\u0e01\u1820\u202e\u2066\U000e0067\U000e0101\ud83d\ude00\x1b\x9b\u2028"
)
ANY_TEXT = st.text(st.one_of(TRICKY, st.characters()))


@given(ANY_TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    """Any Unicode string, lone surrogates included."""
    once = fold(text).text

    assert fold(once).text == once


@given(ANY_TEXT)
def test_every_folded_character_knows_its_place(text: str) -> None:
    """One offset a character and a closing one, inside the display text, never going back."""
    folded = fold(text)

    assert len(folded.offsets) == len(folded.text) + 1
    assert folded.offsets[-1] == len(text)
    assert all(0 <= offset < len(text) for offset in folded.offsets[:-1])
    assert all(before <= after for before, after in pairwise(folded.offsets))


def test_every_letter_keeps_its_place_beside_latin_ones() -> None:
    """Look-alikes of each alphabet, beta with its sharp-s twin among them: one character for one."""
    for code in range(0x250, 0x10000):
        text = f"a{chr(code)}b"
        folded = fold(text)
        assert len(folded.offsets) == len(folded.text) + 1, ascii(text)
        assert folded.text[-1] == "b", ascii(text)
        assert folded.offsets[-2] == 2, ascii(text)


@given(ANY_TEXT, st.data())
def test_every_span_leads_back_to_a_piece_of_the_display_text(text: str, data: st.DataObject) -> None:
    """Never empty, never outside."""
    folded = fold(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))

    first, last = folded.span(start, end)

    assert 0 <= first < last <= len(text)


@given(ANY_TEXT)
def test_a_view_through_other_scripts_keeps_the_places(text: str) -> None:
    """Whatever it reads stands somewhere in the text."""
    for other in read_other_scripts(text, fold(text)):
        assert len(other.offsets) == len(other.text) + 1
        assert list(other.offsets) == sorted(other.offsets)
        assert other.offsets[-1] == len(text)


def test_greek_capitals_are_read_as_they_are_drawn() -> None:
    """An eta is drawn like an h as a capital, and like an n as a small letter."""
    text = "ΗΙ"

    assert "hi" in {other.text for other in read_other_scripts(text, fold(text))}


@pytest.mark.parametrize(
    "text",
    [
        "INSTA",
        "ｉｎｓｔａ",
        "ⓘⓝⓢⓣⓐ",
        "𝓲𝓷𝓼𝓽𝓪",
        "🄸🄽🅂🅃🄰",
        "🅸🅽🆂🆃🅰",
        "🇮🇳🇸🇹🇦",
        "ɪɴꜱᴛᴀ",
        "⒤⒩⒮⒯⒜",
        "ínstâ",
        "i̸n̷s̶t̴a̵",
        "i\u200bn\u034fs\u00adta",
        "іnstа",
    ],
)
def test_one_word_in_many_dresses_is_one_word(text: str) -> None:
    """Wide, circled, script, squared, small capitals, marks, hidden characters, another script's letters."""
    assert fold(text).text == "insta"


@pytest.mark.parametrize("text", ["привет, как дела?", "καλημέρα σου", "नमस्ते", "안녕하세요", "こんにちは"])
def test_a_word_of_another_script_is_not_read_as_latin(text: str) -> None:
    """Only words that mix scripts are; the rest is somebody's language."""
    assert not fold(text).text.isascii()
    assert len(fold(text).text.split()) == len(text.split())


def test_the_span_covers_what_was_hidden_inside() -> None:
    """So that the evidence is what stands on the screen."""
    text = "my i\u200bg here"
    folded = fold(text)
    start = folded.text.index("ig")

    assert text[slice(*folded.span(start, start + 2))] == "i\u200bg"


@pytest.mark.parametrize("before", ["a", "<", "é", "5", "😀"])
def test_a_lone_korean_letter_is_not_taken_for_an_accent(before: str) -> None:
    """It is drawn beside what is not Korean, so a reader reads it; between Korean letters it completes a syllable."""
    assert fold(f"{before}\u11a8").text.endswith("\u11a8")
    assert fold("\u1100\u1161\u11a8").text == fold("각").text
