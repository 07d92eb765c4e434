"""Web addresses are judged by the host they are registered under."""

from __future__ import annotations

import pytest

from brain.policy.fold import fold
from brain.policy.hosts import addresses

HOSTS = {"x.com": 1, "t.me": 1, "instagram.com": 1}


def hosts_in(text: str) -> list[str]:
    return [found.host for found in addresses(fold(text), HOSTS)]


@pytest.mark.parametrize(
    "text",
    [
        "x.com/sunny", "https://x.com", "HTTPS://WWW.X.COM/a?b=c", "mobile.x.com/sunny", "x . com", "x (dot) com",
        "x[.]com", "x dot com slash sunny", "see x.com.", "ｘ．ｃｏｍ",
    ],
)  # fmt: skip
def test_a_listed_host_is_found_however_it_is_written(text: str) -> None:
    """With and without scheme, above and below it, with the dot spelled out."""
    assert hosts_in(text) == ["x.com"]


@pytest.mark.parametrize(
    "text",
    [
        "netflix.com",
        "fedex.com/track",
        "x.company",
        "x.com.evil.org",
        "love you x. come here",
        "don't. me too",
        "box.com",
    ],
)
def test_another_host_is_another_host(text: str) -> None:
    """The end of a longer name is not the name."""
    assert hosts_in(text) == []


def test_the_place_is_the_whole_address() -> None:
    """In the display text."""
    text = "so, t.me/sunny22 it is"
    (found,) = addresses(fold(text), HOSTS)

    assert text[found.start : found.end] == "t.me/sunny22"
