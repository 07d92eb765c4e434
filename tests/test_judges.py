"""Who may judge: the probe, and what is remembered of it; over the wire."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest
from fakes import ScriptedEngine, scripted_lm
from judge_answers import asked, knows, says
from lms.asking import silent_port
from lms.servers import Failure, OllamaServer, Reply

from brain.config import Settings
from brain.errors import ConfigError, KeyRefusedError, PersonaError, RetryLaterError, UnavailableError
from brain.judges import able_judge, judge_model, probe_judge, recall
from brain.judging import open_judge
from brain.lms.build import Model, build_model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lms.scripted import Call


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "TOGETHER_API_KEY", "TOGETHER_BASE_URL", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaServer]:
    with OllamaServer(models=["able", "tiny"]) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, model="ollama/able")


class Tagged(OllamaServer):
    """An Ollama that tells the digest of its models."""

    digest = "first"

    def answer(self, call: Call) -> None:
        if call.received.path == "/api/tags":
            call.send({"models": [{"name": name, "digest": self.digest} for name in self.models]})
        else:
            super().answer(call)


def probed(settings: Settings) -> tuple[bool, int, int]:
    result = probe_judge(settings, judge_model(settings))
    return result.able, result.right, result.asked


def test_a_model_that_judges_the_clear_cases_rightly_is_able(ollama: OllamaServer, settings: Settings) -> None:
    """It is remembered, and from then on it is the judge, without another call."""
    ollama.script(knows)
    model = build_model(settings)
    assert able_judge(settings, model) is None

    assert probed(settings) == (True, 12, 12)

    assert able_judge(settings, model) is model.lm
    assert len(asked(ollama)) == 12


def test_one_wrong_case_is_forgiven(ollama: OllamaServer, settings: Settings) -> None:
    """Eleven of twelve pass; evidence that the draft does not have counts as wrong."""
    ollama.script(Reply(says("meeting", "words of its own")), knows)

    assert probed(settings) == (True, 11, 12)


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        (Reply(says()), 3),
        (Reply(says("meeting", "the")), 3),
        (Reply("I would rather talk about the weather."), 2),
        (Reply('{"violated": ["cooking"], "evidence": "", "confidence": "high"}'), 2),
        (Failure(400, "this model takes no format"), 2),
    ],
)
def test_a_hopeless_model_fails_within_a_few_calls(
    ollama: OllamaServer, settings: Settings, answer: Reply | Failure, calls: int
) -> None:
    """Always no, always yes, no JSON, another schema, no schema at all; it is remembered and not tried again."""
    ollama.script(answer)

    assert probed(settings)[0] is False

    assert len(asked(ollama)) == calls
    assert able_judge(settings, build_model(settings)) is None
    assert recall(settings, build_model(settings)) is not None


@pytest.mark.parametrize("answer", [Failure(503, "overloaded"), Failure(404, "gone"), Reply(delay=5.0)])
def test_a_model_that_is_not_there_is_not_remembered_as_unable(
    ollama: OllamaServer, settings: Settings, answer: Reply | Failure
) -> None:
    """It may be there tomorrow."""
    ollama.script(knows, answer)

    with pytest.raises(PersonaError):
        probed(settings.model_copy(update={"judge_timeout": 0.5}))

    assert recall(settings, build_model(settings)) is None


def test_a_late_verdict_is_told_with_its_remedy(ollama: OllamaServer, settings: Settings) -> None:
    """Only the first may take longer: the model may have to be loaded."""
    ollama.script(lambda received: Reply(knows(received).text, delay=0.5))

    with pytest.raises(RetryLaterError) as told:
        probed(settings.model_copy(update={"judge_timeout": 0.2}))

    assert "judge_timeout" in told.value.hint
    assert len(asked(ollama)) == 2


def test_no_server_at_all(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same words as when a reply fails for it."""
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{silent_port()}")

    with pytest.raises(UnavailableError):
        probed(settings)


def test_the_file_is_private_and_a_broken_one_counts_as_empty(ollama: OllamaServer, settings: Settings) -> None:
    """What it knew is soon known again."""
    ollama.script(knows)
    file = settings.data_dir / "judges.json"
    probed(settings)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert not list(settings.data_dir.glob(".judges-*"))

    file.write_text('{"half": ')

    assert able_judge(settings, build_model(settings)) is None
    assert probed(settings)[0]
    assert able_judge(settings, build_model(settings)) is not None


def test_another_model_of_the_same_name_is_another(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that has it counts, and which model that is."""
    with Tagged(models=["able"]) as server, Tagged(models=["able"]) as other:
        monkeypatch.setenv("OLLAMA_HOST", server.host)
        server.script(knows)
        probed(settings)
        assert able_judge(settings, build_model(settings)) is not None

        server.digest = "pulled again"
        assert able_judge(settings, build_model(settings)) is None

        monkeypatch.setenv("OLLAMA_HOST", other.host)
        assert able_judge(settings, build_model(settings)) is None


def test_another_file_of_the_same_name_is_another(settings: Settings, tmp_path: Path) -> None:
    """Its size and age count."""
    file = tmp_path / "model.gguf"
    file.write_bytes(b"GGUF one")
    model = Model(f"embedded:{file}", scripted_lm(ScriptedEngine([says()] * 3)))
    probe_judge(settings, model)
    assert recall(settings, model) is not None

    file.write_bytes(b"GGUF another")

    assert recall(settings, model) is None


def test_a_judge_of_its_own(ollama: OllamaServer, tmp_path: Path) -> None:
    """The chat keeps its model; the server's address of one engine is never used for another."""
    settings = Settings(home=tmp_path, model="openai/x", api_base="http://127.0.0.1:1/v1", judge_model="ollama/able")

    judge = judge_model(settings)

    assert (judge.spec, judge.host) == ("ollama/able", ollama.host)
    with pytest.raises(KeyRefusedError):
        judge_model(settings.model_copy(update={"judge_model": "together/x"}))
    with pytest.raises(ConfigError, match="judge_model: 'x' names no model"):
        judge_model(settings.model_copy(update={"judge_model": "x"}))


def test_judging_can_be_switched_off(ollama: OllamaServer, settings: Settings) -> None:
    """Whatever is remembered."""
    ollama.script(knows)
    probed(settings)
    off = settings.model_copy(update={"judge": "off"})

    assert able_judge(off, build_model(off)) is None
    assert open_judge(off, say=lambda _: None) is None
