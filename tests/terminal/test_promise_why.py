"""`/why` tells everything a reply was made of, at once and in a chat that is taken up again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, OpenAIServer, Reply
from running import persona

if TYPE_CHECKING:
    from pathlib import Path


def talk(home: Path, server: OllamaServer | OpenAIServer, *typed: str, flags: tuple[str, ...] = ()) -> str:
    """What a chat writes for these lines."""
    given = "\n".join([*typed, ""])
    if isinstance(server, OllamaServer):
        done = persona("chat", *flags, home=home, server=server, given=given)
    else:
        model = ("-m", "openai/meta/llama", "--api-base", f"{server.url}/v1")
        done = persona("chat", *flags, *model, home=home, given=given, environ={"OPENAI_API_KEY": "sk-1"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def joined(text: str) -> str:
    """As one line, whatever was wrapped."""
    return " ".join(text.split())


def test_every_message_stands_in_it_as_it_was_sent(home: Path, server: OllamaServer) -> None:
    """Word for word and in order, the persona too, next day as well."""
    server.script(Reply("the kettle is on"), Reply("as always"))
    now = talk(home, server, "tell me about the kettle", "and the 値段 🐈?", "/why")
    sent = server.requests[-1].body["messages"]
    then = talk(home, server, "/why", flags=("-c",))

    for shown in (now, then):
        place = 0
        for turn in sent:
            words = joined(turn["content"])
            place = joined(shown).find(words, place)
            assert place >= 0, words
            place += len(words)


def test_it_tells_the_reasons_and_the_price_in_time(home: Path) -> None:
    """Voice, model, situation, demos with nearness and source, verdict and layer, tokens, cached ones, seconds."""
    with OpenAIServer() as server:
        server.script(Reply("lovely and calm"))
        now = joined(talk(home, server, "how was the sea?", "/why"))
        then = joined(talk(home, server, "/why", flags=("-c",)))

    for shown in (now, then):
        assert "nela@1" in shown
        assert "openai/meta/llama" in shown
        assert re.search(r"situation It is \w+ \w+", shown)
        assert re.search(r"filter clean \(\w+\)", shown)
        assert re.search(r"1 call, 12 prompt tokens, 8 of them cached, 3 written", shown)
        assert re.search(r"\d+\.\d s, first word after \d+\.\d s", shown)
        assert re.search(r"[01]\.\d\d #\d+ “", shown), "a demo, how near it is, and where it comes from"
        assert "$" not in shown.partition("spent")[2], "no provider named a price"
    assert now.partition("the messages, exactly")[2].partition("demos")[0] in then


def test_the_verdict_names_what_was_found_and_by_which_layer(home: Path, server: OllamaServer) -> None:
    """Also next day; the draft that was refused is told of, but never shown as a reply."""
    server.script(Reply("add me on instagram, my insta is nela.pots"), Reply("the kiln is warm"))
    now = talk(home, server, "where can i follow you?", "/why")
    then = talk(home, server, "/why", flags=("-c",))

    for shown in (now, then):
        verdict = joined(shown).partition("filter ")[2].partition(" context ")[0]
        assert "instagram" in verdict
        assert "layer: names" in verdict
    assert "Nela  the kiln is warm" in now


def test_each_alternative_has_its_own_reasons(home: Path, server: OllamaServer) -> None:
    """The hint that led to one of two replies stands in its messages alone."""
    server.script(Reply("plain reply"), Reply("salty reply"))
    shown = talk(home, server, "say something", "/retry mention salt", "/why", "/prev", "/why")

    salty, _, plain = shown.partition("salty reply")[2].partition("plain reply")
    assert "mention salt" in salty
    assert "mention salt" not in plain
    assert "exactly as they were sent" in plain


def test_an_older_reply_is_explained_by_its_number(home: Path, server: OllamaServer) -> None:
    """The one before is 2."""
    server.script(Reply("about gulls"), Reply("about waves"))
    shown = talk(home, server, "gulls?", "waves?", "/why 2")

    explained = joined(shown.partition("about waves")[2])
    assert "user gulls?" in explained
    assert "user waves?" not in explained


def test_a_stopped_and_resumed_talk_explains_what_was_left_out(home: Path, server: OllamaServer) -> None:
    """How many messages the model was not given, and the line it was given for them."""
    server.script(*(Reply(f"reply {number} of the gull") for number in range(40)))
    typed = [f"number {number} " + "and the gull took a chip " * 8 for number in range(10)]
    now = joined(talk(home, server, *typed, "/why", "/stats"))
    assert "older messages left out" not in now, "there is room for all of these"

    told = persona("config", "set", "num_ctx", "1400", home=home)
    assert told.returncode == 0
    talk(home, server, "and then?", flags=("-c",))
    then = joined(talk(home, server, "/why", flags=("-c",)))
    assert re.search(r"\d+ older messages left out", then)
    assert re.search(r"of 1,400 tokens", then)
    assert then.partition(" earlier ")[2]
