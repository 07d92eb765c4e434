"""Which words name a platform, and which only look like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.policy.names import Names
from brain.policy.policy_file import load_policy

if TYPE_CHECKING:
    from brain.policy.lexicon import Platform
    from brain.policy.rules import Rules

POLICY = load_policy()
PLATFORMS = POLICY.lexicon.platforms


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.id)
def test_every_name_of_a_platform_is_that_platform(platform: Platform) -> None:
    """Each listed name, in small letters and capitals, and each host."""
    names = Names(POLICY.lexicon, PLATFORMS)
    texts = [
        text for name in (*platform.names, *platform.apart) for text in (f"i like {name} a lot", f"my {name.upper()}")
    ]
    texts += [f"look: https://{host}/sunny" for host in platform.hosts]

    for text in texts:
        assert platform.id in {mention.platform for mention in names.find(text)}, text


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("my ig is sunny", "instagram"), ("whats ur insta", "instagram"), ("do it for the gram", "instagram"),
        ("add my snap", "snapchat"), ("hmu on snap", "snapchat"), ("👻 sunny_22", "snapchat"),
        ("follow me on x", "twitter"), ("you'll find me on X", "twitter"), ("my x account", "twitter"),
        ("that tweet of mine", "twitter"), ("i was on hinge once", "hinge"),
        ("subscribe to my yt", "youtube"), ("i only use Signal now", "signal"), ("text me on signal", "signal"),
        ("my LINE id is sunny", "line"), ("message me on line", "line"), ("my threads account", "threads"),
        ("i stream on Kick", "kick"), ("watch my Twitch stream", "twitch"), ("join my discord", "discord"),
        ("i have a telegram channel", "telegram"), ("tg: sunny", "telegram"), ("kik me", "kik"),
        ("facetime me", "facetime"), ("add me on qq", "qq"), ("are you on tinder?", "tinder"),
        ("insta, fb or snap?", "instagram"), ("find me on We Chat", "wechat"),
    ],
)  # fmt: skip
def test_a_word_in_the_right_company_is_a_name(text: str, platform: str) -> None:
    """A preposition, an owner, a verb of contact, a handle, a capital or another platform beside it."""
    found = {mention.platform for mention in Names(POLICY.lexicon, PLATFORMS).find(text)}

    assert platform in found


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("i stream on kick every friday", "kick"), ("can we move this to signal?", "signal"),
        ("u got snap?", "snapchat"),
        ("signal works better for me", "signal"), ("my last reel hit 2 million views", "instagram"),
        ("send me a snap when you're done", "snapchat"), ("posted it to fb last night", "facebook"),
        ("te mando o link do zoom", "zoom"), ("tienes line?", "line"), ("mein groupe ist auf kick", "kick"),
        ("te mando los reels luego", "instagram"), ("my i.g. is new", "instagram"), ("hmu on s n a p", "snapchat"),
        ("add me on langis", "signal"), ("i posted it on thr eads", "threads"), ("find me on $ignal", "signal"),
        ("add me on ΤWIΤϹΗ", "twitch"),
    ],
)  # fmt: skip
def test_grammar_tells_a_platform_from_the_thing(text: str, platform: str) -> None:
    """No article after "on", a verb of posting, an owner of views, another language; a disguise is a cue as well."""
    found = {mention.platform for mention in Names(POLICY.lexicon, PLATFORMS).find(text)}

    assert platform in found


@pytest.mark.parametrize(
    "text",
    [
        "put it on x", "the sauce has kick", "work on threads and needles", "a signal from the tower",
        "i got a kick out of it",
        "in line with that", "the reel of the fishing rod", "hier im Wald ist null Signal", "fais un zoom sur la photo",
        "il tg delle otto", "la tele está rota", "the tinder was wet", "l'élastique a fait snap", "whisper it to me",
        "have you seen the ig nobel prize", "a snap decision", "on the hinge of the gate",
    ],
)  # fmt: skip
def test_grammar_tells_the_thing_from_a_platform(text: str) -> None:
    """An article, a kiss at the end, a noun that German writes large."""
    assert Names(POLICY.lexicon, PLATFORMS).find(text) == []


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("escríbeme por wasap", "whatsapp"), ("mi insta es sunny", "instagram"), ("tengo telegram", "telegram"),
        ("ajoute-moi sur snap", "snapchat"), ("schreib mir auf whatsapp", "whatsapp"),
        ("mein snap ist sunny22", "snapchat"),
        ("me chama no zap", "whatsapp"), ("me adiciona no face", "facebook"), ("passa seu whats", "whatsapp"),
        ("seguimi su instagram", "instagram"), ("мой вк", "vk"), ("加我微信", None),
    ],
)  # fmt: skip
def test_names_are_known_in_other_languages(text: str, platform: str | None) -> None:
    """Slang of the languages the lexicon covers; Chinese is written without gaps and is not among them."""
    found = {mention.platform for mention in Names(POLICY.lexicon, PLATFORMS).find(text)}

    assert platform in found if platform else not found


@pytest.mark.parametrize(
    "text",
    [
        "don't cross the line", "the line was so long", "online now, offline later", "pick up line", "next in line",
        "signal lost in the mountains", "i have no signal", "mixed signals", "a thread of wool", "threads of gold",
        "my eye keeps twitching", "he began to twitch", "snap peas and rice", "oh snap!", "she snapped her fingers",
        "in a snap", "kick the ball", "kick off your shoes", "i get a kick out of you", "discord between the two",
        "a telegram from 1912", "the telegram my grandma kept", "il mio reddito è basso", "story time!", "real talk",
        "a reel of film", "night x", "love you x", "x marks the spot", "3 x 4 is 12", "solve for x", "x-ray at noon",
        "a gram of sugar", "50 grams", "so meta", "ig i'm tired", "that's fine ig", "face to face with my fears",
        "we chat every day", "blue sky today", "to be real with you", "it takes real money", "linked in many ways",
        "bumble bee", "dry tinder wood", "the hinge on the door", "zoom in a bit", "both teams won",
        "cut me some slack",
        "a mastodon skeleton", "tummy rumble", "il faut parler", "sow discord", "don't shoot the messenger",
        "interest rates", "tumble dryer", "she is a patron of the arts", "reddish hair", "a telegraph pole",
        "tick tock",
        "what a sap", "birds tweet at dawn", "add me to the list", "follow your dreams", "follow me home",
        "ela discorda",
        "an old télégramme", "my profile here", "dm me right here", "netflix.com is down", "fedex.com lost it",
        "Kofi called",
        "spotify made me a playlist", "the cameo in that movie", "vibes only", "the inner tube", "i will like that",
    ],
)  # fmt: skip
def test_an_ordinary_word_stays_ordinary(text: str) -> None:
    """However close to a name it looks."""
    assert Names(POLICY.lexicon, PLATFORMS).find(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "OnlyFans", "my onlyfans", "find me on OnlyFans", "only fans", "Only-Fans", "0nlyFans",
        "ONLYFANS.COM/sunny", "my OF",
        "O.F.", "https://onlyfans.com/instagram_girl", "subscribe on of", "my only fan", "ｏｎｌｙｆａｎｓ",
        "link to my of page",
    ],
)  # fmt: skip
def test_the_clients_own_platform_is_allowed_in_every_form(text: str, rules: Rules) -> None:
    """Looked at first, handles on it included."""
    verdict = rules.check(text)

    assert verdict.allowed
    assert not verdict.unsure


def test_a_mention_tells_its_place_in_the_display_text() -> None:
    """As it stands on the screen."""
    text = "well… my 𝐢𝐧𝐬𝐭𝐚 is new 😀"
    (mention,) = Names(POLICY.lexicon, PLATFORMS).find(text)

    assert text[mention.start : mention.end] == "𝐢𝐧𝐬𝐭𝐚"
