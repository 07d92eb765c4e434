"""Emoji as a reader counts them: what looks like one picture is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.emoji import EMOJI


@pytest.mark.parametrize(
    "picture",
    ["😀", "❤️", "❤", "👍🏽", "👩‍🚀", "👨‍👩‍👧‍👦", "👩🏽‍❤️‍👨🏻", "🇩🇪", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "#⃣", "⌚", "✨", "⭐", "🫖", "🧑🏿‍🦽‍➡️"],
)
def test_one_picture_is_one_emoji(picture):
    """With its skin tone, and all that is joined to it."""
    assert EMOJI.findall(f"so {picture} it is") == [picture]
    assert EMOJI.fullmatch(picture)


@pytest.mark.parametrize(
    "text", ["", "so it is", "1 # 2 *", "a-b", "…", "“hi” – no", "ß é 한 あ", "→", "£5", "I'm ok :)"]
)
def test_what_is_typed_is_no_emoji(text):
    """Letters, digits, marks and emoticons."""
    assert EMOJI.findall(text) == []


def test_a_joiner_before_a_letter_joins_nothing():
    """Or the letter would go with the picture."""
    assert EMOJI.findall("❤\u200dlove, 🙂‍↔️") == ["❤", "🙂‍↔️"]


def test_pictures_in_a_row_are_counted_one_by_one():
    """Two flags are two, though nothing stands between them."""
    assert EMOJI.findall("🇩🇪🇫🇷😂😂❤️1️⃣") == ["🇩🇪", "🇫🇷", "😂", "😂", "❤️", "1️⃣"]


@given(st.lists(st.sampled_from(["😀", "❤️", "👍🏽", "👩‍🚀", "🇩🇪", "1️⃣", "a", "hi there", ". "])))
def test_taking_them_out_leaves_the_words(parts):
    """All of them go, and nothing else does."""
    words = "".join(part for part in parts if part in {"a", "hi there", ". "})

    assert EMOJI.sub("", "".join(parts)) == words
