"""Names written the way they sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.policy.sounds import sound

if TYPE_CHECKING:
    from brain.policy.rules import Rules


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("diskord", "discord"), ("watzap", "whatsapp"), ("guatsapp", "whatsapp"), ("tictoc", "tiktok"),
        ("tuiter", "twitter"), ("yutube", "youtube"), ("insstagram", "instagram"),
    ],
)  # fmt: skip
def test_what_sounds_alike_has_one_key(heard: str, written: str) -> None:
    """However many letters it is written with."""
    assert sound(heard) == sound(written)


@pytest.mark.parametrize("word", ["discard", "interest", "tumbler", "telegraph", "reader"])
def test_what_sounds_different_has_another(word: str) -> None:
    """Vowels count, or every word would be a name."""
    keys = {sound(name) for name in ("discord", "pinterest", "tumblr", "telegram", "reddit")}

    assert sound(word) not in keys


@pytest.mark.parametrize(
    "text",
    [
        "mándame por watzap", "está en mi iutub", "vi no feicebuque", "wotsäpp geht nicht", "mein jutjub kanal",
        "add me on diskord", "sígueme en esnapchat",
    ],
)  # fmt: skip
def test_a_name_spelled_by_ear_is_blocked(text: str, rules: Rules) -> None:
    """In any of the languages."""
    verdict = rules.check(text)

    assert (verdict.allowed, verdict.category) == (False, "social_platforms")


@pytest.mark.parametrize(
    "text",
    ["the tweeter in my old speaker", "c'est une discorde entre voisins", "letterbox and parsnips", "a tick, tock"],
)
def test_an_ordinary_word_that_sounds_like_a_name_stays_ordinary(text: str, rules: Rules) -> None:
    """They are listed, after a look through the commonest words of six languages."""
    assert rules.check(text).allowed
