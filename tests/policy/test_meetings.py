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
IN_OTHER_WORDS = [
    "where's your office? i could wait downstairs when you finish", "friday, 7:30, the bench by the canal",
    "¿en qué zona vives? paso con el coche", "da che parte di Torino abiti? passo con la macchina",
    "meet up?", "there's room on the couch for two", "walk the dog with me tomorrow",
    "i'd cook for you, my kitchen is lonely",
    "just knock when you get to my door", "my gym has guest passes, train with me on monday",
    "let's talk about it over a beer on friday",
    "i'll leave the back gate open for you after ten", "netflix and chill with me?", "give me your address",
    "vente el domingo a comer, hago arroz", "me sobra una entrada para el sábado, ¿te animas?",
    "passe à l'atelier jeudi, je te ferai visiter", "tu viens boire un verre avec moi samedi ?",
    "komm doch am Sonntag zum Frühstück", "ich hab noch eine Karte fürs Spiel am Samstag, kommst du mit?",
    "aparece lá no ateliê quinta, te mostro tudo", "passa in laboratorio giovedì che ti faccio vedere tutto",
]  # fmt: skip
DOUBTFUL = [
    "come over babe", "how about dinner?", "i live ten minutes away from you",
    "bring a towel, the lake is freezing", "the spare chair has your name on it",
    "t'es libre samedi ? je connais un petit resto",
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
    "save the date, new drop on friday", "gr8 b4 u go, c u l8r m8", "i live for your terrible puns",
    "what's on your mind right now?", "tell me what you'd be cooking tonight?", "on my way to bed, you?",
    "meet me in person? no, sorry", "i'd rather not say where i live",
]  # fmt: skip
FOREIGN_HARMLESS = [
    "mucho gusto en conocerte", "ayer cené con mi hermana en un bar", "nunca veo a nadie en persona",
    "¿qué haces este finde?",
    "ravie de te rencontrer", "on se voit ce soir en live !", "je ne rencontre jamais mes fans",
    "demain j'ai une réunion à 9h",
    "freut mich dich kennenzulernen", "wir sehen uns heute im Stream", "ich treffe morgen meine Mutter",
    "bis morgen, schlaf gut",
    "o que tá passando na sua cabeça agora?",  "¿qué vas a cenar hoy?",
    "was gibt's bei dir heute zu essen?", "ein Treffen wird es nicht geben", "il pleut chez moi, et chez toi ?",
    "prazer em te conhecer", "a gente se vê na live hoje", "não encontro fãs, desculpa", "até amanhã, dorme bem",
    "piacere di conoscerti", "ci vediamo stasera in live", "ieri ho cenato con mia sorella", "a domani, buonanotte",
]  # fmt: skip


@pytest.mark.parametrize("text", [*INVITATIONS, *IN_OTHER_WORDS, *FOREIGN_INVITATIONS])
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


THIRD_PERSONS = [
    "my sister is coming over for dinner tonight so I'll be offline",
    "my brother is picking me up at six so I'll be offline", "my friend is coming over tonight so no stream",
    "they're picking me up at eight", "mi hermana viene a cenar esta noche", "mon frère passe me chercher à 18h",
    "mein Bruder holt mich um sechs ab", "mio fratello mi passa a prendere alle sei",
]  # fmt: skip
ON_THIS_PAGE = [
    "I'm live at 9, come hang out", "hang out with me here for a bit", "meet me here tomorrow same time",
    "come hang out in chat at 9", "meet me on stream tomorrow at 8", "come hang out on my page tonight",
]  # fmt: skip
FIGURES_OF_SPEECH = [
    "I'm at the gym right now, text you after", "come over here and kiss me haha", "what's your address bar say?",
    "can I come with you to the moon?", "swing by? more like swing and miss",
]  # fmt: skip


@pytest.mark.parametrize("text", [*THIRD_PERSONS, *ON_THIS_PAGE, *FIGURES_OF_SPEECH])
def test_what_only_sounds_like_a_meeting_is_not_blocked(text: str, rules: Rules) -> None:
    """Others come, the page is the place, or nothing is meant."""
    assert rules.check(text).allowed


@pytest.mark.parametrize(
    ("meeting", "harmless"),
    [
        ("come over for dinner tonight", "my sister is coming over for dinner tonight"),
        ("pick me up at six", "my brother is picking me up at six"),
        ("meet me tomorrow at the station", "meet me here tomorrow"),
        ("I'm free saturday, pick me up at 8", "that song can really pick me up"),
    ],
)
def test_who_and_where_decide(meeting: str, harmless: str, rules: Rules) -> None:
    """The same act is a meeting by itself."""
    assert not rules.check(meeting).allowed
    assert rules.check(harmless).allowed


def test_the_same_place_again_is_doubtful(rules: Rules) -> None:
    """A last time tells of the past only where nothing is planned by it."""
    assert rules.check("same hotel as last time? friday?") != rules.check("the hotel was nice last time")
    assert rules.check("same hotel as last time? friday?").category == "in_person"


def test_signs_add_up() -> None:
    """A place, a time and a word for the two each bring it nearer; the rule's name says which were there."""
    meetings = Meetings(["en"])

    texts = ("a beer", "let's get a beer", "let's get a beer on friday at my place")
    readings = [meetings.read(text) for text in texts]

    assert [reading.score for reading in readings] == sorted({reading.score for reading in readings})
    assert readings[-1].rule == "meeting:share-home-time"


@pytest.mark.parametrize(
    ("meeting", "harmless"),
    [
        ("meet me by the fountain at noon", "in the film they meet by the fountain at noon"),
        ("dinner with me on friday?", "dinner with my mother on friday"),
        ("let's have a drink tonight", "let's have a drink tonight on the stream"),
        ("come to my place tomorrow", "you can't come to my place tomorrow"),
        ("we should go dancing together on friday", "we went dancing together last friday"),
    ],
)
def test_signs_against_it_take_away(meeting: str, harmless: str) -> None:
    """Fiction, third persons, the screen, refusals, the past."""
    meetings = Meetings(["en"])

    assert meetings.read(harmless).score < 5 <= meetings.read(meeting).score


def test_a_screen_that_is_to_be_left_speaks_for_a_meeting() -> None:
    """The same word, with a not before it."""
    meetings = Meetings(["en"])

    on_screen = meetings.read("dinner with you on a video on friday")
    without = meetings.read("dinner with you and no video on friday")

    assert on_screen.score < without.score


def test_only_the_policys_languages_are_read() -> None:
    """An operator who knows no German is not bothered by it."""
    text = "wollen wir uns am samstag treffen?"

    assert Meetings(["de"]).read(text).score >= 5
    assert Meetings(["en"]).read(text).score < 3


def test_a_bare_yes_is_told_from_a_yes_to_something() -> None:
    """With the small words people put around it."""
    meetings = Meetings(["en", "es"])

    assert meetings.is_yes("omg yes please babe!!")
    assert meetings.is_yes("si claro")
    assert not meetings.is_yes("yes i ate already")
    assert not meetings.is_yes("haha omg")
