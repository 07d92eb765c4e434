"""Phone numbers and e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.policy.contacts import asked_contact, shared_address, shared_mail, shared_phone
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
    "text",
    [
        "sunny@example.com",
        "mail sunny.day+x@mail.example.org",
        "sunny (at) example (dot) com",
        "sunny punkt day at gmx punkt de",
        "sunny dot day at gmail",
    ],
)
def test_an_address_is_found(text: str) -> None:
    """Plain or spelled out."""
    assert shared_mail(text)


@pytest.mark.parametrize("text", ["meet @sunny", "look at me.", "i'm at home", "5 @ 3.50"])
def test_an_at_sign_alone_is_no_address(text: str) -> None:
    """Handles and prices."""
    assert shared_mail(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "whats your number?", "pass me your mobile", "what number do i text?", "got an email?", "whats ur # ,",
        "¿me dejas tu número de teléfono?", "tu me files ton 06 ?", "hast du mal deine Handynummer für mich?",
        "me passa teu contato", "mi lasci il tuo cellulare?",
    ],
)  # fmt: skip
def test_asking_for_a_number_is_seen(text: str) -> None:
    """In every language, and by its nicknames."""
    assert asked_contact(fold(text).text)


@pytest.mark.parametrize(
    "text", ["what is your favourite number?", "you have my number one spot", "what's your order number?"]
)
def test_other_numbers_may_be_asked_for(text: str) -> None:
    """Favourites, ranks, orders."""
    assert asked_contact(text) is None


def test_contacts_are_blocked_unless_the_operator_lets_them_through() -> None:
    """Let through, a number is still doubtful: it may lead to a meeting."""
    strict = load_policy()
    lenient = strict.model_copy(update={"categories": strict.categories.model_copy(update={"contact_exchange": False})})

    assert _category(strict, "my number is 555-013-4477") == (False, "contact_exchange")
    assert _category(lenient, "my number is 555-013-4477") == (True, "in_person")
    assert _category(strict, "write to sunny@example.com") == (False, "contact_exchange")
    assert _category(lenient, "write to sunny@example.com") == (True, None)


def _category(policy: Policy, text: str) -> tuple[bool, str | None]:
    verdict = Rules(policy).check(text)
    return verdict.allowed, verdict.category


@pytest.mark.parametrize(
    "text",
    [
        "+44 7700 900 312, only for you", "apunta: 6 0 0 - 1 2 3 - 4 5 6 y me llamas", "mon 06 c'est le 06 39 98 14 27",
        "five five five, oh one seven two", "07911 123456, ring twice", "anota aí: (11) 98765-4321", "O2O 7946 O853",
        "0️⃣7️⃣7️⃣0️⃣0️⃣9️⃣0️⃣0️⃣1️⃣2️⃣3️⃣", "schreib auf: null eins sieben sechs, 22 33 44 55",
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    """Digit by digit, with a country, in words."""
    assert shared_phone(fold(text).text)


@pytest.mark.parametrize(
    "text",
    [
        "your order number is 4471 0098 23",
        "Sendungsnummer 0034 0434 1612 8857",
        "pi goes 3.14159265358979",
        "kiln at 1240, cone 6",
        "the version of 2013-04-03, call me if it breaks",
        "1.8.0.0, 1.8.0.1, 1.8.1.0",
        "45.00 for 3, or 120.00 for 10",
    ],
)
def test_a_number_with_another_name_is_no_phone_number(text: str) -> None:
    """Orders, parcels, constants, temperatures."""
    assert shared_phone(fold(text).text) is None


@pytest.mark.parametrize(
    "text", ["12 oak lane", "calle mayor 5", "3 rue des lilas", "Lindenstraße 14", "via garibaldi, 12"]
)
def test_a_street_with_its_number_is_an_address(text: str) -> None:
    """As each language writes it."""
    assert shared_address(fold(text).text)


@pytest.mark.parametrize(
    "text", ["i ran 5 miles down the road", "the road to 2.0", "calle mayor", "12 mugs on the way"]
)
def test_a_street_or_a_number_alone_is_no_address(text: str) -> None:
    """It takes both, side by side."""
    assert shared_address(fold(text).text) is None


def test_keeping_a_number_to_oneself_is_not_asking_for_one() -> None:
    """Though the same words are in it."""
    assert asked_contact("give me your number")
    assert asked_contact("i don't give my number, so tell me your number never") is None
