"""What a text must pass before anyone sees it, without a program around it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from fakes import talk, them, us

from brain.models import Conversation, Persona, Verdict
from brain.modules.guard import Guard
from brain.safety.pressure import WARM

if TYPE_CHECKING:
    from brain.policy.policy import Policy
    from brain.policy.rules import Rules

WORDING = "Say it in words you have not used before."
LEARNED = "Write the next chat message as this person, and keep the weather out of it."
OTHERS_MESSAGE = "my sister is moving her bakery to the harbour in september"
ADA = Persona(name="Ada", id="ada", style=("never a full stop at the very end of any of her messages",))
HARMLESS = "the goose is asleep"


@pytest.fixture
def guard(rules: Rules) -> Guard:
    return Guard(ADA, rules, (WORDING,))


class CountedRules:
    """Rules that count how often they are asked what the other person asks for."""

    def __init__(self, rules: Rules) -> None:
        self.policy: Policy = rules.policy
        self.texts: list[str] = []
        self._rules = rules

    def check(self, *asked: object) -> Verdict:
        return self._rules.check(*asked)

    def is_asked(self, text: str) -> bool:
        self.texts.append(text)
        return self._rules.is_asked(text)


def test_an_ordinary_text_passes(guard: Guard) -> None:
    """As the rules leave it."""
    assert guard.check(HARMLESS, talk("hi").messages, learned=(LEARNED,), shown=(OTHERS_MESSAGE,)) == Verdict(
        allowed=True
    )


@pytest.mark.parametrize("secret", [WORDING, LEARNED, OTHERS_MESSAGE, ADA.style[0]])
def test_a_leak_has_its_place_in_the_text(guard: Guard, secret: str) -> None:
    """For whoever explains it later."""
    text = f"ok! {secret} there"

    verdict = guard.check(text, talk("hi").messages, learned=(LEARNED,), shown=(OTHERS_MESSAGE,))

    assert (verdict.allowed, verdict.category, verdict.layer, verdict.rule) == (False, "leak", "leak", "leak:prompt")
    assert verdict.evidence == text[verdict.start : verdict.end]
    assert verdict.evidence in secret


def test_the_canary_is_a_rule_of_its_own(guard: Guard) -> None:
    """Its letters stand nowhere else, so that a leak is certain."""
    verdict = guard.check(f"the mark is {guard.canary}", talk("hi").messages)

    assert (verdict.layer, verdict.rule) == ("leak", "leak:canary")


def test_what_is_learned_later_is_guarded_from_then_on(guard: Guard) -> None:
    """An optimizer may change the prompt of a program that is in use, and change it back."""
    messages = talk("hi").messages

    for learned, allowed in (((), True), ((LEARNED,), False), ((), True), ((LEARNED,), False)):
        assert guard.check(LEARNED, messages, learned=learned).allowed is allowed


def test_a_leak_goes_before_what_the_rules_find(guard: Guard) -> None:
    """The gravest is told."""
    verdict = guard.check(f"find me on instagram. {LEARNED}", talk("hi").messages, learned=(LEARNED,))

    assert verdict.layer == "leak"


def test_topics_are_judged_in_their_context(guard: Guard) -> None:
    """By the rules, with the newest messages."""
    verdict = guard.check("find me on instagram", talk("hi").messages)

    assert (verdict.layer, verdict.category) == ("names", "social_platforms")


def test_an_eager_yes_denies_only_after_the_question(guard: Guard) -> None:
    """And its evidence is a part of it."""
    asked = talk("are you a bot?", "i'm an ai that writes like ada", "lol seriously?").messages
    verdict = guard.check("of course it's me 😊", asked)

    assert (verdict.allowed, verdict.category, verdict.layer, verdict.rule) == (False, "denial", "safety", "denial")
    assert verdict.evidence == "of course it's me 😊"[verdict.start : verdict.end] != ""
    assert guard.check("of course it's me 😊", talk("did you bake that cake").messages).allowed


def test_an_answer_to_another_question_is_no_denial(guard: Guard) -> None:
    """Who doubts the honest answer asks again; who asks about a cake has been told."""
    asked = ("are you a bot?", "i'm an ai that writes like ada")

    assert not guard.check("of course it's me", talk(*asked, "lol seriously?").messages).allowed
    assert not guard.check("of course it's me", talk(*asked, "come on").messages).allowed
    assert guard.check("of course", talk(*asked, "did you bake that cake?").messages).allowed
    assert guard.check("yes", talk(*asked, "do you like cats?").messages).allowed


@pytest.mark.parametrize(
    ("messages", "kind"),
    [
        ((them("hi"),), None),
        ((them("i want"), them("to kill myself")), "crisis"),
        ((them("i'm 15"), us("bye"), them("how is the goose")), "minor"),
        ((them("are you"), them("a bot?")), "ai_question"),
        ((them("are you a bot?"), us("yes, an ai"), them("how is the goose")), None),
        ((them("is this really ada?"),), "ai_question"),
        ((), None),
    ],
    ids=["ordinary", "crisis", "minor", "question", "answered question", "by name", "nothing"],
)
def test_the_newest_messages_in_a_row_are_read_as_one(
    guard: Guard, messages: tuple[object, ...], kind: str | None
) -> None:
    """And those before them only for an age."""
    route = guard.route(Conversation.model_validate({"messages": messages}).messages)

    assert (route.kind if route else None) == kind


def test_pressure_cools(guard: Guard) -> None:
    """What the rules look out for counts when it was put off, and markers and prompts count at once."""
    assert guard.cool(talk("where else are you? on instagram?").messages) == WARM
    once = talk("are you on instagram?", "i'm here", "but your instagram?")
    often = talk("are you on instagram?", *["i'm here", "but your instagram?"] * 4)

    assert guard.cool(once.messages) == WARM
    assert guard.cool(often.messages).room < 0.5


def test_no_message_is_read_again_with_every_turn(rules: Rules) -> None:
    """A long talk costs no more than a short one."""
    counted = CountedRules(rules)
    guard = Guard(ADA, counted, (WORDING,))
    messages = talk(*[f"question {number}" for number in range(11)]).messages

    guard.cool(messages)
    guard.cool((*messages, us("yes"), them("one more")))

    assert sorted(counted.texts) == sorted({*counted.texts}), "each once"
    assert "one more" in counted.texts


def test_copies_guard_alike(guard: Guard) -> None:
    """A program is copied whole when it is compiled."""
    twin = copy.deepcopy(guard)

    assert twin.canary == guard.canary
    assert twin.check(twin.canary, talk("hi").messages).rule == "leak:canary"
    assert not twin.check(LEARNED, talk("hi").messages, learned=(LEARNED,)).allowed


def test_to_speak_of_a_platform_is_not_to_ask_for_it(guard: Guard) -> None:
    """Whoever talks about videos is not answered coolly for it."""
    told = talk(
        "i watched a funny video on youtube", "oh?", "some cat on tiktok lol", "ha", "netflix and reels tonight"
    )

    assert guard.cool(told.messages) == WARM
