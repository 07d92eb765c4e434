"""A reply in the making, on disk at every moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from brain.models import Message, Turn, Usage, Verdict
from brain.unfinished import KEPT_EVERY, Unfinished, in_any_case, undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable

    from brain.store.store import Store

NOW = datetime(2026, 5, 2, 9, 0, tzinfo=UTC)


def begun(store: Store) -> tuple[str, int]:
    """A conversation whose message waits for its reply."""
    talk = store.begin("ada", NOW)
    asked = store.ask(talk, Message(from_creator=False, content="hi"), parent=None, now=NOW)
    return talk, asked.reply


def unfinished(store: Store, reply: int, written: Any, said: list[str] | None = None) -> Unfinished:
    def sayable(text: str) -> str:
        if said is not None:
            said.append(text)
        return text.replace("instagram", "").strip()

    return Unfinished(store, reply, written, sayable=sayable, explained=explained, clock=lambda: NOW)


def explained(text: str) -> Turn:
    """What is known of it so far."""
    prompt = ({"role": "user", "content": "hi"},)
    return Turn(
        reply=text,
        voice="ada@1",
        model="x",
        situation="It is night.",
        verdict=Verdict(allowed=True),
        demos=(),
        usage=Usage(),
        prompts=(prompt,),
    )


def test_it_is_kept_while_it_grows(store: Store) -> None:
    """What may be said of it, and nothing else."""
    talk, reply = begun(store)
    written = SimpleNamespace(text="meet me on instagram")

    async def grow() -> list[str]:
        it, seen = unfinished(store, reply, written), []
        for text in ("meet me on instagram", "meet me on instagram today"):
            written.text = text
            while (kept := store.path(talk)[-1].message.content) in {"hi", *seen}:
                await asyncio.sleep(KEPT_EVERY / 10)
            seen.append(kept)
        it.rest()
        return seen

    assert asyncio.run(asyncio.wait_for(grow(), 10)) == ["meet me on", "meet me on  today"]
    assert store.prompt(reply) == (({"role": "user", "content": "hi"},),), "a killed reply can be explained too"


@pytest.mark.parametrize(
    ("text", "state", "words"), [("half a reply", "stopped", 3), ("instagram", None, 0), ("", None, 0)]
)
def test_it_ends_marked(store: Store, text: str, state: str | None, words: int) -> None:
    """A reply without words is none: the message stands last, and can be answered again."""
    talk, reply = begun(store)

    kept = unfinished_end(store, reply, text)

    assert kept == words
    last = store.path(talk)[-1]
    assert (last.state if last.message.from_creator else None) == state


def unfinished_end(store: Store, reply: int, text: str) -> int:
    async def end() -> int:
        return unfinished(store, reply, SimpleNamespace(text=text)).end("stopped").words

    return asyncio.run(end())


def test_the_filter_is_asked_once_for_each_text(store: Store) -> None:
    """Nothing new, nothing to ask."""
    _, reply = begun(store)
    said: list[str] = []

    async def wait() -> None:
        it = unfinished(store, reply, SimpleNamespace(text="the same"), said)
        await asyncio.sleep(3 * KEPT_EVERY)
        it.end("stopped")

    asyncio.run(wait())
    assert said == ["the same"]


@pytest.mark.parametrize(("when", "felt"), [(undisturbed, True), (in_any_case, False)])
def test_what_is_cancelled_is_done_first(when: Callable[..., Any], felt: bool) -> None:
    """However often: work in a thread comes to its end before the cancellation goes on, or is forgotten."""
    done = []

    async def work() -> None:
        started, go = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slowly() -> None:
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
            done.append(True)

        task = asyncio.ensure_future(when(slowly))
        await started.wait()
        for _ in range(3):
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        go.set()
        await asyncio.wait({task})
        assert task.cancelled() == felt

    asyncio.run(asyncio.wait_for(work(), 10))
    assert done == [True]
