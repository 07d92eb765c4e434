"""Retry, edit, undo, fork: moves in a tree that nothing is ever lost from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from terminal.chatting import chat, opened, stored

if TYPE_CHECKING:
    from pathlib import Path


def texts(home: Path) -> list[str]:
    return [row.content for row in stored(home)]


def sent(server: OllamaServer, back: int = 1) -> list[str]:
    """What the model was told, turn by turn, in the request `back` ago."""
    return [turn["content"] for turn in server.requests[-back].body["messages"]]


def test_three_retries_are_three_siblings(home: Path, server: OllamaServer) -> None:
    """All kept; /prev and /next walk them, and the one that stands is the one the talk goes on from."""
    server.script(*map(Reply, ("crimson it is", "azure it is", "ochre it is", "jade it is", "so be it")))
    with opened(chat(home, server)) as terminal:
        terminal.say("pick a colour")
        terminal.wait("crimson it is")
        for colour, mark in (("azure", "‹2/2›"), ("ochre", "‹3/3›"), ("jade", "‹4/4›")):
            terminal.say("/retry")
            terminal.wait(f"{colour} it is")
            terminal.wait(mark)
        terminal.say("/prev")
        terminal.wait("‹3/4›")
        terminal.say("/prev")
        terminal.wait("‹2/4›")
        terminal.say("/next")
        terminal.wait("‹3/4›", times=2)
        terminal.say("that one then")
        terminal.wait("so be it")
        assert terminal.leave() == 0

    replies = [row for row in stored(home) if row.from_creator][:4]
    assert len({row.parent for row in replies}) == 1
    assert "ochre it is" in sent(server)
    assert not {"crimson it is", "azure it is", "jade it is"} & {*sent(server)}


def test_either_end_of_the_replies_is_told(home: Path, server: OllamaServer) -> None:
    """And where there is only one, what makes another."""
    server.script(Reply("only me here"))
    with opened(chat(home, server)) as terminal:
        terminal.say("hello")
        terminal.wait("only me here")
        terminal.say("/next")
        terminal.wait("There is only one.")
        terminal.wait("/retry adds a reply")
        assert terminal.leave() == 0


def test_my_last_message_is_edited_on_the_line(home: Path, server: OllamaServer) -> None:
    """The old words come back to be changed; both forms stay in the tree."""
    server.script(Reply("red is nice"), Reply("blue is nicer"))
    with opened(chat(home, server)) as terminal:
        terminal.say("i like red")
        terminal.wait("red is nice")
        terminal.say("/edit")
        terminal.wait("/edit i like red")
        terminal.type("\x7f\x7f\x7fblue\r")
        terminal.wait("blue is nicer")
        terminal.say("/prev")
        terminal.wait("red is nice", times=2)
        assert terminal.leave() == 0

    assert texts(home) == ["i like red", "red is nice", "i like blue", "blue is nicer"]
    assert "i like red" not in sent(server)


def test_an_edited_reply_is_a_lesson(home: Path, server: OllamaServer) -> None:
    """The correction stands in the talk, and a `y` keeps it as an example for the voice."""
    server.script(Reply("greetings, dear customer"), Reply("of course"))
    with opened(chat(home, server)) as terminal:
        terminal.say("hi nela")
        terminal.wait("greetings, dear customer")
        terminal.say("/edit them hey you. mugs are out of the kiln")
        terminal.wait("Keep it as an example")
        terminal.say("y")
        terminal.wait("Kept as an example for nela")
        terminal.say("lovely")
        terminal.wait("of course")
        assert terminal.leave() == 0

    assert "hey you. mugs are out of the kiln" in sent(server)
    assert "greetings, dear customer" not in sent(server)
    (kept,) = map(json.loads, (home / "data" / "voices" / "nela" / "lessons.jsonl").read_text().splitlines())
    assert kept["output"] == "hey you. mugs are out of the kiln"
    assert kept["chat_history"]["messages"][-1]["content"] == "hi nela"
    assert "greetings, dear customer" in texts(home), "the first reply is kept as well"


def test_a_question_may_be_passed_over(home: Path, server: OllamaServer) -> None:
    """Whatever is not a yes is a message like any other."""
    server.script(Reply("greetings"), Reply("right you are"))
    with opened(chat(home, server)) as terminal:
        terminal.say("hi nela")
        terminal.wait("greetings")
        terminal.say("/edit them hey you")
        terminal.wait("Keep it as an example")
        terminal.say("yesterday was better")
        terminal.wait("right you are")
        assert terminal.leave() == 0

    assert not (home / "data" / "voices" / "nela" / "lessons.jsonl").exists()


def test_the_policy_holds_for_an_edited_reply(home: Path, server: OllamaServer) -> None:
    """It is refused, and the words are back on the line."""
    server.script(Reply("hello there"))
    with opened(chat(home, server)) as terminal:
        terminal.say("hi")
        terminal.wait("hello there")
        terminal.say("/edit them find me on instagram")
        terminal.wait("The policy forbids that reply")
        terminal.wait("/edit them find me on instagram", times=2)
        terminal.interrupt()
        assert terminal.leave() == 0

    assert texts(home) == ["hi", "hello there"]


def test_undo_and_redo_move_and_never_delete(home: Path, server: OllamaServer) -> None:
    """The model does not see what was undone; after a resume it can still be redone."""
    server.script(*map(Reply, ("first answer", "second answer", "third answer")))
    with opened(chat(home, server)) as terminal:
        for number in ("one", "two"):
            terminal.say(f"message {number}")
            terminal.wait("first answer" if number == "one" else "second answer")
        terminal.say("/undo")
        terminal.wait("Back 1 exchange.")
        assert terminal.leave() == 0
    with opened(chat(home, server, "-c")) as terminal:
        terminal.wait("first answer")
        terminal.say("/redo")
        terminal.wait("Forward 1 exchange.")
        terminal.wait("second answer")
        terminal.say("/undo 2")
        terminal.wait("Back 2 exchanges.")
        terminal.say("another beginning")
        terminal.wait("third answer")
        terminal.say("/undo nonsense")
        terminal.wait("/undo takes a number from 1 on, not 'nonsense'.")
        assert terminal.leave() == 0

    assert len(texts(home)) == 6
    assert not {"message one", "message two"} & {*sent(server)}


def test_a_fork_leaves_the_conversation_as_it_was(home: Path, server: OllamaServer) -> None:
    """The copy goes its own way; /open finds the other by its number, name or words."""
    server.script(*map(Reply, ("first answer", "of the fork")))
    with opened(chat(home, server)) as terminal:
        terminal.say("the beginning")
        terminal.wait("first answer")
        terminal.say("/name pottery talk")
        terminal.wait("Named.")
        terminal.say("/fork")
        terminal.wait("You go on in a copy.")
        terminal.say("only in the fork")
        terminal.wait("of the fork")
        terminal.say("/open")
        terminal.wait("/open 2, or /open and some words")
        terminal.say("/open pottery talk")
        terminal.wait("first answer", times=2)
        terminal.say("/why")
        terminal.wait("exactly as they were sent")
        assert terminal.leave() == 0

    with opened(chat(home, server, "-r", "only in the fork")) as terminal:
        terminal.wait("of the fork")
        assert terminal.leave() == 0


def test_off_the_record_writes_nothing(home: Path, server: OllamaServer) -> None:
    """No file of the home holds a word of the talk."""
    server.script(Reply("my lips are sealed"))
    with opened(chat(home, server, "--off-record")) as terminal:
        terminal.wait("Off the record")
        terminal.say("xylophone quarry")
        terminal.wait("my lips are sealed")
        terminal.say("/keep")
        terminal.wait("off the record: nothing of it is kept")
        assert terminal.leave() == 0
        assert "Nothing of this talk was kept" in terminal.text

    written = [file for file in home.rglob("*") if file.is_file()]
    assert not [file for file in written if b"xylophone" in file.read_bytes() or b"sealed" in file.read_bytes()]
    assert not [file for file in written if file.name.startswith("persona.db")]


def test_another_voice_and_the_sums(home: Path, server: OllamaServer) -> None:
    """/voice tells which there are, /stats what it took, /export writes the talk."""
    server.script(Reply("a fine answer"))
    with opened(chat(home, server, cwd=home)) as terminal:
        terminal.say("a question")
        terminal.wait("a fine answer")
        terminal.say("/voice")
        terminal.wait("You talk to nela@1. There are: nela.")
        terminal.say("/voice nobody")
        terminal.wait("nobody")
        terminal.say("/stats")
        terminal.wait("written")
        terminal.say("/export md")
        terminal.wait("Written:")
        terminal.say("/save")
        terminal.wait("Already saved. Name it with /name.")
        assert terminal.leave() == 0

    (exported,) = home.glob("*.md")
    assert "a fine answer" in exported.read_text()
