"""The judge that commands ask, and the one of a turn; over the wire."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

import pytest
from fakes import talk, them
from judge_answers import DOUBTFUL, DOUBTS, asked, knows, says, serving
from lms.servers import OllamaServer, Reply

from brain.answering import Voice, answer_now
from brain.config import Settings
from brain.judging import open_judge
from brain.lms.build import build_model
from brain.models import Persona, Verdict
from brain.modules.chat import ChatProgram
from brain.policy.policy_file import load_policy
from brain.policy.rules import Rules
from brain.session import local_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNSURE = Verdict(allowed=True, unsure=True, category="in_person", layer="meetings", rule="meeting:score")
DRAFT = "my door is always open for you"


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaServer]:
    with OllamaServer(models=["able", "tiny"]) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, model="ollama/able")


def open_for(settings: Settings) -> tuple[Any, list[str]]:
    heard: list[str] = []
    return open_judge(settings, say=heard.append), heard


def test_a_command_s_judge_is_probed_once(ollama: OllamaServer, settings: Settings) -> None:
    """It hears how far the probe is; the next command finds the result."""
    ollama.script(knows)

    judge, heard = open_for(settings)

    assert judge is not None
    assert len(heard) == 12
    assert open_for(settings)[1] == []


def test_a_command_s_judge_has_the_last_word_where_the_rules_are_unsure(
    ollama: OllamaServer, settings: Settings
) -> None:
    """And costs no call where they are sure."""
    ollama.script(knows)
    judge, _ = open_for(settings)
    ollama.script(Reply(says("in_person", "door is always open")))
    sure = Verdict(allowed=True)

    verdict = judge(DRAFT, (them("can i come by?"),), UNSURE)

    assert (verdict.allowed, verdict.layer, verdict.evidence) == (False, "judge", "door is always open")
    assert judge(DRAFT, (), sure) == sure
    assert len(asked(ollama)) == 13


@pytest.mark.parametrize("engine", ["ollama", "openai", "together"])
def test_a_command_s_judge_that_is_late_blocks(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule had fired; nothing is raised, and nobody waits for the server."""
    with serving(engine, tmp_path, monkeypatch) as (server, settings):
        server.script(knows)
        judge, _ = open_for(settings.model_copy(update={"judge_timeout": 1.5}))
        server.script(Reply(delay=30.0))
        started = time.perf_counter()

        assert not judge(DRAFT, (), UNSURE).allowed

        assert time.perf_counter() - started < 5
        assert server.disconnected.wait(5)


def test_no_able_judge_says_why(ollama: OllamaServer, settings: Settings) -> None:
    """The embedded model is never tried unasked."""
    ollama.script(Reply(says()))

    judge, heard = open_for(settings)
    assert judge is None
    assert "the rules decide alone" in heard[-1]
    judge, heard = open_for(settings.model_copy(update={"model": None}))
    assert judge is None
    assert heard == ["embedded is no able judge (it is too small); the rules decide alone"]


def test_the_turn_counts_the_judge_s_call(ollama: OllamaServer, settings: Settings, tmp_path: Path) -> None:
    """The model that talks may be another than the one that judges."""
    policy = tmp_path / "policy.toml"
    policy.write_text(DOUBTS)
    talks = build_model(settings.model_copy(update={"model": "ollama/tiny"}))
    program = ChatProgram(Persona(name="Ada", id="ada"), Rules(load_policy(policy)))
    program.filter.use_judge(build_model(settings).lm)
    ollama.script(Reply(DOUBTFUL), Reply(says()))

    with contextlib.closing(talks.lm.engine):
        turn = answer_now(Voice("ada@1", program), talks, talk("what are you thinking?"), local_now())

    assert (turn.reply, turn.verdict.layer) == (DOUBTFUL, "judge")
    assert turn.usage.lm_calls == 2
    assert [body["model"] for body in asked(ollama)] == ["tiny", "able"]
