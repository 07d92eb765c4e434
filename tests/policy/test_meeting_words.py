"""The file of signs: every pattern in it compiles, in every language."""

from __future__ import annotations

import pytest

from brain.policy.meeting_words import LANGUAGES, pattern_of, points
from brain.policy.meetings import ACTS, AGAINST, FOR


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sign", [*ACTS[:3], *FOR, *AGAINST, "harmless", "agreed", "assent", "ask"])
def test_every_language_has_every_sign(language: str, sign: str) -> None:
    """And no part is left unfilled."""
    pattern = pattern_of(language, sign)

    assert pattern is not None
    assert "<" not in pattern.pattern.replace("(?<", "")


def test_every_sign_has_its_points() -> None:
    """For a meeting or against it."""
    found = points()

    assert all(found[sign] > 0 for sign in (*ACTS, *FOR))
    assert all(found[sign] < 0 for sign in AGAINST)
