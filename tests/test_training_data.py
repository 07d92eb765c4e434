"""The bundled voice: its shape, its habits, and that nothing forbidden is in it."""

from __future__ import annotations

import json
import re
import statistics
from typing import TYPE_CHECKING

import pytest

from brain.dataset import load_conversations, load_persona
from brain.models import Draft
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules
from brain.voices import bundled_data
from evals.halves import halves

if TYPE_CHECKING:
    from brain.models import LabeledConversation, Persona

EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")


@pytest.fixture(scope="module")
def conversations() -> tuple[LabeledConversation, ...]:
    return load_conversations(bundled_data() / "conversations.json")


@pytest.fixture(scope="module")
def persona() -> Persona:
    return load_persona(bundled_data() / "persona.toml")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(load_policy(bundled_data() / "policy.toml"))


def test_there_is_enough_of_it(conversations: tuple[LabeledConversation, ...]) -> None:
    """At least 150 conversations of 1 to 8 messages, each ending with the other person."""
    assert len(conversations) >= 150
    assert {len(one.chat_history.messages) for one in conversations} >= set(range(1, 9))
    assert all(1 <= len(one.chat_history.messages) <= 8 for one in conversations)
    assert not any(one.chat_history.messages[-1].from_creator for one in conversations)


def test_nothing_the_voice_says_is_forbidden(conversations: tuple[LabeledConversation, ...], rules: Rules) -> None:
    """Neither in a reply nor in an earlier message of theirs, whatever the other person had asked."""
    for index, one in enumerate(conversations):
        messages = one.chat_history.messages
        said = [(message.content, messages[:at]) for at, message in enumerate(messages) if message.from_creator]
        for text, before in [*said, (one.output, messages)]:
            verdict = rules.check(text, before[-6:])
            assert verdict.allowed, f"[{index}] {text!r}: {verdict.rule} {verdict.evidence!r}"


def test_the_other_person_does_raise_forbidden_topics(
    conversations: tuple[LabeledConversation, ...], rules: Rules
) -> None:
    """At least 20 times, so that turning away can be learned."""
    raised = [one for one in conversations if rules.check_fan(one.chat_history.last_from_other).category]

    assert len(raised) >= 20


def test_the_habits_can_be_heard(conversations: tuple[LabeledConversation, ...]) -> None:
    """Casing, length, emoji and questions are those of one person."""
    replies = [one.output for one in conversations]

    assert sum(reply == reply.casefold() for reply in replies) / len(replies) > 0.9
    assert 8 <= statistics.median(len(reply.split()) for reply in replies) <= 16
    assert 0.25 <= sum(bool(EMOJI.search(reply)) for reply in replies) / len(replies) <= 0.45
    assert 0.25 <= sum(reply.rstrip().endswith("?") for reply in replies) / len(replies) <= 0.55
    assert not any(reply.rstrip().endswith(".") for reply in replies)
    assert len(set(replies)) == len(replies)


def test_all_hours_of_the_day(conversations: tuple[LabeledConversation, ...]) -> None:
    """Morning, noon, evening and night."""
    hours = {
        one.chat_history.messages[-1].timestamp.hour // 6
        for one in conversations
        if one.chat_history.messages[-1].timestamp
    }

    assert hours == {0, 1, 2, 3}


def test_every_pool_has_lines_enough_and_clean_ones(persona: Persona, rules: Rules) -> None:
    """At least twelve a category."""
    for category in ("social_platforms", "in_person", "general"):
        lines = persona.fallbacks[category]
        assert len(set(lines)) >= 12
        assert all(rules.check(line).allowed for line in lines)


def test_the_persona_says_nothing_forbidden(persona: Persona, rules: Rules) -> None:
    """It stands in every prompt: a prompt that lists forbidden names leaks them."""
    for text in (persona.about, *persona.facts, *persona.limits, *persona.style):
        assert rules.check(text).allowed, text


def test_the_example_in_its_readme_is_a_real_row() -> None:
    """Documentation that runs."""
    rows = json.loads((bundled_data() / "conversations.json").read_text(encoding="utf-8"))
    blocks = re.findall(r"```json\n(.*?)```", (bundled_data() / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    shown = [json.loads(block) for block in blocks]

    assert shown
    for block in shown:
        for row in block if isinstance(block, list) else [block]:
            assert row in rows


def test_the_drafts_are_of_these_conversations_and_of_the_practice_half(
    conversations: tuple[LabeledConversation, ...], rules: Rules
) -> None:
    """A draft whose row is gone would teach nothing, and one of the proof half would spoil the evaluation."""
    drafts = [Draft.model_validate_json(line) for line in (bundled_data() / "drafts.jsonl").read_bytes().splitlines()]
    practice = set(map(str, halves(len(conversations)).practice))

    assert len({draft.id for draft in drafts}) == len(drafts) == 60
    assert {draft.id for draft in drafts} <= practice
    assert not any(rules.check(draft.text, ()).category == "social_platforms" for draft in drafts)
