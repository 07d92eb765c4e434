"""What is left of a reply that did not come to its end: stopped, cut off, or its program killed."""

from __future__ import annotations

import random
import signal
from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer, Reply
from terminal.chatting import chat, is_whole, opened, stored

if TYPE_CHECKING:
    from pathlib import Path

_PAUSE = 0.05
TALE = " ".join(f"w{number}" for number in range(400))


def test_a_stopped_reply_is_kept_and_gone_on_with(home: Path, server: OllamaServer) -> None:
    """Marked on the screen and on disk; the model is given what it had begun, and both replies stay."""
    server.script(Reply("the sea was loud tonight " + TALE, pause=_PAUSE), Reply("and then i slept"))
    with opened(chat(home, server)) as terminal:
        terminal.say("how was the sea?")
        server.has_spoken(12)
        terminal.interrupt()
        terminal.wait("/continue goes on, /retry says it anew.")
        assert "the sea was loud tonight" in terminal.text
        assert "stopped" in terminal.text
        assert server.disconnected.wait(10)
        terminal.say("/continue")
        terminal.wait("and then i slept")
        assert terminal.leave() == 0

    mine, stopped, whole = stored(home)
    assert (mine.state, stopped.state, whole.state) == ("done", "stopped", "done")
    assert stopped.parent == whole.parent
    begun = server.requests[-1].body["messages"][-1]
    assert begun["role"] == "assistant"
    assert stopped.content.startswith(begun["content"])
    assert whole.content.startswith(begun["content"])
    assert whole.content.endswith("and then i slept")


def test_the_connection_drops_and_the_words_stay(home: Path, server: OllamaServer) -> None:
    """How many, and how to go on."""
    server.script(Reply("i was at the market and", cut_after=5), Reply("sold every mug"))
    with opened(chat(home, server)) as terminal:
        terminal.say("where were you?")
        terminal.wait("Connection dropped after 5 words. Kept.")
        terminal.wait("i was at the market")
        terminal.say("/continue")
        terminal.wait("sold every mug")
        assert terminal.leave() == 0

    assert [row.state for row in stored(home)] == ["done", "cut", "done"]


def test_what_may_not_be_said_is_not_kept(home: Path, server: OllamaServer) -> None:
    """Half a reply passes the filter too: neither the screen nor the store ever has the name."""
    server.script(Reply("i had a long day. add me on instagram please. " + TALE, pause=_PAUSE))
    with opened(chat(home, server)) as terminal:
        terminal.say("hello?")
        server.has_spoken(20)
        terminal.interrupt()
        terminal.wait("/continue goes on")
        assert "i had a long day." in terminal.text
        assert "instagram" not in terminal.text
        assert terminal.leave() == 0

    assert not [row for row in stored(home) if "instagram" in row.content]


@pytest.mark.parametrize("pieces", random.Random(5).sample(range(1, 41), 10))
def test_a_killed_program_loses_a_quarter_of_a_second(home: Path, server: OllamaServer, pieces: int) -> None:
    """At any moment: the file is whole, the message is there, and of the reply all but the last words."""
    server.script(Reply(TALE, pause=_PAUSE))
    with opened(chat(home, server)) as terminal:
        terminal.say("do not lose me")
        server.has_spoken(pieces)
        terminal.process.kill(signal.SIGKILL)
        sent = server.spoken

    assert is_whole(home)
    mine, *reply = stored(home)
    assert mine.content == "do not lose me"
    kept = len(reply[0].content.split()) if reply else 0
    lost = (sent - kept) * _PAUSE
    assert lost <= 0.25 + 0.15, "a quarter of a second, and what was on the way"


def test_the_next_start_says_what_was_kept(home: Path, server: OllamaServer) -> None:
    """Without being asked for that conversation; /continue takes it up and goes on."""
    server.script(Reply("the kiln is still hot " + TALE, pause=_PAUSE), Reply("so i wait"))
    with opened(chat(home, server)) as terminal:
        terminal.say("how is the kiln?")
        server.has_spoken(14)
        terminal.process.kill(signal.SIGKILL)

    with opened(chat(home, server)) as terminal:
        terminal.wait("Last time stopped mid-reply; I kept ")
        terminal.wait("/continue or /retry.")
        terminal.say("/continue")
        terminal.wait("so i wait")
        assert "how is the kiln?" in terminal.text
        assert terminal.leave() == 0

    assert [row.state for row in stored(home)] == ["done", "interrupted", "done"]


def test_a_second_terminal_is_not_disturbed(home: Path, server: OllamaServer) -> None:
    """A reply that another program is writing is its own."""
    server.script(Reply("slowly but surely " + TALE, pause=_PAUSE))
    with opened(chat(home, server)) as first:
        first.say("are you writing?")
        server.has_spoken(10)
        with opened(chat(home, server)) as second:
            assert "mid-reply" not in second.text
            assert second.leave() == 0
        first.interrupt()
        first.wait("Stopped after")
        assert first.leave() == 0
