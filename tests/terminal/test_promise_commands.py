"""Every slash command and alias of the chat, with what it takes and with what it cannot use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer, OpenAIServer, Reply
from running import persona
from terminal.chatting import chat, opened, stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from subprocess import CompletedProcess

COMMANDS = (
    *("/help", "/why", "/retry", "/continue", "/prev", "/next", "/edit", "/keep", "/undo", "/redo", "/fork", "/new"),
    *("/open", "/name", "/export", "/model", "/voice", "/stats", "/quit"),
)


def replies(*texts: str) -> list[Reply]:
    return [Reply(text) for text in texts]


def lines(home: Path, server: OllamaServer, typed: Sequence[str], *arguments: str) -> CompletedProcess[str]:
    """A chat whose lines come through a pipe: all that is said about them, in order."""
    done = persona("chat", *arguments, home=home, server=server, given="\n".join([*typed, ""]))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done


def test_every_command_before_a_word_was_said(home: Path, server: OllamaServer) -> None:
    """Each answers, none calls the model, none ends the chat, and all are in /help."""
    asked = [name for name in COMMANDS if name != "/quit"]
    done = lines(home, server, [*asked, "and now a message"])

    assert all(name in done.stdout for name in COMMANDS)
    assert "Hello from the server." in done.stdout
    assert len([request for request in server.requests if request.path == "/api/chat"]) == 1
    assert [row.content for row in stored(home)] == ["and now a message", "Hello from the server."]


BAD = {
    "/why 7": "no reply to explain",
    "/why blue": "'blue'",
    "/undo 0": "'0'",
    "/undo -3": "'-3'",
    "/undo two": "'two'",
    "/redo": "nothing to go forward to",
    "/redo x": "'x'",
    "/prev": "only one",
    "/next": "only one",
    "/continue": "whole",
    "/name": "name is missing",
    "/open zzzz": "'zzzz'",
    "/open 99": "99",
    "/export pdf": "'pdf'",
    "/model nonsense": "'nonsense'",
    "/model ollama/absent": "absent isn't on this Ollama",
    "/voice nobody": "'nobody'",
    "/hepl": "Did you mean /help?",
    "/retyr": "Did you mean /retry?",
    "/nothinglikeit": "/nothinglikeit",
}


def test_what_a_command_cannot_use_is_said_and_changes_nothing(home: Path, server: OllamaServer) -> None:
    """One fact, one way on, for each; the conversation stands where it stood."""
    server.script(*replies("the only reply", "still here"))
    done = lines(home, server, ["hello there", *BAD, "are you there?"])

    after = done.stdout.partition("the only reply")[2]
    for typed, words in BAD.items():
        fact, _, rest = after.partition("✗ ")[2].partition("\n")
        assert words in fact + rest.partition("✗ ")[0], typed
        assert rest.lstrip().startswith("→"), f"{typed}: no way on"
        after = rest
    assert "still here" in after
    assert [row.content for row in stored(home)] == ["hello there", "the only reply", "are you there?", "still here"]


def test_other_names_of_retry(home: Path, server: OllamaServer) -> None:
    """With a hint, which the model is told and which is no message of the talk."""
    server.script(*replies("the first reply", "the second", "the third", "the fourth"))
    hinted = [f"{alias} mention the harbour" for alias in ("/regenerate", "/swipe", "/r")]
    done = lines(home, server, ["hello there", *hinted])

    assert "the fourth  ‹4/4›" in done.stdout
    assert all("mention the harbour" in str(request.body) for request in server.requests[-3:])
    assert "mention the harbour" not in str(stored(home))


@pytest.mark.parametrize("alias", ["/bye", "/exit", "/q"])
def test_other_names_of_quit(alias: str, home: Path, server: OllamaServer) -> None:
    """What stands after it is never said."""
    lines(home, server, [alias, "never said"])

    assert "never said" not in str(server.requests)


def test_clear_is_new_and_save_says_that_all_is_saved(home: Path, server: OllamaServer) -> None:
    """The model hears nothing of the conversation before, which is kept."""
    server.script(*replies("oh a secret", "hello stranger"))
    done = lines(home, server, ["the word is marmalade", "/save", "/clear", "who are you?"])

    assert "Already saved. Name it with /name" in done.stdout
    assert "marmalade" not in str(server.requests[-1].body)
    assert "the word is marmalade" in [row.content for row in stored(home)]


def test_undo_and_redo_of_several(home: Path, server: OllamaServer) -> None:
    """Back by n, forward by n; more than there is means all there is."""
    server.script(*replies("reply one", "reply two", "reply three", "reply four"))
    typed = ["say one", "say two", "say three", "/undo 2", "/redo 2", "/undo 50", "/redo 50", "/undo", "say four"]
    done = lines(home, server, typed)

    assert "reply four" in done.stdout
    told = str(server.requests[-1].body)
    assert "reply two" in told
    assert "reply three" not in told
    assert {"reply one", "reply two", "reply three", "reply four"} <= {row.content for row in stored(home)}


def test_the_exported_talk_is_where_it_says(home: Path, server: OllamaServer, tmp_path: Path) -> None:
    """Each of the five forms, into the folder one is in, and none replaces another."""
    server.script(Reply("worth keeping"))
    with opened(chat(home, server, cwd=tmp_path)) as terminal:
        terminal.say("hello there")
        terminal.wait("worth keeping")
        for number, form in enumerate(("md", "json", "jsonl", "html", "tavern"), 1):
            terminal.say(f"/export {form}")
            terminal.wait("Written:", times=number)
        assert terminal.leave() == 0

    written = [file for file in tmp_path.iterdir() if file.is_file()]
    assert len(written) == 5
    assert all("worth keeping" in file.read_text() for file in written)
    assert {file.stat().st_mode & 0o777 for file in written} == {0o600}


def test_a_conversation_is_resumed_by_its_words_title_and_number(home: Path, server: OllamaServer) -> None:
    """`persona chat -r`, with several words, in any case, and with the id that is printed in the end."""
    server.script(*replies("the gull stole it", "a quiet one", "go on"))
    done = lines(home, server, ["a sandwich is took", "/name the big theft", "/new", "quiet day?", "/name the sea"])
    number = done.stdout.rpartition("persona chat -r ")[2].split()[0].rstrip(".")
    for words in ("took sandwich", "THE big theft", "gull stole"):
        lines(home, server, ["and then?"], "-r", words)
        assert "the gull stole it" in str(server.requests[-1].body), words
        assert "a quiet one" not in str(server.requests[-1].body), words
    lines(home, server, ["and then?"], "-r", number)
    assert "a quiet one" in str(server.requests[-1].body)


def test_the_model_changes_in_mid_talk_and_nothing_is_lost(home: Path, server: OllamaServer) -> None:
    """The next reply comes from the other model, which is told the talk so far; /why tells them apart."""
    server.models = ("tiny", "other")
    server.script(*replies("spoken by tiny", "spoken by other"))
    done = lines(home, server, ["remember the blue mug", "/model ollama/other", "which mug?", "/why", "/why 2"])

    assert server.requests[-1].body["model"] == "other"
    assert "remember the blue mug" in str(server.requests[-1].body)
    before = done.stdout.partition("model ollama/other\n")[2]
    assert "model ollama/tiny" in before, "the reply before was of the other model"


def test_there_and_back_to_another_server(home: Path, server: OllamaServer) -> None:
    """The address the chat began with is still that of its model after a while with another."""
    server.script(Reply("spoken by tiny"))
    with OpenAIServer() as other:
        other.script(*replies("spoken by llama", "llama again"))
        begun = ("-m", "openai/meta/llama", "--api-base", f"{other.url}/v1")
        typed = ["hello there", "/model ollama/tiny", "and you?", "/model openai/meta/llama", "still you?", ""]
        environ = {"OLLAMA_HOST": server.url, "OPENAI_API_KEY": "sk-1"}
        done = persona("chat", *begun, home=home, given="\n".join(typed), environ=environ)

    said = [words for words in ("spoken by llama", "spoken by tiny", "llama again") if words in done.stdout]
    assert said == ["spoken by llama", "spoken by tiny", "llama again"]
