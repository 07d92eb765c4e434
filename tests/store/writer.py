"""What a process beside ours does to the store; a module of its own, so that a fresh process can import it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from brain.models import Message
from brain.store.store import Store

if TYPE_CHECKING:
    from multiprocessing.synchronize import Barrier

WORDS_A_REPLY = 70
WORDS_A_PIECE = 25  # at a hundred words a second, a quarter of a second


def write_conversation(url: str, voice: str, ready: Barrier, turns: int) -> None:
    """Opens the store when all are ready, and has a conversation of its own in it; in the middle of it another is
    removed for good.
    """
    now = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
    ready.wait()
    store = Store(url)
    store.recover(now)
    conversation, parent = store.begin(voice, now), None
    for number in range(turns):
        asked = store.ask(conversation, Message(from_creator=False, content=f"ask {number}"), parent=parent, now=now)
        store.write(asked.reply, "rep", now)
        store.path(conversation)
        store.finish(asked.reply, f"reply {number}", state="done", now=now, prompt=[[{"role": "user", "content": "x"}]])
        parent = asked.reply
        if number == turns // 2:
            gone = store.begin(voice, now)
            store.add(gone, Message(from_creator=False, content="for nobody"), parent=None, now=now)
            store.purge(gone)
    store.close()


def _tell(done: str) -> None:
    sys.stdout.write(f"{done}\n")
    sys.stdout.flush()


def answer_for_ever(url: str) -> None:
    """Says on standard output what it did the moment it did it: asked, each word of a reply, finished."""
    store = Store(url)
    conversation, parent, number = store.begin("nela@1", datetime.now(UTC)), None, 0
    while True:
        now = datetime.now(UTC)
        asked = store.ask(conversation, Message(from_creator=False, content=f"ask {number}"), parent=parent, now=now)
        _tell("asked")
        words: list[str] = []
        for word in range(WORDS_A_REPLY):
            words.append(f"word{word}")
            _tell("word")
            if len(words) % WORDS_A_PIECE == 0:
                store.write(asked.reply, " ".join(words), now)
        store.finish(asked.reply, " ".join(words), state="done", now=now)
        _tell("finished")
        parent, number = asked.reply, number + 1


if __name__ == "__main__":
    answer_for_ever(sys.argv[1])
