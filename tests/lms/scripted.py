"""A real HTTP server on this machine that answers from a script; `servers` gives it the wire formats."""

from __future__ import annotations

import contextlib
import json
import re
import select
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import Any, NamedTuple, Self

Json = dict[str, Any]
_TICK = 0.02


class Received(NamedTuple):
    """One request as it came in; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """What the model says, word by word, `delay` seconds before the first and `pause` between two.

    After `cut_after` words the connection drops; after `error_after` words the server reports `error`;
    an `unfinished` stream ends politely, but without its last event.
    """

    text: str = "Hello from the server."
    thinking: str = ""
    finish: str = "stop"
    delay: float = 0.0
    pause: float = 0.0
    cut_after: int | None = None
    error_after: int | None = None
    error: str = "the model stopped unexpectedly"
    unfinished: bool = False

    @property
    def words(self) -> list[str]:
        return re.findall(r"\s*\S+|\s+$", self.text)


@dataclass(frozen=True)
class Failure:
    """An HTTP error with the provider's way of saying it."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None


@dataclass(frozen=True)
class Raw:
    """Bytes as they are: what a server of another kind would answer."""

    body: bytes
    content_type: str = "text/html"
    status: int = 200


Answer = Reply | Failure | Raw
Scripted = Answer | Callable[[Received], Answer]


class _GoneError(Exception):
    """The client closed its connection, or the test is over."""


class ChatServer:
    """What both servers share: requests and disconnects are recorded, answers come from the script."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.arrived = threading.Event()
        self.disconnected = threading.Event()
        self.spoken = 0  # pieces of the newest streamed reply that were sent
        self._answers: list[Scripted] = [Reply()]
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.connections: set[socket.socket] = set()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        self.host = f"127.0.0.1:{self._http.server_port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def has_spoken(self, pieces: int, *, patience: float = 30.0) -> None:
        """Waits until so many pieces of the newest streamed reply were sent."""
        end = monotonic() + patience
        while self.spoken < pieces:
            assert monotonic() < end, f"sent {self.spoken} pieces of {pieces}"
            sleep(_TICK)

    def script(self, *answers: Scripted) -> None:
        """The answers to come."""
        self._answers = list(answers)

    def close(self) -> None:
        """Ends every answer that is still being given."""
        self._closing.set()
        self._http.shutdown()
        self._thread.join()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._http.server_close()

    def answer(self, call: Call) -> None:
        """Answers one request; each server has its own paths."""
        raise NotImplementedError

    def next_answer(self, received: Received) -> Answer:
        with self._lock:
            scripted = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return scripted(received) if callable(scripted) else scripted

    def wait(self, connection: socket.socket, seconds: float) -> None:
        """Sleeps, but not longer than the client stays."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            if self._closing.is_set():
                raise _GoneError
            readable, _, _ = select.select([connection], [], [], min(left, _TICK))
            if readable and not connection.recv(1, socket.MSG_PEEK):
                raise _GoneError


class Call:
    """One request being answered."""

    def __init__(self, http: BaseHTTPRequestHandler, server: ChatServer, received: Received) -> None:
        self._http, self._server, self.received = http, server, received

    def send(self, body: Json | Raw, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        raw = body if isinstance(body, Raw) else Raw(json.dumps(body).encode(), "application/json", status)
        sizes = {"Content-Length": str(len(raw.body))}
        self._start(raw.status, raw.content_type, sizes | dict(headers or {}))
        self._http.wfile.write(raw.body)

    def stream(self, content_type: str, reply: Reply, chunks: Iterator[bytes]) -> None:
        """Chunked, as both servers do it; a cut leaves out the last chunk."""
        self._start(200, content_type, {"Transfer-Encoding": "chunked"})
        for number, chunk in enumerate(chunks):
            if number:
                self._server.wait(self._http.connection, reply.pause)
            self._http.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self._server.spoken = number + 1
        if reply.cut_after is not None:
            raise _GoneError
        self._http.wfile.write(b"0\r\n\r\n")

    def wait(self, reply: Reply) -> None:
        """The delay before a reply; a reply cut from its first word never comes at all."""
        self._server.wait(self._http.connection, reply.delay)
        if reply.cut_after is not None and not self.received.body.get("stream"):
            raise _GoneError

    def _start(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        self._http.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            self._http.send_header(name, value)
        self._http.end_headers()


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            server.connections.add(self.connection)

        def finish(self) -> None:
            server.connections.discard(self.connection)
            super().finish()

        def log_message(self, *_: object) -> None:
            """Tests read what was recorded instead."""

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def answer(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.command, self.path, headers, json.loads(text) if text else None)
            server.requests.append(received)
            server.arrived.set()
            try:
                server.answer(Call(self, server, received))
            except (_GoneError, ConnectionError):
                server.disconnected.set()
                self.close_connection = True

    return Handler
