"""One question asked in every way an engine has: at once or streamed, waited for or awaited."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any, NamedTuple

import dspy
from dspy import lm15

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lms.scripted import ChatServer

WAYS = ("complete", "stream", "async complete", "async stream")
STREAMS = ("stream", "async stream")


class Engines(NamedTuple):
    """The two engines of one server."""

    sync: Any
    awaited: Any

    def ask(self, way: str, request: lm15.Request) -> lm15.Response:
        """The whole reply, however it came."""
        if way == "complete":
            return self.sync.complete(request)
        if way == "stream":
            return lm15.materialize_response(self.sync.stream(request), request)
        if way == "async complete":
            return asyncio.run(self.awaited.complete(request))
        return asyncio.run(lm15.amaterialize_response(self.awaited.stream(request), request))

    def cancel(self, way: str, request: lm15.Request, server: ChatServer) -> None:
        """Asks in a task and cancels it: when the server has the question, or after the first word."""

        async def listen(heard: asyncio.Event) -> None:
            if way == "async complete":
                await self.awaited.complete(request)
            async for event in self.awaited.stream(request):
                if event.type == "delta":
                    heard.set()

        async def cancel() -> None:
            heard = asyncio.Event()
            task = asyncio.create_task(listen(heard))
            await asyncio.to_thread(server.arrived.wait, 5)
            if way == "async stream":
                await heard.wait()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        asyncio.run(cancel())

    def lm(self, model: str) -> dspy.LM:
        return dspy.LM(model, engine=self.sync, async_engine=self.awaited, cache=False, num_retries=0)

    def close(self) -> None:
        self.sync.close()
        asyncio.run(self.awaited.aclose())


def question(model: str, text: str = "How are you?", **config: Any) -> lm15.Request:
    return lm15.Request(model, (lm15.Message.user(text),), system="You are Ada.", config=lm15.Config(**config))


def said(events: Iterable[Any]) -> str:
    """The text that a listener to these events would show."""
    return "".join(event.delta.text for event in events if event.type == "delta" and event.delta.type == "text")


def silent_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
