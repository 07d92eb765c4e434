"""Names in disguise, by a generator: every trick on many names in many sentences."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from evals.topics.obfuscation import TECHNIQUES, Technique

if TYPE_CHECKING:
    from brain.policy.rules import Rules

NAMES = (
    "instagram", "facebook", "whatsapp", "snapchat", "tiktok", "twitter", "youtube", "telegram", "discord", "reddit",
    "pinterest", "tumblr", "patreon", "fansly", "manyvids",
)  # fmt: skip
SENTENCES = ("add me on {} babe", "my {} is waiting for you", "so i opened {} again!", "{}?", "have you seen my {} 😉")


@pytest.mark.parametrize("technique", TECHNIQUES, ids=lambda technique: technique.name)
def test_a_disguise_seldom_works(technique: Technique, rules: Rules) -> None:
    """At least nine of ten are blocked, and the evidence is what stands in the text."""
    chance = random.Random(technique.name)
    missed = []
    tried = [sentence.format(technique.write(name, chance)) for name in NAMES for sentence in SENTENCES]
    for text in tried:
        verdict = rules.check(text)
        if verdict.allowed:
            missed.append(text)
        assert verdict.evidence == text[verdict.start : verdict.end]

    assert len(missed) <= len(tried) * (1 - technique.bar), missed


@pytest.mark.parametrize(
    "text",
    [
        "gr8 b4 u go, c u l8r m8", "i'm 21 and 5ft4", "100% of the t1me", "what a f***ing day", "yes!!! omg!!!",
        "a b c it's easy as 1 2 3", "soooo goooood", "a-m-a-z-i-n-g", "W O W", "that's pro-bono", "level 99 boss",
        "tomorrow everything is different", "was it a cat i saw", "T.G.I.F.", "1,000,000 kisses", "no1 like u",
    ],
)  # fmt: skip
def test_playful_spelling_is_no_disguise(text: str, rules: Rules) -> None:
    """People stretch, star and abbreviate without hiding anything."""
    assert rules.check(text).allowed


@pytest.mark.parametrize(
    "text",
    [
        "я люблю тебя, как дела?",
        "καλημέρα, τι κάνεις;",
        "今天天气真好",
        "오늘 날씨가 좋네요",
        "मुझे तुम पसंद हो",
        "أحبك كثيرا",
    ],
)
def test_other_scripts_are_no_disguise(text: str, rules: Rules) -> None:
    """Prose in any script is somebody's language."""
    assert rules.check(text).allowed
