"""Whether a text suggests that two people meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.policy.meetings import Meetings

if TYPE_CHECKING:
    from brain.policy.rules import Rules

INVITATIONS = [
    "let's meet up this weekend", "we should grab coffee sometime", "come to my place tonight",
    "i want to meet you in person",
    "i'll pick you up at 8", "meet me at the cafe on 5th", "wanna go on a date on friday?", "dinner saturday?",
    "i'm staying at the grand hotel, room 412, come by after nine", "let me take you out for dinner",
    "my address is 12 oak lane",
    "fly out to see me, i'll book you a flight", "when you're in town, hit me up and i'll show you around",
    "spend the night with me at my place", "can i come over tonight?", "see you at the airport on monday",
    "why don't we meet up for drinks", "Let's link up when i'm in town", "come to my meetup in austin",
    "i'm in your city next week, let's get dinner", "your place or mine?", "come see me at the beach on sunday",
]  # fmt: skip
FOREIGN_INVITATIONS = [
    "¿quedamos el sábado?", "te invito a cenar el viernes", "ven a mi casa esta noche", "podríamos vernos este finde",
    "on se voit samedi ?", "viens chez moi demain", "je passe te chercher à 19h", "on va boire un verre ce soir ?",
    "wollen wir uns am Samstag treffen?", "komm heute Abend zu mir", "ich hole dich um 8 ab",
    "lass uns mal essen gehen",
    "vamos jantar juntos amanhã?", "vem aqui em casa hoje", "quero te conhecer pessoalmente", "te busco às 8",
    "ci vediamo domani sera al bar?", "vieni da me stasera", "ti passo a prendere alle 8",
    "andiamo a cena insieme venerdì?",
]  # fmt: skip
DOUBTFUL = [
    "come over babe", "how about dinner?", "netflix and chill with me?", "my door is always open for you",
    "just knock when you get to my door", "give me your address", "i live ten minutes away from you", "meet up?",
]  # fmt: skip
HARMLESS = [
    "nice to meet you", "so good to finally meet you babe", "i have to meet the deadline",
    "we'll meet our goal by friday",
    "see you tomorrow in the stream", "going live tonight, come hang out", "join me live at 8pm",
    "meet me in the comments",
    "see you soon!", "see ya tomorrow, sleep well", "catch you later", "let's catch up right here tomorrow",
    "my mom is coming over tomorrow", "i'm meeting my trainer at the gym at 6",
    "i had dinner with my sister last night",
    "going to the beach with my friends this weekend", "he asked me to dinner and i said no",
    "i'm making dinner right now",
    "in the movie they meet at a hotel and fall in love", "i dreamed we met at the beach",
    "meeting with my boss at 3",
    "i don't meet fans in person, sorry", "i can't meet up but we can chat here all night",
    "no meetups, safety first",
    "never doing dates, only chats here", "i wish you were here", "i'm at the gym right now",
    "my flight lands at nine",
    "let's get to know each other better", "i love hanging out with you here", "how did your date go?",
    "come on, tell me",
    "come back soon", "thanks for coming by", "pick your favourite", "that picked me up, thank you",
    "meet my dog Biscuit",
    "i hope you meet someone nice", "hang in there", "what are you doing this weekend?", "where are you from?",
    "i'd love to visit japan one day", "i'll walk you through the plan", "let's do this!",
    "save the date, new drop on friday",
]  # fmt: skip
FOREIGN_HARMLESS = [
    "mucho gusto en conocerte", "ayer cené con mi hermana en un bar", "nunca veo a nadie en persona",
    "¿qué haces este finde?",
    "ravie de te rencontrer", "on se voit ce soir en live !", "je ne rencontre jamais mes fans",
    "demain j'ai une réunion à 9h",
    "freut mich dich kennenzulernen", "wir sehen uns heute im Stream", "ich treffe morgen meine Mutter",
    "bis morgen, schlaf gut",
    "prazer em te conhecer", "a gente se vê na live hoje", "não encontro fãs, desculpa", "até amanhã, dorme bem",
    "piacere di conoscerti", "ci vediamo stasera in live", "ieri ho cenato con mia sorella", "a domani, buonanotte",
]  # fmt: skip


@pytest.mark.parametrize("text", [*INVITATIONS, *FOREIGN_INVITATIONS])
def test_an_invitation_is_blocked(text: str, rules: Rules) -> None:
    """With its evidence, the very words."""
    verdict = rules.check(text)

    assert (verdict.allowed, verdict.category, verdict.layer) == (False, "in_person", "meetings")
    assert verdict.rule is not None
    assert verdict.rule.startswith("meeting:")
    assert verdict.evidence
    assert text[verdict.start : verdict.end] == verdict.evidence


@pytest.mark.parametrize("text", DOUBTFUL)
def test_half_an_invitation_is_doubtful(text: str, rules: Rules) -> None:
    """It passes the rules, and a judge would be asked."""
    verdict = rules.check(text)

    assert (verdict.allowed, verdict.unsure, verdict.category) == (True, True, "in_person")


@pytest.mark.parametrize("text", [*HARMLESS, *FOREIGN_HARMLESS])
def test_talk_of_other_things_is_clean(text: str, rules: Rules) -> None:
    """Greetings, streams, work, others, the past, fiction and refusals."""
    verdict = rules.check(text)

    assert verdict.allowed
    assert not verdict.unsure, verdict.rule


def test_a_plan_in_other_words_shows_by_what_it_is_made_of() -> None:
    """Going there, doing it together, proposing it, a place, a time: three make a doubt, four a plan."""
    meetings = Meetings(["en"], block_at=5)

    assert meetings.read("you could knock").score == 0
    assert meetings.read("just knock when you get to my door").score == 3
    assert meetings.read("i can be at your place in an hour").score == 5
    assert meetings.read("i can be at your place in the game in an hour").score < 3


def test_a_place_and_a_time_add_to_a_hint() -> None:
    """The rule's name says which were there."""
    meetings = Meetings(["en"], block_at=5)

    alone = meetings.read("come see me")
    with_both = meetings.read("come see me at the bar on friday")

    assert alone.score < with_both.score
    assert with_both.rule == "meeting:hint-place-time"


def test_only_the_policys_languages_are_read() -> None:
    """An operator who knows no German is not bothered by it."""
    text = "wollen wir uns am samstag treffen?"

    assert Meetings(["de"], block_at=5).read(text).score >= 5
    assert Meetings(["en"], block_at=5).read(text).score == 0


def test_a_bare_yes_is_told_from_a_yes_to_something() -> None:
    """With the small words people put around it."""
    meetings = Meetings(["en", "es"], block_at=5)

    assert meetings.is_yes("omg yes please babe!!")
    assert meetings.is_yes("si claro")
    assert not meetings.is_yes("yes i ate already")
    assert not meetings.is_yes("haha omg")
