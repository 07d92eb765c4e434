"""A reply that was stopped or killed: how soon the line is back, and that nobody reads what may not be said."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pexpect
from lms.servers import OllamaServer, Reply
from running import persona
from terminal.chatting import chat, opened, stored

if TYPE_CHECKING:
    from pathlib import Path

    from terminal.terminal import Terminal

PROMPT = b"\x1b[?2004h"


def until_prompt(terminal: Terminal) -> float:
    """Seconds from Ctrl-C until the line takes keys again."""
    began = time.monotonic()
    terminal.interrupt()
    seen = b""
    while PROMPT not in seen:
        seen += terminal.process.read_nonblocking(65536, timeout=30)
    took = time.monotonic() - began
    terminal.written += seen
    terminal._stream.feed(seen)
    return took


def test_the_line_is_back_within_200_ms_of_ctrl_c(home: Path, server: OllamaServer) -> None:
    """The best of three, before and after the first word; the server sees that nobody listens each time."""
    server.script(Reply("late", delay=60), *[Reply("word " * 50, pause=0.2)] * 2, Reply("fresh"))
    times = []
    with opened(chat(home, server)) as terminal:
        for number, spoken in enumerate((0, 3, 5)):
            server.arrived.clear()
            server.disconnected.clear()
            server.spoken = 0
            terminal.say(f"go on {number}")
            assert server.arrived.wait(30)
            server.has_spoken(spoken)
            times.append(until_prompt(terminal))
            assert server.disconnected.wait(5)
        terminal.say("still there?")
        terminal.wait("fresh")
        assert terminal.leave() == 0

    assert min(times) < 0.2, times


def test_ctrl_c_right_behind_enter_stops_the_reply(home: Path, server: OllamaServer) -> None:
    """However quick the fingers: the key is not kept for later while the model goes on."""
    server.script(Reply("far too late", delay=60))
    with opened(chat(home, server)) as terminal:
        terminal.type("oh no, not that\r\x03")
        terminal.wait("Your message is kept")
        assert terminal.leave() == 0


def test_what_was_kept_of_a_dead_program_is_filtered_wherever_it_is_shown(home: Path, server: OllamaServer) -> None:
    """Half a reply that names what may not be said: no list, search, export or next chat shows the name."""
    server.script(Reply("sure just add me on instagram and we will talk there " * 4, pause=0.05), Reply("as i said"))
    with opened(chat(home, server)) as terminal:
        terminal.say("where are you?")
        server.has_spoken(12)
        terminal.process.kill(signal.SIGKILL)
        terminal.process.expect(pexpect.EOF)

    shown = ""
    for command in (("search", "add"), ("show", "where are you"), ("export", "where are you", "-f", "json")):
        done = persona("sessions", *command, home=home)
        shown += done.stdout + done.stderr
    with chat(home, server) as terminal:
        terminal.wait("Last time stopped mid-reply")
        terminal.say("/continue")
        terminal.wait("as i said")
        assert terminal.leave() == 0
        shown += terminal.text
    done = persona("sessions", "export", "where are you", "-f", "json", home=home)
    assert "instagram" not in shown + done.stdout
    assert "instagram" not in str(server.requests[-1].body["messages"][-3:])


def test_a_hang_up_keeps_what_there_is(home: Path, server: OllamaServer) -> None:
    """The window is closed in mid reply: message and words are there, and the next start says so."""
    server.script(Reply(" ".join(f"wave{number}" for number in range(60)), pause=0.05), Reply("back again"))
    with opened(chat(home, server)) as terminal:
        terminal.say("tell me about waves")
        server.has_spoken(12)
        terminal.process.kill(signal.SIGHUP)
        terminal.process.expect(pexpect.EOF)

    message, reply = stored(home)
    assert message.content == "tell me about waves"
    assert len(reply.content.split()) >= 4
    with chat(home, server) as terminal:
        terminal.wait("/continue")
        terminal.wait("/retry")
        assert terminal.leave() == 0


def test_off_the_record_leaves_no_byte(home: Path, server: OllamaServer) -> None:
    """Not even a changed file, whatever was typed, stopped and asked for; and nothing of it is suggested later."""
    before = {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}
    server.script(Reply("a quiet word"), Reply("word " * 50, pause=0.2))
    with opened(chat(home, server, "--off-record")) as terminal:
        terminal.say("between the two of us: marzipan")
        terminal.wait("a quiet word")
        server.spoken = 0
        terminal.say("and more of it")
        server.has_spoken(3)
        terminal.interrupt()
        terminal.wait("Stopped")
        terminal.say("/why 2")
        terminal.wait("exactly as they were sent")
        assert terminal.leave() == 0
        assert "persona chat -r" not in terminal.text

    after = {file: file.read_bytes() for file in home.rglob("*") if file.is_file()}
    assert {file for file in after if after[file] != before.get(file)} == set()
    assert not [file for file, content in after.items() if b"marzipan" in content]
