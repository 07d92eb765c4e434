"""What is shown of a reply while it is being written."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.modules.release import REACH, Release, capped
from brain.sanitise import display

if TYPE_CHECKING:
    from brain.policy.rules import Rules

CLEAN = (
    "the kiln is warm and the cat is asleep on the glaze notes. ",
    "i had toast, then more toast! 🐈 ",
    "what did you do today? ",
    "it rained all night\n",
    "no idea… really. ",
    "ok. ",
    "a long thought about clay, water and what becomes of both when you leave them alone for a week",
)
FORBIDDEN = (
    "add me on instagram. ",
    "i. n. s. t. a. ",
    "my t e l e. g r a m? ",
    "let's meet for coffee tonight at my place! ",
    "come over… my address is 12 harbour street. ",
    "find me on snap\nchat. ",
    "write me at ada@example.com. ",
)
PIECES = st.lists(st.sampled_from(CLEAN + FORBIDDEN), max_size=8).map("".join)


def cut(text: str, places: list[int]) -> list[str]:
    at = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[start:end] for start, end in pairwise(at)]


def told(rules: Rules, chunks: list[str]) -> tuple[Release, list[str]]:
    """Everything that ever stood on the screen, in order."""
    release = Release(rules.check)
    screens = [""]
    for chunk in chunks:
        screens += [screens[-1]] if not (new := release.feed(chunk)) else []
        for sentence in new:
            screens.append(screens[-1] + sentence)
    return release, [*screens, screens[-1] + release.finish()]


@settings(max_examples=300)
@given(PIECES, st.lists(st.integers(0, 2000), max_size=30))
def test_nothing_shown_is_ever_unclean(rules: Rules, text: str, places: list[int]) -> None:
    """However the reply comes, whatever stands on the screen is clean, and no forbidden expression ends in mid-air."""
    release, screens = told(rules, cut(text, places))
    whole = display(text).strip()
    verdict = rules.check(whole)

    assert screens[-1] == release.shown
    for screen in screens:
        assert whole.startswith(screen)
        assert rules.check(screen.rstrip()).allowed
        assert verdict.allowed or not verdict.start < len(screen) < verdict.end
    assert release.blocked == (not verdict.allowed)
    if verdict.allowed:
        assert screens[-1] == whole


@given(st.lists(st.sampled_from(CLEAN), max_size=8).map("".join), st.lists(st.integers(0, 2000), max_size=30))
def test_only_whole_sentences_are_shown(rules: Rules, text: str, places: list[int]) -> None:
    """Until the reply is complete."""
    _, screens = told(rules, cut(text, places))

    for screen in screens[:-1]:
        assert not screen.strip() or screen.rstrip(" \n🐈")[-1] in ".!?…" or screen.endswith("\n")


@given(st.text(), st.lists(st.integers(0, 200), max_size=8))
def test_any_text_comes_out_as_it_may_be_shown(rules: Rules, text: str, places: list[int]) -> None:
    """Cut anywhere, in the middle of an emoji or an escape too."""
    release, screens = told(rules, cut(text, places))

    assert release.blocked or screens[-1] == display(text).strip()


def test_a_long_reply_starts_before_it_is_complete(rules: Rules) -> None:
    """As soon as enough stands behind its first sentence."""
    release = Release(rules.check)
    first, rest = "morning, the kiln is warm. ", "and then i thought about handles for an hour. " * 2

    assert release.feed(first) == []
    assert release.feed(rest[: REACH - 1]) == []
    assert release.feed(rest[REACH - 1 :]) == [first]
    assert release.finish() == rest.strip()


def test_a_reply_that_goes_wrong_stays_where_it_was(rules: Rules) -> None:
    """What was shown is clean and is not taken back; nothing follows it."""
    release = Release(rules.check)
    harmless = "the kiln is warm and the cat is asleep on the glaze notes. "
    shown = release.feed(harmless * 3)

    assert shown
    assert release.feed("add me on instagram, love. ") == []
    assert release.feed(harmless * 3) == []
    assert release.finish() == ""
    assert (release.blocked, release.shown) == (True, "".join(shown))


@pytest.mark.parametrize(
    ("text", "most", "kept"),
    [
        ("one. two. three.", 60, "one. two. three."),
        ("one. two. three.", 12, "one. two."),
        ("one. two. three.", 9, "one. two."),
        ("one and two and three", 12, "one and two"),
        ("x" * 20, 12, "x" * 12),
    ],
)
def test_too_long_a_reply_ends_with_a_whole_sentence(text: str, most: int, kept: str) -> None:
    """A single sentence ends with a whole word."""
    assert capped(text, most) == kept


@given(st.text(), st.integers(40, 100))
def test_a_capped_text_is_short_and_begins_as_it_did(text: str, most: int) -> None:
    """Whatever it is."""
    clean = display(text).strip()
    kept = capped(clean, most)

    assert len(kept) <= most
    assert clean == kept or clean[: len(kept) - 2].startswith(kept[:-2])
