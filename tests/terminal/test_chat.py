"""The chat as a person meets it: in a terminal, key by key, with models that the test controls."""

from __future__ import annotations

import shutil
import sqlite3
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from lms.servers import Failure, OllamaServer, Raw, Reply
from running import persona
from terminal.chatting import stored as rows_of
from terminal.terminal import Terminal

from brain.terminal.paint import NOTICE

if TYPE_CHECKING:
    from pathlib import Path

MODEL = ("-m", "ollama/tiny")


def chat(home: Path, server: OllamaServer, *arguments: str, **options: object) -> Terminal:
    return Terminal("chat", *arguments, *MODEL, home=home, environ={"OLLAMA_HOST": server.url}, **options)


def stored(home: Path) -> list[tuple[int, str]]:
    """Every message that has text: whose it is, and what it says."""
    return [(int(row.from_creator), row.content) for row in rows_of(home)]


def test_a_talk_from_notice_to_goodbye(home: Path, server: OllamaServer) -> None:
    """It says what it is, answers, keeps the talk and leaves on Ctrl-D."""
    server.script(Reply("oh hello you"))
    with chat(home, server) as terminal:
        terminal.wait(NOTICE)
        terminal.say("hi nela")
        terminal.wait("oh hello you")
        assert terminal.leave() == 0
        assert "persona chat -c" in terminal.text

    assert stored(home) == [(0, "hi nela"), (1, "oh hello you")]


def test_the_message_is_stored_before_the_reply_begins(home: Path, server: OllamaServer) -> None:
    """Whatever happens to the model, what was typed is on disk."""
    server.script(Reply("never heard", delay=30))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("remember this")
        assert server.arrived.wait(30)

        assert stored(home) == [(0, "remember this")]


def test_ctrl_c_stops_the_reply_and_the_chat_goes_on(home: Path, server: OllamaServer) -> None:
    """The server is let go, the message kept, and /retry answers it."""
    server.script(Reply("too late", delay=30), Reply("second try"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("are you there?")
        assert server.arrived.wait(30)
        terminal.interrupt()
        terminal.wait("Stopped. Your message is kept")
        assert server.disconnected.wait(10)
        terminal.say("/retry")
        terminal.wait("second try")
        assert terminal.leave() == 0


def test_ctrl_c_clears_the_line_and_never_leaves(home: Path, server: OllamaServer) -> None:
    """Half a line disappears; an empty line gets a hint."""
    server.script(Reply("fine"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.type("a slip of the")
        terminal.wait("a slip of the")
        terminal.interrupt()
        terminal.interrupt()
        terminal.wait("Ctrl-D leaves", times=2)
        terminal.say("still here")
        terminal.wait("fine")

    assert stored(home)[0] == (0, "still here")


def test_a_paste_of_three_lines_is_one_message(home: Path, server: OllamaServer) -> None:
    """Bracketed paste; only Enter sends."""
    server.script(Reply("one message"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.type("\x1b[200~first\nsecond\nthird\x1b[201~")
        terminal.wait("third")
        terminal.type("\r")
        terminal.wait("one message")

    assert stored(home)[0] == (0, "first\nsecond\nthird")


def test_alt_enter_makes_a_new_line(home: Path, server: OllamaServer) -> None:
    """Two lines, one message."""
    server.script(Reply("two lines"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.type("one\x1b\rtwo\r")
        terminal.wait("two lines")

    assert stored(home)[0] == (0, "one\ntwo")


def test_two_slashes_send_one(home: Path, server: OllamaServer) -> None:
    """A message may begin with a slash."""
    server.script(Reply("a command?"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("//shrug")
        terminal.wait("a command?")

    assert stored(home)[0] == (0, "/shrug")


def test_up_arrow_and_search_bring_back_what_was_said(home: Path, server: OllamaServer) -> None:
    """Also from the conversation before: the store is the history."""
    server.script(Reply("noted"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("the first kettle")
        terminal.wait("noted")
        terminal.say("the second kettle")
        terminal.wait("noted", times=2)
        terminal.leave()
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.type("\x1b[A")
        terminal.wait("› the second kettle")
        terminal.interrupt()
        terminal.type("\x12first")
        terminal.wait("the first kettle")


def test_continue_takes_up_the_last_conversation_with_the_right_gap(home: Path, server: OllamaServer) -> None:
    """Two days later it knows that two days have passed."""
    server.script(Reply("hello again"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("see you soon")
        terminal.wait("hello again")
        terminal.leave()
    with sqlite3.connect(home / "data" / "persona.db") as connection:
        for key, moment in connection.execute("select id, timestamp from messages").fetchall():
            earlier = (datetime.fromisoformat(moment) - timedelta(days=2)).isoformat()
            connection.execute("update messages set timestamp = ? where id = ?", (earlier, key))
    connection.close()
    with chat(home, server, "-c") as terminal:
        terminal.wait("see you soon")
        terminal.say("back now")
        terminal.wait("hello again", times=2)

    sent = server.requests[-1].body["messages"]
    assert "had not talked for 2 days" in sent[0]["content"]
    assert [turn["content"] for turn in sent][-3:] == ["see you soon", "hello again", "back now"]


def test_why_tells_demos_situation_filter_and_cost(home: Path, server: OllamaServer) -> None:
    """Everything that made the reply."""
    server.script(Reply("well enough"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("how is biscuit?")
        terminal.wait("well enough")
        terminal.say("/why")
        text = terminal.wait("nearest first")

    assert "situation It is " in text
    assert "clean (rules)" in text
    assert "1 call, 12 prompt tokens" in text
    assert "biscuit" in text.split("nearest first")[1].casefold()


def test_retry_keeps_both_replies(home: Path, server: OllamaServer) -> None:
    """Siblings under the same message; a hint goes along."""
    server.script(Reply("first"), Reply("second"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("pick a colour")
        terminal.wait("first")
        terminal.say("/retry shorter please")
        terminal.wait("second")

    assert stored(home) == [(0, "pick a colour"), (1, "first"), (1, "second")]
    assert "shorter please" in server.requests[-1].body["messages"][-1]["content"]
    assert "first" not in [turn["content"] for turn in server.requests[-1].body["messages"]]


def test_a_forbidden_draft_never_reaches_the_screen(home: Path, server: OllamaServer) -> None:
    """It is written anew with a neutral hint; what forbade it is told by /why alone."""
    server.script(Reply("sure, find me on instagram!"), Reply("i'd rather hear about your day"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("where else can i find you?")
        text = terminal.wait("hear about your day")
        assert "instagram" not in text
        terminal.say("/why")
        terminal.wait("for it names the platform instagram")

    assert b"instagram" not in terminal.written.split(b"/why")[0]
    assert "instagram" not in str(server.requests[-1].body).casefold()


def test_terminal_escapes_from_a_model_are_not_obeyed(home: Path, server: OllamaServer) -> None:
    """A model's text can colour, clear and rename nothing."""
    server.script(Reply("\x1b]0;owned\x07\x1b[2Jplain words\x1b[31m"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("hi")
        terminal.wait("plain words")
        terminal.leave()

    assert b"owned" not in terminal.written
    assert b"\x1b[2J" not in terminal.written


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Failure(500, "out of memory"), "500"),
        (Failure(404, "model 'tiny' not found"), "tiny"),
        (Failure(429, "slow down", headers={"Retry-After": "600"}), "limits the rate"),
        (Raw(b'{"message": {"cont', "application/json", 200), "Ollama"),
    ],
)
def test_a_failing_model_loses_nothing(home: Path, server: OllamaServer, answer: Failure | Raw, words: str) -> None:
    """One line says what happened; the message stays and /retry sends it again."""
    server.script(answer, Reply("there we are"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("do not lose me")
        text = terminal.wait("✗")
        assert words in text.split("✗")[1]
        terminal.say("/retry")
        terminal.wait("there we are")

    assert stored(home) == [(0, "do not lose me"), (1, "there we are")]


def test_a_rate_limit_is_waited_out(home: Path, server: OllamaServer) -> None:
    """How long is said, and that it can be stopped; then the reply comes by itself."""
    server.script(Failure(429, "slow down", headers={"Retry-After": "1"}), Reply("there we are"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("patience")
        terminal.wait("Rate limited. Trying again in 1 s — Ctrl-C to stop waiting.")
        terminal.wait("there we are")


def test_a_server_that_is_not_there(home: Path) -> None:
    """The chat opens all the same, and another model can take over."""
    environ = {"OLLAMA_HOST": "127.0.0.1:9"}
    with Terminal("chat", *MODEL, home=home, environ=environ) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("anyone?")
        terminal.wait("isn't answering")
        assert terminal.leave() == 0

    assert stored(home) == [(0, "anyone?")]


def test_the_model_can_be_changed_in_mid_talk(home: Path, server: OllamaServer) -> None:
    """The conversation stays."""
    server.models = ("tiny", "other")
    server.script(Reply("from tiny"), Reply("from other"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("one")
        terminal.wait("from tiny")
        terminal.say("/model ollama/other")
        terminal.wait("ollama/other answers from now on")
        terminal.say("two")
        terminal.wait("from other")
        terminal.say("/model nonsense")
        terminal.wait("names no model")

    assert [request.body["model"] for request in server.requests if request.body] == ["tiny", "other"]
    assert "one" in [turn["content"] for turn in server.requests[-1].body["messages"]]


def test_new_starts_over_and_help_lists_everything(home: Path, server: OllamaServer) -> None:
    """The old conversation is kept; nothing of it is sent."""
    server.script(Reply("first talk"), Reply("second talk"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("old words")
        terminal.wait("first talk")
        terminal.say("/new")
        terminal.wait("A new conversation")
        terminal.say("fresh words")
        terminal.wait("second talk")
        terminal.say("/help")
        text = terminal.wait("Ctrl-D")
        for command in ("/help", "/why", "/retry", "/model", "/new", "/quit"):
            assert command in text
        terminal.say("/hepl")
        terminal.wait("Did you mean /help?")
        terminal.say("/quit")
        assert terminal.end() == 0

    assert "old words" not in [turn["content"] for turn in server.requests[-1].body["messages"]]


def test_a_voice_that_is_not_there_ends_the_chat_kindly(home: Path) -> None:
    """What, and what next; exit code 66."""
    with Terminal("chat", "nobody", home=home) as terminal:
        terminal.wait("no voice called 'nobody'")
        assert terminal.end() == 66
        assert "persona voices" in terminal.text


def test_a_narrow_window_is_readable(home: Path, server: OllamaServer) -> None:
    """Forty columns: nothing is cut off."""
    server.script(Reply("a reply that is longer than the window is wide, so that it must wrap"))
    with chat(home, server, columns=40) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("hi")
        text = terminal.wait("must wrap")

    assert "longer than the window" in " ".join(text.split())


def test_the_first_chat_compiles_the_bundled_voice_and_names_its_model(tmp_path: Path) -> None:
    """A new machine: no artifact, no key, no server; one real reply from the embedded model."""
    with Terminal("chat", home=tmp_path / "new", environ={"OLLAMA_HOST": "127.0.0.1:9"}) as terminal:
        terminal.wait("Compiling the bundled voice nela")
        terminal.wait("model: embedded")
        terminal.say("hello nela")
        terminal.wait_until(lambda text: "Nela  " in text, "a reply")
        terminal.say("/why")
        terminal.wait("embedded/SmolLM2")
        assert terminal.leave() == 0


def test_continue_finds_the_conversation_of_a_voice_by_its_name(home: Path, server: OllamaServer) -> None:
    """Whichever version it was compiled in since."""
    server.script(Reply("hello"))
    with chat(home, server, "nela") as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("remember the heron")
        terminal.wait("Nela  hello")
        terminal.leave()
    shutil.copytree(home / "data" / "voices" / "nela" / "1", home / "data" / "voices" / "nela" / "2")
    with chat(home, server, "nela", "-c") as terminal:
        terminal.wait("nela@2")
        terminal.wait("remember the heron")
        terminal.type("\x1b[A")
        terminal.wait("› remember the heron", times=2)


def test_a_voice_may_be_a_folder_and_be_continued(home: Path, server: OllamaServer, tmp_path: Path) -> None:
    """Its conversations are kept under its path."""
    server.script(Reply("hello"))
    folder = shutil.copytree(home / "data" / "voices" / "nela" / "1", tmp_path / "my-voice")
    with chat(home, server, str(folder)) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("from a folder")
        terminal.wait("Nela  hello")
        terminal.leave()
    with chat(home, server, "-c") as terminal:
        terminal.wait("from a folder")


@pytest.mark.parametrize("moment", [0.0, 0.15, 0.4])
def test_ctrl_c_while_it_starts_never_leaves(home: Path, server: OllamaServer, moment: float) -> None:
    """Before the prompt is real, and while everything loads."""
    server.script(Reply("still here"))
    with chat(home, server) as terminal:
        terminal.wait(NOTICE)
        time.sleep(moment)
        terminal.interrupt()
        terminal.say("/why")
        terminal.interrupt()
        terminal.wait("ollama/tiny")
        terminal.say("hi")
        terminal.wait("still here")
        assert terminal.leave() == 0
        assert "Traceback" not in terminal.text


def test_ctrl_d_while_it_loads_leaves_at_once(home: Path, server: OllamaServer) -> None:
    """Nothing was said, so there is nothing to wait for."""
    with chat(home, server) as terminal:
        terminal.wait(NOTICE)
        assert terminal.leave() == 0
        assert "Traceback" not in terminal.text


def test_a_model_that_is_not_there_is_not_taken(home: Path, server: OllamaServer) -> None:
    """/model asks before it says yes; the model before goes on answering."""
    server.script(Reply("still tiny"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.say("/model ollama/absent")
        terminal.wait("isn't on this Ollama. Installed: tiny")
        terminal.say("hi")
        terminal.wait("still tiny")


def test_a_long_paste_does_not_silence_what_follows(home: Path, server: OllamaServer) -> None:
    """What was too long is cut short once it is no longer the last message."""
    server.script(Reply("that was long"), Reply("better"))
    with chat(home, server) as terminal:
        terminal.wait("ollama/tiny")
        terminal.type(f"\x1b[200~{'word ' * 3_600}\x1b[201~\r")
        terminal.wait("that was long")
        terminal.say("shorter now")
        terminal.wait("better")

    assert sum(len(turn["content"]) for turn in server.requests[-1].body["messages"]) < 10_000


def test_piped_lines_are_a_chat_too(home: Path, server: OllamaServer) -> None:
    """A line a message, no escape codes; it ends with its input."""
    server.script(Reply("one"), Reply("two"))

    done = persona("chat", home=home, server=server, given="first\nsecond\n/quit\nthird\n")

    assert done.returncode == 0, done.stderr
    assert NOTICE in done.stdout
    assert "Nela  one" in done.stdout
    assert "Nela  two" in done.stdout
    assert "\x1b" not in done.stdout
    assert [text for _, text in stored(home)] == ["first", "one", "second", "two"]


def test_a_terminal_that_can_only_print(home: Path, server: OllamaServer) -> None:
    """TERM=dumb: a prompt, no escape codes, and every note on a line of its own."""
    server.script(Reply("plain enough"))
    environ = {"OLLAMA_HOST": server.url, "TERM": "dumb"}
    with Terminal("chat", *MODEL, home=home, environ=environ) as terminal:
        terminal.wait("ollama/tiny\n›")
        terminal.type("hi\n")
        terminal.wait("plain enough")
        assert terminal.leave() == 0

    assert b"\x1b" not in terminal.written
