"""What a scripted server answers as a judge: everything right, or one fixed verdict."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from lms.servers import OllamaServer, OpenAIServer, Reply

from brain.config import Settings
from brain.modules.probe import probe_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest
    from lms.servers import Received

# By this policy the rules are sure of no meeting, so that a judge has the word.
DOUBTS = "version = 1\n[meetings]\nblock_at = 99\n"
DOUBTFUL = "meet me at the pier on friday"


def says(violated: str | None = None, evidence: str = "") -> str:
    """A verdict as the judge writes it."""
    return json.dumps({"violated": [violated] if violated else [], "evidence": evidence, "confidence": "high"})


def knows(received: Received) -> Reply:
    """Gets every case of the probe right, and quotes the whole draft; says hello to everything else."""
    asked = received.body["messages"][-1]["content"]
    for case in probe_set().case:
        if case.draft in asked:
            return Reply(says(case.broken, case.draft if case.broken else ""))
    return Reply("hello there")


def asked(server: OllamaServer | OpenAIServer) -> list[dict[str, Any]]:
    """The bodies of the chat requests."""
    return [request.body for request in server.requests if request.body]


@contextlib.contextmanager
def serving(
    engine: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[OllamaServer | OpenAIServer, Settings]]:
    """A server of this kind, with a model that nobody knows by name, and settings that name it."""
    with OllamaServer(models=["own-7b"]) if engine == "ollama" else OpenAIServer(models=["own-7b"]) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        monkeypatch.setenv("TOGETHER_API_KEY", "k")
        for name in ("TOGETHER_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
            monkeypatch.delenv(name, raising=False)
        yield server, Settings(home=home, model=f"{engine}/own-7b", api_base=f"{server.url}/v1")
