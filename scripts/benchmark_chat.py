"""Measures what a stopped and a killed chat cost: the real program in a pseudo-terminal, a model that writes slowly.

    uv run python scripts/benchmark_chat.py [RUNS]

Prints the median and the worst of each figure, beside its bar. Run it on an idle machine.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pexpect

PAUSE = 0.01  # seconds between two words: a hundred words a second
MODEL = "slow"


class SlowModel(ThreadingHTTPServer):
    """An Ollama whose one model never ends; it knows how many words it wrote and when its caller hung up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.words, self.hung_up = 0, threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def begin(self) -> None:
        """Nothing written, nobody gone."""
        self.words = 0
        self.hung_up.clear()

    def wait_for(self, words: int) -> None:
        """Until so many words were written."""
        while self.words < words:
            time.sleep(PAUSE)


class _Handler(BaseHTTPRequestHandler):
    server: SlowModel

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""

    def do_GET(self) -> None:
        body = json.dumps({"models": [{"name": MODEL, "model": MODEL}], "version": "0"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                line = {"model": MODEL, "message": {"role": "assistant", "content": f" w{self.server.words}"}}
                self.wfile.write(json.dumps({**line, "done": False}).encode() + b"\n")
                self.server.words += 1
                time.sleep(PAUSE)
        except OSError:
            self.server.hung_up.set()


def chat(home: Path, model: SlowModel) -> pexpect.spawn:
    """A chat that has just been asked something."""
    variables = {"PERSONA_HOME": str(home), "OLLAMA_HOST": f"127.0.0.1:{model.server_port}", "PERSONA_JUDGE": "off"}
    terminal = pexpect.spawn(
        str(Path(sys.executable).with_name("persona")),
        ["chat", "-m", f"ollama/{MODEL}"],
        env={**os.environ, "TERM": "xterm-256color", **variables},
        timeout=60,
    )
    terminal.expect_exact(f"ollama/{MODEL}")
    model.begin()
    terminal.send("go on for ever\r")
    model.wait_for(60)
    return terminal


def stopped(home: Path, model: SlowModel) -> tuple[float, float]:
    """Milliseconds from Ctrl-C to the next prompt, and until the server knows."""
    terminal = chat(home, model)
    started = time.perf_counter()
    terminal.sendcontrol("c")
    terminal.expect_exact("says it anew.")
    terminal.expect_exact("›".encode())
    prompt = time.perf_counter() - started
    model.hung_up.wait(10)
    known = time.perf_counter() - started
    terminal.close(force=True)
    return 1000 * prompt, 1000 * known


def killed(home: Path, model: SlowModel) -> float:
    """Milliseconds of the reply that a killed program did not keep."""
    terminal = chat(home, model)
    terminal.kill(signal.SIGKILL)
    written = model.words
    terminal.close(force=True)
    with closing(sqlite3.connect(home / "data" / "persona.db")) as store:
        (text,) = store.execute("select content from messages order by id desc limit 1").fetchone()
    return 1000 * PAUSE * (written - len(text.split()))


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    model = SlowModel()
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        stops = [stopped(home, model) for _ in range(runs)]
        kills = [killed(home, model) for _ in range(runs)]
    figures = {
        "Ctrl-C to the prompt (bar 200 ms)": [prompt for prompt, _ in stops],
        "Ctrl-C until the server knows": [known for _, known in stops],
        "of the reply lost to kill -9 (bar 250 ms)": kills,
    }
    for what, milliseconds in figures.items():
        print(f"{what:<46} median {statistics.median(milliseconds):6.0f} ms   worst {max(milliseconds):6.0f} ms")


if __name__ == "__main__":
    main()
