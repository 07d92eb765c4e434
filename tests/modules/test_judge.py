"""The judge's question and its answer: the schema on the wire, and the evidence that counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from judge_answers import asked, knows, serving

from brain.answering import asking
from brain.config import Settings
from brain.judges import judge_model, probe_judge
from brain.lms.build import build_model
from brain.modules.judge import Judge, find_evidence, policy_text
from brain.modules.probe import probe_set
from brain.policy.policy_file import load_policy

if TYPE_CHECKING:
    from pathlib import Path


def schema_of(body: dict[str, Any]) -> Any:
    shape = body.get("format") or body["response_format"]["json_schema"]["schema"]
    return shape["properties"]["violated"]["items"]["enum"]


@pytest.mark.parametrize("engine", ["ollama", "openai", "together"])
def test_the_request_carries_the_schema(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every engine is held to the ids it may answer with."""
    with serving(engine, tmp_path, monkeypatch) as (server, settings):
        server.script(knows)

        assert probe_judge(settings, judge_model(settings)).able

        assert {tuple(schema_of(body)) for body in asked(server)} == {tuple(probe_set().policy)}


def test_the_embedded_engine_holds_the_schema(tmp_path: Path) -> None:
    """Its answer can be read, though the model is too small to judge well."""
    model = build_model(Settings(home=tmp_path))

    with asking(model):
        judged = Judge(seconds=60)(lm=model.lm, topics=("meeting",), policy="meeting: …", turns=(), draft="come by")

    assert set(judged.violated) <= {"meeting"}
    assert judged.confidence in {"low", "medium", "high"}


def test_whole_words_are_found_in_any_writing() -> None:
    """Of a word in another script too; half a word is nothing."""
    assert find_evidence("ПРИЕЗЖАЙ", "ну приезжай ко мне") == (3, 11)
    assert find_evidence("jez", "ну приезжай ко мне") is None
    assert find_evidence("👻 me", "👻  me") == (0, 5)


def test_exceptions_are_told_where_platforms_are_asked_about() -> None:
    """And nowhere else."""
    policy = load_policy()
    names = policy.platforms.model_copy(update={"allow": ("youtube",), "deny": ("myspot",)})
    policy = policy.model_copy(update={"platforms": names, "refusals_may_name": True})

    text = policy_text(policy, ("social_platforms", "in_person"))

    assert "Allowed by name: youtube.\nForbidden by name: myspot.\nA refusal may name a platform." in text
    assert "youtube" not in policy_text(policy, ("in_person",))
