"""Phone numbers and e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.policy.contacts import asked_contact, shared_mail, shared_phone
from brain.policy.fold import fold
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules

if TYPE_CHECKING:
    from brain.policy.policy import Policy


@pytest.mark.parametrize(
    "text",
    ["my number is 555-013-4477", "text me: +1 (555) 013 4477", "call me 0151 23456789", "mi numero: 612 345 678"],
)
def test_a_number_given_as_ones_own_is_found(text: str) -> None:
    """Fictional local numbers too."""
    found = shared_phone(fold(text).text)

    assert found
    assert text[slice(*found)].strip()


@pytest.mark.parametrize(
    "text",
    [
        "i got 1234567 likes",
        "order 55501344771 has shipped",
        "my number one fan",
        "call me in 5 minutes",
        "12.5.2024 18:30",
    ],
)
def test_other_numbers_are_not_phone_numbers(text: str) -> None:
    """Counts, orders, dates."""
    assert shared_phone(fold(text).text) is None


@pytest.mark.parametrize(
    "text", ["sunny@example.com", "mail sunny.day+x@mail.example.org", "sunny (at) example (dot) com"]
)
def test_an_address_is_found(text: str) -> None:
    """Plain or spelled out."""
    assert shared_mail(text)


@pytest.mark.parametrize("text", ["meet @sunny", "look at me.", "i'm at home", "5 @ 3.50"])
def test_an_at_sign_alone_is_no_address(text: str) -> None:
    """Handles and prices."""
    assert shared_mail(text) is None


def test_asking_for_a_number_is_seen() -> None:
    """In either direction."""
    assert asked_contact("whats your number?")
    assert asked_contact("what is your favourite number?") is None


def test_contacts_are_blocked_where_they_are_forbidden() -> None:
    """By default a number is only doubtful: it may lead to a meeting."""
    default = load_policy()
    strict = default.model_copy(update={"categories": default.categories.model_copy(update={"contact_exchange": True})})

    assert _category(default, "my number is 555-013-4477") == (True, "in_person")
    assert _category(strict, "my number is 555-013-4477") == (False, "contact_exchange")
    assert _category(default, "write to sunny@example.com") == (True, None)
    assert _category(strict, "write to sunny@example.com") == (False, "contact_exchange")


def _category(policy: Policy, text: str) -> tuple[bool, str | None]:
    verdict = Rules(policy).check(text)
    return verdict.allowed, verdict.category
