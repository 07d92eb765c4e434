"""Names that stand in a refusal."""

from __future__ import annotations

import pytest

from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

REFUSALS = [
    "i don't do instagram", "sorry, no snapchat", "I'm not on telegram", "instagram isn't for me", "i deleted facebook",
    "no uso instagram", "je n'ai pas snapchat", "ich habe kein whatsapp", "não tenho telegram", "non uso instagram",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_may_not_name_the_platform_by_default(text: str, rules: Rules) -> None:
    """The name has been said all the same."""
    assert not rules.check(text).allowed


@pytest.mark.parametrize("text", REFUSALS)
def test_a_refusal_may_name_it_where_the_operator_says_so(text: str) -> None:
    """`refusals_may_name = true`."""
    rules = Rules(load_policy().model_copy(update={"refusals_may_name": True}))

    assert rules.check(text).allowed


@pytest.mark.parametrize(
    "text", ["i don't use instagram, add me on snapchat", "not here, but on telegram", "my insta is new"]
)
def test_a_refusal_covers_only_its_own_clause(text: str) -> None:
    """What is offered instead is no refusal."""
    rules = Rules(load_policy().model_copy(update={"refusals_may_name": True}))

    assert not rules.check(text).allowed
