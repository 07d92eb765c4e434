"""What a message of the other person asks for, by what becomes of the replies."""

from __future__ import annotations

import pytest

from brain.models import Message
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules


def talk(line: str) -> list[Message]:
    """A talk of one line, the other person's."""
    return [Message(from_creator=False, content=line)]


LIKES = ["coffee", "tea", "wine", "beer", "lunch", "sushi", "pizza", "movies", "swimming"]
HABITS = [
    "are you single?", "should I get a haircut?", "do you go to the gym?", "have you seen the new movie?",
    "are you a beach person?", "do you cook?", "have you ever been to paris?", "should I try the pizza?",
    "what happened with the pizza and the dog?", "are you hungry?", "¿te gusta el café?", "tu aimes le vin ?",
    "magst du Kaffee?", "ti piace la pizza?", "você gosta de praia?",
]  # fmt: skip


@pytest.mark.parametrize("reply", ["yes", "yes I love it", "of course"])
@pytest.mark.parametrize("question", [*(f"do you like {thing}?" for thing in LIKES), *HABITS])
def test_a_yes_to_a_question_about_likes_and_ways_is_clean(question: str, reply: str, rules: Rules) -> None:
    """What somebody likes, does or is asks for nothing, though a meeting may hold the same things."""
    verdict = rules.check(reply, talk(question))

    assert verdict.allowed
    assert not verdict.unsure, verdict.rule


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        ("would you kiss me?", "yes"),
        ("would you hug me?", "of course"),
        ("pizza or sushi tonight?", "sushi for sure"),
        ("can I buy you a drink?", "sure! tip me 5 haha"),
    ],
)
def test_a_bare_yes_to_half_an_invitation_is_not_blocked(before: str, reply: str, rules: Rules) -> None:
    """Flirting, a choice, a drink: a judge may look at it."""
    assert rules.check(reply, talk(before)).allowed


def test_a_kind_word_about_plans_of_ones_own_is_clean(rules: Rules) -> None:
    """Nobody was asked along."""
    assert not rules.check("sounds perfect, enjoy", talk("I'm going to the cinema tonight")).unsure


PLAIN_REQUESTS = [
    *(f"{word} we meet{up}?" for word in ("can", "could", "shall", "should") for up in ("", " up")),
    "wanna meet?", "want to meet?", "do you want to meet up?", "would you like to meet?", "let's meet", "let's meet up",
]  # fmt: skip


@pytest.mark.parametrize("reply", ["yes", "I'd love that", "sure", "sure, when?"])
@pytest.mark.parametrize("asked", PLAIN_REQUESTS)
def test_a_yes_to_a_plain_request_is_blocked(asked: str, reply: str, rules: Rules) -> None:
    """Neither place nor time is needed."""
    assert rules.check(reply, talk(asked)).rule == "meeting:agreed"
    assert not rules.check(reply, talk(asked)).allowed


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        ("on se voit demain ?", "avec plaisir"),
        ("on se voit ?", "oui"),
        ("quedamos?", "claro, ¿cuándo?"),
        ("¿nos vemos?", "sí"),
        ("treffen wir uns?", "gerne"),
        ("ci vediamo?", "volentieri"),
        ("a gente se encontra?", "sim"),
    ],
)
def test_a_yes_to_a_plain_request_is_blocked_in_every_language(before: str, reply: str, rules: Rules) -> None:
    """What is a good-bye as a statement is a request as a question."""
    assert not rules.check(reply, talk(before)).allowed


@pytest.mark.parametrize(
    ("before", "reply", "rule"),
    [
        ("can you send me your number?", "yes, sending now", "contact:agreed"),
        ("what's your number?", "how was your day?", "asked:contact_exchange"),
        ("tell me your insta handle", "same as here", "asked:social_platforms"),
    ],
)
def test_a_wish_for_a_number_or_handle_is_doubtful(before: str, reply: str, rule: str, rules: Rules) -> None:
    """Nothing was given yet."""
    verdict = rules.check(reply, talk(before))

    assert (verdict.allowed, verdict.unsure, verdict.rule) == (True, True, rule)


def test_a_number_that_is_refused_is_clean(rules: Rules) -> None:
    """The request is settled."""
    assert not rules.check("no, I don't give that out", talk("can you send me your number?")).unsure


@pytest.mark.parametrize("handle", ["nela_fit99", "@nela_fit99"])
def test_a_bare_handle_for_a_platform_is_blocked(handle: str, rules: Rules) -> None:
    """It was asked for by the platform's name."""
    assert not rules.check(handle, talk("tell me your insta handle")).allowed


@pytest.mark.parametrize(("platform", "category"), [("fansly", "fan_platforms"), ("instagram", None)])
def test_a_move_is_judged_by_the_platform_that_was_asked_for(platform: str, category: str | None) -> None:
    """Where only fan platforms are forbidden, others may be agreed to."""
    policy = load_policy()
    off = policy.categories.model_copy(update={"social_platforms": False})
    rules = Rules(policy.model_copy(update={"categories": off}))

    assert rules.check("yes, same name there", talk(f"do you have {platform}?")).category == category
