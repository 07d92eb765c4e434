"""What the screen shows of replies: every word once, whatever the window does, and little more than the words."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from lms.servers import OllamaServer, Reply
from terminal.chatting import chat, opened, stored

if TYPE_CHECKING:
    from pathlib import Path

    from terminal.terminal import Terminal

MIXED = "the kiln 🏺 is warm, 値段は高い but the tea 🫖 is free and the cat 👩‍👩‍👧 sleeps on the stairs"
PROMPT = b"\x1b[?2004h"


def resized(terminal: Terminal, columns: int) -> None:
    """The window gets another width, and the program is told."""
    terminal.process.setwinsize(24, columns)
    terminal.process.kill(signal.SIGWINCH)
    terminal._screen.resize(24, columns)
    terminal._columns = columns


def in_the_middle(terminal: Terminal, wanted: str) -> None:
    """Reads no further than to what is wanted: `wait` would wait for a pause, and so for the whole reply."""
    while wanted not in terminal.text:
        terminal._stream.feed(terminal.process.read_nonblocking(64, timeout=30))


def reply_on(text: str) -> list[str]:
    """The words of the last reply."""
    return text.rpartition("Nela")[2].partition("›")[0].split()


def test_a_window_that_changes_in_mid_reply_loses_no_word(home: Path, server: OllamaServer) -> None:
    """Typed out while the window changes: each word of the reply once, in order; the next one fits the new width."""
    server.script(Reply("one two three four five six seven eight nine ten eleven twelve"), Reply("as wide as it is"))
    with opened(chat(home, server, environ={"PERSONA_TYPING_SPEED": "25"})) as terminal:
        terminal.say("count, please")
        in_the_middle(terminal, "two three")
        resized(terminal, 50)
        terminal.wait_until(lambda text: "twelve" in reply_on(text), "the whole reply")
        reply = stored(home)[-1].content.split()
        assert reply_on(terminal.text) == reply
        terminal.say("and now?")
        terminal.wait("as wide as it is")
        assert terminal.leave() == 0
        assert terminal.text.split().count("twelve") == 1


def test_a_window_that_changes_while_the_model_writes_is_no_trouble(home: Path, server: OllamaServer) -> None:
    """The reply comes, in the new width, and the line below it takes keys."""
    server.script(Reply("rather late but here", delay=1.0), Reply("so it is"))
    with opened(chat(home, server)) as terminal:
        terminal.say("take your time")
        assert server.arrived.wait(30)
        resized(terminal, 44)
        terminal.wait("rather late but here")
        terminal.say("thanks for that")
        terminal.wait("so it is")
        assert terminal.leave() == 0

    assert [row.content for row in stored(home)][1::2] == ["rather late but here", "so it is"]


def test_scrollback_is_one_final_render(home: Path, server: OllamaServer) -> None:
    """Typed out or at once, with emoji and wide characters: the same lines, every reply once."""
    screens = []
    for speed in ("0", "400"):
        server.script(Reply(MIXED))
        with opened(chat(home, server, "--off-record", environ={"PERSONA_TYPING_SPEED": speed})) as terminal:
            for number in range(1, 6):
                terminal.say(f"message {number}")
                terminal.wait("stairs", times=number)
            assert terminal.leave() == 0
            screens.append([line for line in terminal.text.splitlines() if line.strip()])

    assert screens[0] == screens[1]
    assert sum("Nela" in line for line in screens[0]) == 5
    assert sum("kiln 🏺" in " ".join(line.split()) for line in screens[0]) == 5


def test_little_more_is_written_than_is_said(home: Path, server: OllamaServer) -> None:
    """At most three bytes for one of the text, though it is typed out letter by letter."""
    server.script(Reply(MIXED))
    with opened(chat(home, server, environ={"PERSONA_TYPING_SPEED": "60"})) as terminal:
        terminal.say("how is it going?")
        terminal.wait("stairs")
        assert terminal.leave() == 0
        text = stored(home)[-1].content

    shown = terminal.written.partition(b"Nela")[2].partition(PROMPT)[0]
    assert len(shown) <= 3 * len(text.encode())


def test_a_key_completes_the_reply_and_is_the_first_of_the_next_message(home: Path, server: OllamaServer) -> None:
    """At a pace that would take a minute."""
    server.script(Reply("one two three four five six seven eight nine ten"), Reply("i heard"))
    with opened(chat(home, server, environ={"PERSONA_TYPING_SPEED": "3"})) as terminal:
        terminal.say("count")
        terminal.wait("one t")
        terminal.type("x")
        terminal.wait("nine ten")
        terminal.say("yz")
        terminal.wait("i h")
        assert [row.content for row in stored(home) if not row.from_creator] == ["count", "xyz"]
        terminal.interrupt()
        terminal.wait("i heard")
