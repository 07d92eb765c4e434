"""What comes in may be shown and stored, whoever wrote it."""

from __future__ import annotations

from transcripts.talks import NOW, reply, transcript, user

from brain.models import Turn
from brain.transcripts.reading import read_transcripts
from brain.transcripts.writing import write

TURN = {"voice": "nela@1", "model": "m", "situation": "", "verdict": {"allowed": True}, "demos": [], "usage": {}}
DEMO = {"id": "3", "similarity": 0.5, "message": "hi", "reply": "hey"}


def read(content):
    return read_transcripts(content, "a file", voice="nela", now=NOW)


def test_what_is_read_has_lost_its_escapes():
    """Nothing in a file may move the cursor, hide text or pass for another name."""
    talk = transcript(
        user(1, None, "hi\x1b[2J\x1b]0;owned\x07 there"),
        reply(2, 1, "ok", turn={**TURN, "situation": "\x1b[31mred", "demos": [{**DEMO, "reply": "\x9b1mx"}]}),
        voice="ne\x1b[1mla",
        title="a\x1b[2J\ntitle",
    )
    found = read("".join(write([talk], "json")).encode()).transcripts[0]

    assert found.path[0].content == "hi there"
    assert (found.voice, found.title) == ("nela", "a title")
    assert Turn(reply="ok", **found.path[1].turn) == Turn(
        reply="ok", **{**TURN, "situation": "red", "demos": [{**DEMO, "reply": "x"}]}
    )


def test_an_explanation_that_makes_no_sense_is_left_out():
    """/why could not show it; the reply stays."""
    talk = transcript(
        reply(1, None, "ok", turn={**TURN, "verdict": 3}), reply(2, 1, "yes", turn={**TURN, "reply": "no"})
    )
    found = read("".join(write([talk], "json")).encode())

    assert [entry.content for entry in found.transcripts[0].path] == ["ok", "yes"]
    assert found.transcripts[0].path[0].turn is None
    assert "reply" not in found.transcripts[0].path[1].turn
    assert found.left_out == {"unreadable explanation": 1}


def test_a_message_of_nothing_but_escapes_leaves_the_tree_whole():
    """Those behind it follow the one before it; where the talk stands too."""
    talk = transcript(user(1, None, "hi"), reply(2, 1, "\x1b[2J"), user(3, 2, "so?"), reply(4, 3, "\x07"), head=4)
    found = read("".join(write([talk], "json")).encode()).transcripts[0]

    assert [(entry.id, entry.parent) for entry in found.entries] == [(1, None), (3, 1)]
    assert found.head == 3


def test_a_reply_that_was_being_written_counts_as_interrupted():
    """Nobody goes on writing it here."""
    talk = transcript(user(1, None, "hi"), reply(2, 1, "hel", "streaming"))

    assert read("".join(write([talk], "json")).encode()).transcripts[0].path[1].state == "interrupted"
