"""The probe in the background of a chat: it makes room for replies, and its result is told once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from judge_answers import knows, says
from lms.servers import Failure, Reply
from terminal.terminal import Terminal

from brain.answering import Voice
from brain.config import Settings
from brain.judges import able_judge, probe_judge, recall
from brain.lms.build import build_model
from brain.models import Persona
from brain.modules.chat import ChatProgram
from brain.session import ChatSession
from brain.store.store import Store
from brain.terminal.judge_watch import JudgeWatch
from brain.terminal.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from lms.servers import OllamaServer

    from brain.policy.rules import Rules


@pytest.fixture
def opening(server: OllamaServer, tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opening]:
    """A chat with the model of the server."""
    monkeypatch.setenv("OLLAMA_HOST", server.host)
    settings = Settings(home=tmp_path, model="ollama/tiny")
    settings.data_dir.mkdir(parents=True)
    store = Store(settings.store_url)
    voice = Voice("ada@1", ChatProgram(Persona(name="Ada", id="ada"), rules), "ada")
    yield Opening(settings, ChatSession(store, voice, build_model(settings)))
    store.close()


def watched(opening: Opening, during: Callable[[JudgeWatch, list[str]], Awaitable[None]]) -> list[str]:
    """The notes of a chat in which `during` happens."""

    async def chat() -> list[str]:
        opened: asyncio.Future[Opening] = asyncio.get_running_loop().create_future()
        opened.set_result(opening)
        notes: list[str] = []
        await during(JudgeWatch(opened, notes.append), notes)
        return notes

    return asyncio.run(asyncio.wait_for(chat(), 20))


async def until(true: Callable[[], object]) -> None:
    while not true():
        await asyncio.sleep(0.01)


async def told(_watch: JudgeWatch, notes: list[str]) -> None:
    await until(lambda: notes)


def judge_of(opening: Opening) -> object:
    return opening.session.voice.program.filter.judge_lm


def test_a_model_that_passes_judges_from_then_on(server: OllamaServer, opening: Opening) -> None:
    """One note, and it is remembered."""
    server.script(knows)

    assert watched(opening, told) == ["ollama/tiny judges doubtful replies."]

    assert judge_of(opening) is opening.session.model.lm
    assert able_judge(opening.settings, opening.session.model) is not None


def test_a_model_that_fails_leaves_the_rules_alone(server: OllamaServer, opening: Opening) -> None:
    """One note."""
    server.script(Reply(says()))

    assert watched(opening, told) == ["No able judge: the rules decide alone."]
    assert judge_of(opening) is None


def test_a_reply_goes_first(server: OllamaServer, opening: Opening) -> None:
    """The case in progress is given up, nothing is asked meanwhile, and the probe goes on where it stood."""
    slow = Reply(says(), delay=20)
    server.script(knows, knows, slow, knows)
    asked: list[int] = []

    def cases() -> int:
        return sum(request.body is not None for request in server.requests)

    async def reply(watch: JudgeWatch, notes: list[str]) -> None:
        await until(lambda: cases() == 3)
        with watch.waiting():
            await asyncio.to_thread(server.disconnected.wait, 5)
            await asyncio.sleep(0.1)
            asked.append(cases())
        await until(lambda: notes)

    assert watched(opening, reply) == ["ollama/tiny judges doubtful replies."]
    assert asked == [3]
    assert cases() == 13, "the case that was given up is asked again, and no other"


def test_nothing_is_told_or_asked_twice(server: OllamaServer, opening: Opening) -> None:
    """Neither after a reply nor in the next chat."""
    server.script(knows)
    probe_judge(opening.settings, opening.session.model)
    before = len(server.requests)

    async def replies(watch: JudgeWatch, _notes: list[str]) -> None:
        for _ in range(3):
            with watch.waiting():
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)

    assert watched(opening, replies) == []
    assert not [request for request in server.requests[before:] if request.body]


def test_a_model_that_is_gone_says_nothing(server: OllamaServer, opening: Opening) -> None:
    """Doctor will; it is not remembered as unable."""
    server.script(Failure(503, "overloaded"))

    async def wait(_watch: JudgeWatch, _notes: list[str]) -> None:
        await until(lambda: any(request.body for request in server.requests))
        await asyncio.sleep(0.2)

    assert watched(opening, wait) == []
    assert recall(opening.settings, opening.session.model) is None


def test_in_the_real_chat(server: OllamaServer, home: Path) -> None:
    """The note stands on the screen, and the chat goes on."""
    server.script(knows)
    environ = {"OLLAMA_HOST": server.host, "PERSONA_JUDGE": "auto"}

    with Terminal("chat", "-m", "ollama/tiny", home=home, environ=environ) as chat:
        chat.wait("ollama/tiny judges doubtful replies.")
        chat.process.send("hi\r")
        chat.wait("hello there")
