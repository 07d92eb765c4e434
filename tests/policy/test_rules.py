"""The rules as others call them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.models import Message, Verdict
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

RULES = Rules(load_policy())


def test_a_clean_text_gets_the_plain_verdict(rules: Rules) -> None:
    """Nothing to explain."""
    assert rules.check("good morning! how did you sleep?") == Verdict(allowed=True)


def test_a_block_says_which_rule_and_why(rules: Rules) -> None:
    """Category, layer, rule, evidence and its place."""
    text = "so… add me on Ｉnstagram 😘"
    verdict = rules.check(text)

    assert verdict.model_dump(include={"allowed", "unsure", "category", "layer", "rule", "evidence"}) == {
        "allowed": False,
        "unsure": False,
        "category": "social_platforms",
        "layer": "names",
        "rule": "platform:instagram",
        "evidence": "Ｉnstagram",
    }
    assert text[verdict.start : verdict.end] == verdict.evidence
    assert verdict.confidence > 0.9


def test_the_gravest_finding_is_the_verdict(rules: Rules) -> None:
    """A sure name goes before a doubtful pointer."""
    assert rules.check("link in my bio, or just instagram").rule == "platform:instagram"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("do you have instagram?", "social_platforms"),
        ("i saw your patreon", "fan_platforms"),
        ("can i take you out for dinner?", "in_person"),
        ("where do you live?", "in_person"),
        ("are you ever in berlin? i'd love to see you", "in_person"),
        ("is there another app where we can talk?", "social_platforms"),
    ],
)
def test_what_the_other_person_raises_is_noted_and_never_blocked(text: str, category: str, rules: Rules) -> None:
    """The caller learns the topic."""
    verdict = rules.check_fan(text)

    assert (verdict.allowed, verdict.unsure, verdict.category) == (True, True, category)


@pytest.mark.parametrize("text", ["good morning", "i love your videos", "nice to meet you", "how was your day?"])
def test_small_talk_of_the_other_person_raises_nothing(text: str, rules: Rules) -> None:
    """Most of what people write."""
    assert rules.check_fan(text) == Verdict(allowed=True)


@given(
    st.text(st.one_of(st.sampled_from("aeginst 1@.!?\n\u200bаі😀"), st.characters()), max_size=80),
    st.lists(st.tuples(st.booleans(), st.text(min_size=1, max_size=40).filter(str.strip)), max_size=4),
)
def test_any_text_gets_a_verdict_with_evidence_from_it(text: str, before: Sequence[tuple[bool, str]]) -> None:
    """No exception, and the evidence is a piece of the display text."""
    context = [Message(from_creator=mine, content=content) for mine, content in before]

    for verdict in (RULES.check(text, context), RULES.check_fan(text)):
        assert verdict.evidence == text[verdict.start : verdict.end]
        assert verdict == Verdict(allowed=True) or verdict.evidence or (verdict.rule or "").startswith("asked:")


@pytest.mark.parametrize(
    "piece", ["a ", "come to my ", "i n s t a ", "let's we should ", "x.", "1", "(((", "yes so ", "@a"]
)
def test_a_very_long_text_takes_no_very_long_time(piece: str, rules: Rules) -> None:
    """No pattern runs away on text made to provoke it; it would not come back within the test run."""
    assert rules.check(piece * 2000, [Message(from_creator=False, content="wanna meet?")]) is not None


def test_checking_leaves_nothing_behind(rules: Rules) -> None:
    """The same text gets the same verdict, whatever came before."""
    first = rules.check("yes!")
    rules.check("yes!", [Message(from_creator=False, content="can we meet up tonight?")])

    assert rules.check("yes!") == first


def test_a_copied_program_shares_its_rules(rules: Rules) -> None:
    """They never change, and dspy copies a whole program when it loads one: half a second for their tables."""
    assert copy.deepcopy({"rules": rules})["rules"] is rules
