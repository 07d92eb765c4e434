"""The tables of words: every language knows every sign, and its words are found as they are written."""

from __future__ import annotations

import pytest

from brain.policy.fold import fold
from brain.policy.meeting_points import AGAINST
from brain.policy.meeting_words import LANGUAGES, MeetingWords, points, table
from brain.policy.scenes import ACTS
from brain.policy.tokens import tokenise


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_signs(language: str) -> None:
    """A new language is a table, and a table with a hole in it is a mistake."""
    assert table(language).keys() == table("en").keys()
    assert all(table(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_written_as_it_is_read(language: str) -> None:
    """Folded, without apostrophes, every alternative a single word; else it could never be found."""
    for phrases in table(language).values():
        for phrase in phrases:
            words = [word.removesuffix("*") for part in phrase.split() for word in part.split("|")]
            assert all(word == "_" or (word == fold(word).text and word.isalnum()) for word in words), phrase


def test_every_sign_that_counts_has_its_points() -> None:
    """For a meeting or against it."""
    assert all(points()[sign] > 0 for sign in ACTS)
    assert all(points()[sign] < 0 for sign in AGAINST)


def test_a_phrase_is_found_with_its_alternatives_gaps_and_endings() -> None:
    """And one that breaks off before its end is not."""
    found = _kinds("come and meet me at my place, we'll grab coffees")

    assert {"meet", "home", "share", "me"} <= found
    assert "joint" in _kinds("just the two of us")
    assert "joint" not in _kinds("just the two of")


def test_a_text_is_read_in_the_language_of_its_small_words() -> None:
    """The German "die" or "war" in an English sentence is no German."""
    tokens = tokenise("the war was long and they all die in it")

    assert len(MeetingWords(LANGUAGES).signs(tokens)) == 1


def _kinds(text: str) -> set[str]:
    (signs,) = MeetingWords(["en"]).signs(tokenise(text))
    return {sign.kind for sign in signs}
