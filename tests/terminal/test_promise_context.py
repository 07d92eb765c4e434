"""What no longer fits is left out in blocks, told, and never the persona."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

import pytest
from lms.servers import OllamaServer, Reply
from running import persona

if TYPE_CHECKING:
    from pathlib import Path

TURNS = 24


@pytest.fixture
def long_talk(home: Path, server: OllamaServer) -> str:
    """What a long chat with a small context writes."""
    server.script(*(Reply(f"reply {number} about gulls and waves") for number in range(200)))
    typed = [f"message {number}: " + "the boat went out and came back again, " * 4 for number in range(TURNS)]
    environ = {"PERSONA_NUM_CTX": "2048"}
    done = persona("chat", home=home, server=server, given="\n".join([*typed, ""]), environ=environ)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_long_talk_in_a_small_context(long_talk: str, server: OllamaServer) -> None:
    """The persona and the newest message are in every request; the number left out grows seldom and is said."""
    asked = [request.body["messages"] for request in server.requests if request.path == "/api/chat"]
    chats = [turns for turns in asked if turns[-1]["content"].startswith("message ")]
    assert len(chats) == TURNS
    assert all("Nela Hart, 31, is a potter" in turns[0]["content"] for turns in chats)
    assert all("are electric" in turns[0]["content"] for turns in chats)
    assert [turns[-1]["content"].split(":")[0] for turns in chats] == [f"message {number}" for number in range(TURNS)]
    assert "reply" in chats[-1][-2]["content"], "the newest turns are kept"

    told = [int(number) for number in re.findall(r"(\d+) older messages left out", long_talk)]
    assert told, "it is said"
    assert told == sorted(set(told)), "more each time, and each number said once"
    assert len(told) <= TURNS / 3, "left out in blocks, not with every turn"

    prompts = [repr(turns) for turns in chats]
    kept = [common(before, after) / len(before) for before, after in pairwise(prompts)]
    assert sum(share >= 0.5 for share in kept) >= 0.6 * len(kept), "a server may keep the start of most prompts"


def common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
