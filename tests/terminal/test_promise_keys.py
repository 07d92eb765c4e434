"""Every key that is promised, pressed in a real terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pexpect
from lms.servers import OllamaServer, Reply
from terminal.chatting import chat, opened, stored
from terminal.terminal import PATIENCE, Terminal

if TYPE_CHECKING:
    from pathlib import Path

NEW_LINE = {"alt-enter": "\x1b\r", "ctrl-j": "\n", "kitty's shift-enter": "\x1b[13;2u", "xterm's": "\x1b[27;2;13~"}
ALT_LEFT, ALT_RIGHT, RIGHT = "\x1b[1;3D", "\x1b[1;3C", "\x1b[C"
CTRL_R, CTRL_X, CTRL_E, CTRL_Z, ESCAPE, TAB = "\x12", "\x18", "\x05", "\x1a", "\x1b", "\t"


def mine(home: Path) -> list[str]:
    """What the user said."""
    return [row.content for row in stored(home) if not row.from_creator]


def typed(terminal: Terminal, keys: str, shown: str) -> None:
    """Keys, and then what stands on the input line."""
    terminal.type(keys)
    terminal.wait_until(lambda text: input_line(text) == shown, f"{shown!r} on the line")


def input_line(text: str) -> str:
    """The last line that begins with the prompt."""
    return [line for line in text.splitlines() if line.startswith("›")][-1].removeprefix("›").strip()


def test_four_keys_make_a_new_line_and_enter_sends(home: Path, server: OllamaServer) -> None:
    """Whatever the terminal sends for Shift-Enter; nothing of its codes reaches the message."""
    server.script(*(Reply(f"heard {number}") for number in range(len(NEW_LINE))))
    with opened(chat(home, server)) as terminal:
        for number, key in enumerate(NEW_LINE.values()):
            terminal.type(f"upper{number}{key}lower{number}")
            terminal.wait(f"lower{number}")
            terminal.type("\r")
            terminal.wait(f"heard {number}")
        assert terminal.leave() == 0

    assert mine(home) == [f"upper{number}\nlower{number}" for number in range(len(NEW_LINE))]


def test_what_was_said_is_suggested_and_found_and_replies_are_walked(home: Path, server: OllamaServer) -> None:
    """The right arrow takes the grey suggestion, Ctrl-R searches; Alt and an arrow walk the replies to it."""
    server.script(*(Reply(f"heard {number}") for number in range(5)))
    with opened(chat(home, server)) as terminal:
        terminal.say("kettles and other stories")
        terminal.wait("heard 0")
        terminal.say("gulls on the roof")
        terminal.wait("heard 1")
        terminal.type("kett")
        terminal.wait("kettles and other stories", times=2)
        terminal.type(f"{RIGHT}\r")
        terminal.wait("heard 2")
        terminal.type(f"{CTRL_R}gulls")
        terminal.wait("gulls on the roof", times=2)
        terminal.type("\r\r")
        terminal.wait("heard 3")
        terminal.say("/retry")
        terminal.wait("heard 4")
        terminal.type(ALT_LEFT)
        terminal.wait("heard 3", times=2)
        terminal.type(ALT_RIGHT)
        terminal.wait("heard 4", times=2)
        assert terminal.leave() == 0

    assert mine(home) == ["kettles and other stories", "gulls on the roof"] * 2


def test_tab_completes_commands_and_arguments(home: Path, server: OllamaServer) -> None:
    """One press where there is one way on."""
    with opened(chat(home, server)) as terminal:
        terminal.type("/expo")
        terminal.wait("/export")
        typed(terminal, TAB, "/export")
        terminal.type(" tav")
        terminal.wait("tavern")
        typed(terminal, TAB, "/export tavern")
        terminal.interrupt()


def test_tab_completes_however_fast_it_is_pressed(home: Path, server: OllamaServer) -> None:
    """A fast typist, or a program that types, does not wait for a menu."""
    with opened(chat(home, server)) as terminal:
        typed(terminal, f"/expo{TAB}", "/export")
        terminal.interrupt()


def test_a_screen_reader_completes_with_tab(home: Path, server: OllamaServer) -> None:
    """No menu, but the same key."""
    with opened(chat(home, server, environ={"ACCESSIBLE": "1"})) as terminal:
        typed(terminal, "/expo", "/expo")
        typed(terminal, TAB, "/export")
        terminal.interrupt()


def test_the_line_can_be_written_in_an_editor(home: Path, server: OllamaServer, tmp_path: Path) -> None:
    """Ctrl-X Ctrl-E opens $EDITOR with what is there; what it leaves stands on the line and is sent by Enter."""
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "%s\\nwith care" "$(cat "$1")" > "$1"\n')
    editor.chmod(0o755)
    server.script(Reply("well written"))
    with opened(chat(home, server, environ={"EDITOR": str(editor), "VISUAL": ""})) as terminal:
        typed(terminal, "half a thought", "half a thought")
        terminal.type(f"{CTRL_X}{CTRL_E}")
        terminal.wait("with care")
        assert mine(home) == []
        terminal.type("\r")
        terminal.wait("well written")
        assert terminal.leave() == 0

    assert mine(home) == ["half a thought\nwith care"]


def test_ctrl_z_suspends_and_the_line_is_still_there(home: Path, server: OllamaServer) -> None:
    """The shell gets its terminal back; `fg` goes on with what was typed."""
    server.script(Reply("welcome back"))
    environ = {**os.environ, "PERSONA_HOME": str(home), "OLLAMA_HOST": server.url, "PS1": "shell$ "}
    shell = pexpect.spawn("bash", ["--norc", "--noprofile", "-i"], timeout=PATIENCE, encoding="utf-8", env=environ)
    try:
        shell.expect_exact("shell$ ")
        shell.sendline(f"{sys.executable} -m brain chat -m ollama/tiny")
        shell.expect_exact("model: ollama/tiny")
        shell.expect_exact("›")
        shell.send("before")
        shell.expect_exact("before")
        shell.send(CTRL_Z)
        shell.expect("Stopped")
        shell.expect_exact("shell$ ")
        shell.sendline("fg")
        shell.expect_exact("before")
        shell.send(" and after\r")
        shell.expect_exact("welcome back")
        shell.sendcontrol("d")
        shell.expect_exact("Kept")
        shell.expect_exact("shell$ ")
    finally:
        shell.close(force=True)

    assert mine(home) == ["before and after"]


def test_vi_keys_by_config(home: Path, server: OllamaServer) -> None:
    """`persona config set editing_mode vi`, and Escape leads to vi's commands."""
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "config.toml").write_text('editing_mode = "vi"\n')
    server.script(Reply("quit it is not"))
    with opened(chat(home, server)) as terminal:
        typed(terminal, "one two three", "one two three")
        terminal.type(ESCAPE)
        typed(terminal, "0dw", "two three")
        terminal.type("Afour")
        terminal.wait("two threefour")
        terminal.type("\r")
        terminal.wait("quit it is not")
        assert terminal.leave() == 0

    assert mine(home) == ["two threefour"]


def test_ctrl_d_leaves_only_an_empty_line_and_says_how_to_come_back(home: Path, server: OllamaServer) -> None:
    """The line that is printed works."""
    server.script(Reply("see you"))
    with opened(chat(home, server)) as terminal:
        terminal.say("hello there")
        terminal.wait("see you")
        typed(terminal, "not yet", "not yet")
        terminal.process.sendcontrol("d")
        terminal.type("!")
        terminal.wait("not yet!")
        terminal.interrupt()
        terminal.wait_until(lambda text: input_line(text) == "", "an empty line")
        assert terminal.leave() == 0
        resume = terminal.text.partition("persona chat -r ")[2].split()[0].rstrip(".")
    with chat(home, server, "-r", resume) as terminal:
        terminal.wait("see you")
        assert terminal.leave() == 0


def test_a_paste_of_many_lines_is_one_message(home: Path, server: OllamaServer) -> None:
    """Two hundred lines with tabs, emoji and an escape code arrive as they are, but for the code."""
    lines = [f"line {number}\tof the 値段 🐈 list" for number in range(200)]
    server.script(Reply("that is a lot"))
    with opened(chat(home, server)) as terminal:
        terminal.type("\x1b[200~" + "\n".join(lines) + "\x1b[201~")
        terminal.wait("line 199")
        assert mine(home) == []
        terminal.type("\r")
        terminal.wait("that is a lot")
        assert terminal.leave() == 0

    (message,) = mine(home)
    assert [line.split() for line in message.splitlines()] == [line.split() for line in lines]
