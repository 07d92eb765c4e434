"""What is said instead of a forbidden reply."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.models import Persona
from brain.policy.fallback import NO_REPEAT, fallback_line, pool_line, pools, sentences, without
from brain.policy.language import language_of

if TYPE_CHECKING:
    from brain.policy.rules import Rules

LINES = tuple(f"line {number}" for number in range(12))


@given(st.text(st.one_of(st.sampled_from("ab.!?… \n\"'😀)"), st.characters())))
def test_sentences_lose_nothing(text: str) -> None:
    """Joined they are the text."""
    assert "".join(sentences(text)) == text
    assert all(sentences(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("hi. how are you? good!", 3),
        ("wow!! 😍😍 that's so nice", 2),
        ("it costs 3.50 at example.com", 1),
        ("first line\nsecond line", 2),
        ("no stop at all", 1),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, parts: int) -> None:
    """Emoji stay with the sentence they close; numbers and addresses stay whole."""
    assert len(sentences(text)) == parts


def test_the_forbidden_sentence_is_dropped(rules: Rules) -> None:
    """And the rest stays as it was written."""
    text = "Good morning! ☀️ Add me on instagram. How did you sleep?"

    assert without(text, rules.check) == "Good morning! ☀️ How did you sleep?"


@pytest.mark.parametrize("text", ["add me on instagram", "Insta! Snapchat!", "add me on snap 😘 😘", ""])
def test_nothing_is_left_of_a_text_that_is_all_forbidden(text: str, rules: Rules) -> None:
    """Emoji alone are no reply."""
    assert without(text, rules.check) is None


def test_what_is_left_is_checked_as_a_whole(rules: Rules) -> None:
    """Two clean halves of a name are not clean together."""
    text = "my t e l e. instagram. g r a m?"

    left = without(text, rules.check)

    assert left is None or rules.check(left).allowed


def test_the_same_seed_gives_the_same_line() -> None:
    """On every machine and in every run."""
    assert pool_line(LINES, (), "talk-1:7") == pool_line(LINES, (), "talk-1:7")
    assert len({pool_line(LINES, (), str(seed)) for seed in range(200)}) == len(LINES)


@given(st.lists(st.text(max_size=5), min_size=20, max_size=30))
def test_no_line_comes_back_soon(seeds: list[str]) -> None:
    """Not among the last eight, so never twice in a row."""
    used: list[str] = []
    for seed in seeds:
        line = pool_line(LINES, used, seed)
        assert line not in used[-NO_REPEAT:]
        used.append(line)


@given(st.integers(2, 5), st.lists(st.text(max_size=3), min_size=10, max_size=15))
def test_a_small_pool_never_says_the_same_twice_in_a_row(size: int, seeds: list[str]) -> None:
    """As far as it reaches."""
    used: list[str] = []
    for seed in seeds:
        used.append(pool_line(LINES[:size], used, seed))

    assert all(one != other for one, other in pairwise(used))


def test_a_pool_of_one_line_still_answers() -> None:
    """There is nothing else to say."""
    assert pool_line(["only"], ["only"], "x") == "only"


@given(st.lists(st.sampled_from([*LINES, "how nice", "mm hm"]), min_size=1, max_size=60), st.text(max_size=3))
def test_other_messages_do_not_bring_a_line_back(used: list[str], seed: str) -> None:
    """However much was said since, the last eight lines that were fallen back on are not."""
    said = [text for text in used if text in LINES]

    assert pool_line(LINES, used, seed) not in list(dict.fromkeys(reversed(said)))[:NO_REPEAT]


def test_the_very_last_line_is_not_said_again_while_another_pool_has_one() -> None:
    """A pool of one line gives way; when nothing else is left, it answers."""
    assert fallback_line([["only"], ["other"]], (), "x") == "only"
    assert fallback_line([["only"], ["other"]], ["only", "how nice"], "x") == "other"
    assert fallback_line([["only"], []], ["only"], "x") == "only"
    with pytest.raises(ValueError, match="no line"):
        fallback_line([[], ()], (), "x")


def test_the_voice_falls_back_in_the_language_of_the_talk(rules: Rules) -> None:
    """Its own lines first where it writes that language, neutral ones where it does not."""
    policy = rules.policy
    persona = Persona(name="Ada", id="ada", languages=("en", "de"), fallbacks={"general": LINES})

    assert pools(persona, policy, "in_person", "de")[:2] == (LINES, policy.fallbacks_in["de"]["in_person"])
    assert pools(persona, policy, "in_person", "es")[:2] == (policy.fallbacks_in["es"]["in_person"], LINES)
    assert pools(persona, policy, "in_person", "en")[:2] == (LINES, policy.fallbacks["in_person"])
    assert pools(persona, policy, None, "fr")[0] == policy.fallbacks_in["fr"]["general"]
    assert all(pools(persona, policy, "contact_exchange", "it"))


def test_every_neutral_line_is_clean_and_in_its_language(rules: Rules) -> None:
    """They name nothing, and there are enough not to repeat one soon."""
    for language, written in rules.policy.fallbacks_in.items():
        for category in ("general", "social_platforms", "in_person"):
            assert len(set(written[category])) > NO_REPEAT
            for line in written[category]:
                verdict = rules.check(line)
                assert (verdict.allowed, verdict.unsure) == (True, False), line
            assert language_of(" ".join(written[category])) == language
