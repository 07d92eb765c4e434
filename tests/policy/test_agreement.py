"""A reply that is harmless alone and a yes in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.models import Message

if TYPE_CHECKING:
    from brain.policy.rules import Rules


def talk(*lines: str) -> list[Message]:
    """Lines of a talk; those of the creator begin with a dash."""
    return [Message(from_creator=line.startswith("-"), content=line.lstrip("- ")) for line in lines]


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        (["want to get dinner with me on saturday?"], "sounds perfect, see you then"),
        (["can we meet up this weekend?"], "yes! saturday works"),
        (["come over to my place tonight"], "omg yes please"),
        (["we should meet irl"], "i'd love that"),
        (["let's meet at the beach tomorrow"], "i'll be there"),
        (["would you have dinner with me friday?", "- what time?", "8?"], "8 works"),
        (["i'm parked on your street, which house is it?"], "the blue door, can't miss it"),
        (["let's walk on the beach tonight, just us"], "bring a jacket, it gets cold by the water"),
        (["i'm in your city tonight, drinks?"], "which bar?"),
        (["let's meet", "- haha maybe", "saturday at 8?"], "perfect, see you then"),
        (["let's have dinner on friday"], "fine, but only if you bring dessert"),
        (["let's walk by the lake on sunday", "- maybe", "at noon?"], "noon it is, i'll bring a blanket"),
        (["¿podemos vernos el sábado?"], "sí claro, ¿a qué hora?"),
        (["on peut se voir samedi ?"], "avec plaisir, à samedi !"),
        (["wollen wir uns treffen?"], "klar, Samstag passt mir"),
        (["vamos nos encontrar amanhã?"], "combinado!"),
        (["ci vediamo sabato sera?"], "volentieri, a che ora?"),
    ],
)
def test_taking_up_an_invitation_is_blocked(before: list[str], reply: str, rules: Rules) -> None:
    """The same words alone are clean."""
    assert rules.check(reply) == rules.check(reply, talk("- hi there"))
    verdict = rules.check(reply, talk(*before))

    assert (verdict.allowed, verdict.category, verdict.rule) == (False, "in_person", "meeting:agreed")
    assert verdict.evidence
    assert verdict.evidence in reply


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        (["would you ever meet a fan?"], "maybe if he's nice"),
        (["want to have dinner with me?"], "i'd love to, but this week is crazy"),
        (["let's meet on sunday", "- hmm", "how was your day?"], "can't wait to see you, see you on sunday"),
    ],
)
def test_half_a_yes_is_doubtful(before: list[str], reply: str, rules: Rules) -> None:
    """Conditions, excuses, and a yes that comes late."""
    verdict = rules.check(reply, talk(*before))

    assert (verdict.allowed, verdict.unsure, verdict.category) == (True, True, "in_person")


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        (["want to get dinner with me on saturday?"], "you're sweet, but i keep things right here"),
        (["can we meet up?"], "i don't meet in person, sorry"),
        (["come over to my place tonight"], "haha nope, what are you up to?"),
        (["let's meet", "- i never meet fans, sorry", "will you be live tonight then?"], "yes, see you then!"),
        (["stream at 8?"], "yes see you there"),
        (["i had dinner with my mom"], "sounds great! what did you eat?"),
        (["did you sleep well?"], "yes"),
        (["what time is the stream tonight?"], "8 works"),
        (["which glaze is better, blue or green?"], "the blue one"),
        (["your new video is amazing"], "thank you, i'd love to hear more"),
        (["where do you take your photos?"], "upstairs, where the light is good"),
        (["my wife and i are going bowling on friday"], "sounds great, have fun"),
        (["can i get a custom video?"], "sure, what would you like?"),
    ],
)
def test_a_yes_to_something_else_is_clean(before: list[str], reply: str, rules: Rules) -> None:
    """Refusals, streams, small talk; a refusal closes what was asked before it."""
    verdict = rules.check(reply, talk(*before))

    assert verdict.allowed
    assert not verdict.unsure


@pytest.mark.parametrize(
    ("before", "reply", "rule"),
    [
        (["let me take you to dinner on friday"], "you're sweet. how is your knee?", "asked:in_person"),
        (["can we talk on whatsapp instead?"], "how was lunch?", "asked:social_platforms"),
    ],
)
def test_an_open_request_is_doubtful_whatever_the_reply_says(
    before: list[str], reply: str, rule: str, rules: Rules
) -> None:
    """A judge would look at it; there is no span to show, for nothing in the reply speaks for itself."""
    verdict = rules.check(reply, talk(*before))

    assert (verdict.allowed, verdict.unsure, verdict.rule) == (True, True, rule)
    assert (verdict.layer, verdict.evidence, verdict.confidence) == ("none", "", 0.2)


@pytest.mark.parametrize("reply", ["no, i don't do that", "nope, tell me about your day", "i don't meet in person"])
def test_a_plain_refusal_settles_the_request(reply: str, rules: Rules) -> None:
    """Nothing is left for a judge."""
    assert not rules.check(reply, talk("let me take you to dinner on friday")).unsure


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        ("can i add you on insta?", "sure, add me there"),
        ("let's move to telegram", "ok, talk there!"),
        ("do you have snapchat?", "yes, it's sunny_22"),
        ("whats your ig", "@sunnyday.xo"),
        ("can we talk on whatsapp instead?", "sure!"),
        ("do you use discord?", "i do, what's yours?"),
        ("¿tienes telegram?", "sí, agrégame ahí"),
        ("what's your snap?", "same name as here"),
    ],
)
def test_following_to_a_platform_is_blocked(before: str, reply: str, rules: Rules) -> None:
    """Though the reply names none."""
    verdict = rules.check(reply, talk(before))

    assert (verdict.allowed, verdict.category, verdict.rule) == (False, "social_platforms", "handoff:agreed")


@pytest.mark.parametrize(
    ("before", "reply"),
    [
        ("i saw you on instagram", "haha that's so sweet"),
        ("i deleted facebook", "good for you"),
        ("do you have snapchat?", "only here, this is my favourite place"),
    ],
)
def test_a_mention_needs_no_refusal(before: str, reply: str, rules: Rules) -> None:
    """The other person may say what they like."""
    assert rules.check(reply, talk(before)).allowed


def test_a_name_split_over_two_messages_is_found(rules: Rules) -> None:
    """Its evidence is the part in this message."""
    verdict = rules.check("gram is where i am", talk("hi", "- look for me, it's called tele"))

    assert (verdict.allowed, verdict.unsure, verdict.rule, verdict.evidence) == (
        False,
        False,
        "platform:telegram",
        "gram",
    )
