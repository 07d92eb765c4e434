"""Tables of patterns: parts are filled in, words are whole, and blots keep every place where it was."""

from __future__ import annotations

import re

import pytest

from brain.policy.patterns import Patterns


@pytest.fixture
def honesty() -> Patterns:
    return Patterns("brain.policy", "honesty.toml")


def test_every_language_has_every_sign(honesty: Patterns) -> None:
    """And no part is left unfilled."""
    assert honesty.languages == ("en", "es", "fr", "de", "pt", "it")
    for language in honesty.languages:
        for sign in ("admits", "harmless", "denies", "answers"):
            pattern = honesty.of(language, sign)
            assert pattern is not None
            assert not re.search(r"<[a-z]+>", pattern.pattern)


def test_a_sign_nobody_lists_is_never_shown(honesty: Patterns) -> None:
    """No pattern, no place, and nothing blotted."""
    assert honesty.of("en", "weather") is None
    assert honesty.find("en", "weather", "rain") is None
    assert honesty.blot("en", "weather", "rain") == "rain"


def test_a_blot_keeps_the_length(honesty: Patterns) -> None:
    """So that a place in the blotted text is the place in the text."""
    text = "well, we're all only human after all"

    blotted = honesty.blot("en", "harmless", text)

    assert len(blotted) == len(text)
    assert "human" not in blotted


def test_a_pattern_begins_and_ends_with_a_word(honesty: Patterns) -> None:
    """Nothing is found in the middle of one."""
    assert honesty.find("en", "denies", "i'm not a bot") == (0, 13)
    assert honesty.find("en", "denies", "i'm not a bottle") is None


def test_a_piece_of_the_callers_is_taken_literally() -> None:
    """The name of a voice is no pattern."""
    patterns = Patterns("brain.safety", "ai_questions.toml", me=re.escape("a+b"))

    assert patterns.find("en", "sure", "is this really a+b") is not None
    assert patterns.find("en", "sure", "is this really aab") is None
