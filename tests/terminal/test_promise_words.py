"""What goes wrong in a chat is said in a line with its way on; the chat and what was typed stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from lms.servers import Failure, OllamaServer, OpenAIServer, Raw, Reply
from terminal.chatting import chat, opened, stored
from terminal.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens."


class Trouble(NamedTuple):
    """What a server does, and what the screen must say of it."""

    answer: Failure | Reply | Raw
    words: tuple[str, ...]


TROUBLES = {
    "the model is gone": Trouble(
        Failure(404, "model 'tiny' not found"), ("tiny isn't on this Ollama", "Installed: tiny", "ollama pull tiny")
    ),
    "the server fails": Trouble(Failure(500, "out of memory"), ("Ollama failed", "out of memory", "/retry")),
    "something else answers": Trouble(Raw(b"<html>hello</html>"), ("✗", "/retry")),
    "the stream is cut": Trouble(
        Reply("one two three four five six", cut_after=4),
        ("one two three four", "Connection dropped after 4 words. Kept.", "/continue"),
    ),
    "the stream ends without its end": Trouble(
        Reply("one two three four five", unfinished=True),
        ("one two three four five", "Connection dropped after 5 words. Kept.", "/continue"),
    ),
    "the stream is cut before a word": Trouble(Reply("one two", cut_after=0), ("✗", "Your message is kept", "/retry")),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES.keys())
def test_the_chat_and_the_words_stay(trouble: Trouble, home: Path, server: OllamaServer) -> None:
    """One trouble after which /retry answers the same message; no traceback, and the exit is as ever."""
    server.script(trouble.answer, Reply("all is well again"))
    with opened(chat(home, server)) as terminal:
        terminal.say("please keep these words")
        for words in trouble.words:
            terminal.wait(words)
        assert stored(home)[0].content == "please keep these words"
        terminal.say("/retry")
        terminal.wait("all is well again")
        assert terminal.leave() == 0
        assert "Traceback" not in terminal.text

    assert [row.content for row in stored(home) if not row.from_creator] == ["please keep these words"]


def test_a_server_that_goes_away_and_comes_back(home: Path) -> None:
    """Where we looked and how to start it; another model takes over the message that waits."""
    with OllamaServer(models=["tiny"]) as away, OpenAIServer() as near:
        near.script(Reply("here i am"))
        environ = {"OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": f"{near.url}/v1"}
        with opened(chat(home, away, environ=environ)) as terminal:
            away.close()
            terminal.say("anybody there?")
            terminal.wait(f"Ollama isn't answering at {away.host}.")
            terminal.wait("ollama serve")
            terminal.wait("/model")
            terminal.say("/model openai/meta/llama")
            terminal.wait("answers from now on")
            terminal.say("/retry")
            terminal.wait("here i am")
            assert terminal.leave() == 0


def test_a_refused_key_is_told_by_its_end_only(home: Path) -> None:
    """Which variable it came from, and nothing more of it on screen or on disk."""
    key = "sk-verysecretvalue-x9Q2"
    with OpenAIServer(key="another") as server:
        arguments = ("chat", "-m", "openai/meta/llama", "--api-base", f"{server.url}/v1")
        with Terminal(*arguments, home=home, environ={"OPENAI_API_KEY": key}) as terminal:
            terminal.wait("meta/llama")
            terminal.say("do you know me?")
            terminal.wait("refused the key (from $OPENAI_API_KEY, …x9Q2).")
            assert terminal.leave() == 0
            assert "verysecret" not in terminal.text

    kept = [file for file in home.rglob("*") if file.is_file()]
    assert not [file for file in kept if b"verysecret" in file.read_bytes()]


def test_ctrl_c_stops_waiting_for_a_rate_limit(home: Path, server: OllamaServer) -> None:
    """How long it will take is said; nobody has to wait it out."""
    server.script(Failure(429, "slow down", headers={"Retry-After": "50"}), Reply("at last"))
    with opened(chat(home, server)) as terminal:
        terminal.say("quick question")
        terminal.wait("Rate limited. Trying again in 50 s — Ctrl-C to stop waiting.")
        terminal.interrupt()
        terminal.wait("Your message is kept")
        terminal.say("/retry")
        terminal.wait("at last")
        assert terminal.leave() == 0


def too_long(allowed: int) -> Callable[[object], Failure | Reply]:
    """A server that counts otherwise than we do: it takes `allowed` characters, whatever the model may hold."""

    def answer(received: object) -> Failure | Reply:
        said = sum(len(turn["content"]) for turn in received.body["messages"])  # type: ignore[attr-defined]
        return Failure(400, LONG, code="context_length_exceeded") if said > allowed else Reply(f"heard {said}")

    return answer


def test_a_context_that_is_too_small_after_all(home: Path) -> None:
    """The oldest messages are left out, their number is said, and it is sent again by itself."""
    with OpenAIServer() as server:
        server.script(too_long(5300))
        arguments = ("chat", "-m", "openai/meta/llama", "--api-base", f"{server.url}/v1")
        environ = {"PERSONA_TYPING_SPEED": "0", "OPENAI_API_KEY": "sk-1"}
        with Terminal(*arguments, home=home, environ=environ) as terminal:
            terminal.wait("meta/llama")
            for number in range(1, 7):
                terminal.say(f"number {number}: " + "waves and gulls and kettles, " * 20)
                terminal.wait("heard ", times=number)
            terminal.wait_until(lambda text: "oldest messages and sent again" in joined(text), "what was left out")
            assert terminal.leave() == 0
            assert "the model holds" in joined(terminal.text)


def joined(text: str) -> str:
    """As one line."""
    return " ".join(text.split())
