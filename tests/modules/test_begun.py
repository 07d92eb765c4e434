"""A stopped reply and what a model writes after it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.modules.begun import joined, whole_words


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("the sea was lo", "the sea was"),
        ("the sea was loud.", "the sea was loud."),
        ("the sea was loud, ", "the sea was loud,"),
        ("loud", "loud"),
        ("one line\nand anoth", "one line\nand"),
        ("waves 🌊", "waves 🌊"),
        ("ok 今天我去市场卖了", "ok 今天我去市场卖了"),
        ("ok วันนี้ฉัน", "ok วันนี้ฉัน"),
        ("오늘은 바다가 조용", "오늘은 바다가"),
        ("", ""),
    ],
)
def test_half_a_word_is_not_gone_on_from(text: str, whole: str) -> None:
    """A last word may have been cut in two; a sign ends what stands before it."""
    assert whole_words(text) == whole


@pytest.mark.parametrize(
    ("begun", "more", "whole"),
    [
        ("the sea was", "loud tonight", "the sea was loud tonight"),
        ("the sea was", "  loud", "the sea was loud"),
        ("the sea was", ", for once, quiet", "the sea was, for once, quiet"),
        ("the sea was", "The sea was loud", "the sea was loud"),
        ("i said the sea was", "the sea was loud", "i said the sea was loud"),
        ("one line\n", "and another", "one line\nand another"),
        ("the sea", "", "the sea"),
        ("今天我去", "市场了", "今天我去市场了"),
        ("我 said", "hello", "我 said hello"),
        ("", "the sea", "the sea"),
    ],
)
def test_what_is_said_again_is_said_once(begun: str, more: str, whole: str) -> None:
    """Models that cannot go on from the middle of a message tend to begin it anew."""
    assert joined(begun, more).lstrip() == whole


@given(st.text(), st.text())
def test_nothing_of_what_stands_is_lost(begun: str, more: str) -> None:
    """Whatever comes after it."""
    assert joined(begun, more).startswith(begun)
