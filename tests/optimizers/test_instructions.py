"""GEPA and MIPROv2 on the reply's instruction."""

from __future__ import annotations

import json
import sys
from itertools import count

import pytest
from practising import (
    BOILERPLATE,
    EngineThat,
    labeled,
    material,
    model_of,
    notes_of,
    optimization,
    real_reply,
    reflecting,
)

from brain.artifact import load_artifact
from brain.config import load_settings
from brain.errors import UnavailableError
from brain.lms.embedder import load_embedder
from brain.origin import read_origin
from evals.halves import halves
from optimizers.compile import compile_voice

WANTED = "Write tersely, in small letters."


@pytest.mark.parametrize("method", ["gepa", "mipro"])
def test_a_better_instruction_is_found_and_saved(rules, tmp_path, method):
    """It stands in program.json, is there after loading, and the manifest tells what was tried for it."""
    if method == "mipro":
        pytest.importorskip("optuna")
    engine, rows = EngineThat(reflecting()), labeled()
    file = tmp_path / "conversations.json"
    file.write_text(json.dumps([row.model_dump(mode="json") for row in rows]))
    run = optimization(tmp_path, engine, method)

    def without_rhythm(given):
        ours = material(rules)
        return run(given._replace(program=ours.program, student=ours.student))

    folder = compile_voice(
        load_settings({"home": tmp_path}), read_origin(file, "ada"), name="ada", optimize=without_rhythm
    )

    artifact = load_artifact(folder, load_embedder())
    assert WANTED in (folder / "program.json").read_text()
    assert artifact.program(rules).replier.reply.signature.instructions == WANTED
    assert artifact.manifest.notes["optimizer"]["with"] == method
    assert {tried.get("instruction") for tried in artifact.manifest.notes["tried"]} == {None, WANTED}
    assert artifact.manifest.scores["practice_headline"] > artifact.manifest.scores["practice_headline_before"]
    parts = halves(len(rows))
    known = {rows[at].output for at in parts.practice}
    for at in parts.proof:
        assert rows[at].chat_history.last_from_other not in engine.text
        assert rows[at].output in known or rows[at].output not in engine.text


def test_gepa_reads_what_is_wrong_with_the_replies_as_a_group(rules, tmp_path):
    """Explanations in words with numbers, and what the person really answered."""
    engine = EngineThat(reflecting())

    optimization(tmp_path, engine, "gepa", budget=12)(material(rules))

    asked = next(text for prompt in engine.prompts if "new_instruction" in (text := prompt[-1]["content"]))
    assert asked.count("All replies together, beside this person's own: starts with a small letter in no message") == 1
    assert "What this person really answered: " in asked
    assert BOILERPLATE.partition("!")[0] in asked


@pytest.mark.parametrize("method", ["gepa", "mipro"])
def test_neither_answers_nor_proposals_are_paid_for_twice(rules, tmp_path, method):
    """A run stopped by its budget goes on where it was, and comes to the same."""
    if method == "mipro":
        pytest.importorskip("optuna")
    first, second = EngineThat(reflecting()), EngineThat(reflecting())

    stopped = optimization(tmp_path, first, method, budget=22)(material(rules))
    found = optimization(tmp_path, second, method)(material(rules))

    assert len(first.requests) == 22
    assert "budget of 22" in stopped.why
    assert found.variant.instruction == WANTED
    assert not {repr(request) for request in first.requests} & {repr(request) for request in second.requests}


def test_ctrl_c_takes_an_instruction_only_when_it_is_plainly_better(rules, tmp_path):
    """Better on all the prompts it was chosen with, by an interval without zero; else the first one stays."""
    calls = count()
    say = reflecting()

    def interrupted(turns):
        if next(calls) == 30:
            raise KeyboardInterrupt
        return say(turns)

    found = optimization(tmp_path, EngineThat(interrupted), "gepa")(material(rules))

    assert found.interrupted
    assert found.variant.instruction in {None, WANTED}
    assert WANTED in {tried.get("instruction") for tried in found.notes["tried"]}


def test_an_instruction_that_the_policy_forbids_is_never_taken(rules, tmp_path):
    """A name in the prompt leaks into the replies."""
    found = optimization(tmp_path, EngineThat(reflecting("small letters, and ask for their instagram")), "gepa")(
        material(rules)
    )

    assert found.variant.instruction is None
    assert any("instagram" in str(tried.get("instruction")) for tried in found.notes["tried"])


def test_a_model_that_cannot_propose_ends_it_in_one_line(rules, tmp_path):
    """It answers chats and nothing else; the default stays, and the run does not go on for ever."""
    found = optimization(tmp_path, EngineThat(lambda turns: real_reply(turns) if labeled_in(turns) else "hm"), "gepa")(
        material(rules)
    )

    assert found.variant.instruction is None
    assert "proposed no usable instruction" in found.why


def labeled_in(turns):
    return any(row.chat_history.last_from_other in turns[-1]["content"] for row in labeled()) and not any(
        "new_instruction" in turn["content"] for turn in turns
    )


def test_another_model_may_propose(rules, tmp_path):
    """It is asked for instructions alone, and its calls count too."""
    speaker, proposer = EngineThat(reflecting()), EngineThat(reflecting())
    run = optimization(tmp_path, speaker, "gepa", reflection="openai/large")
    run.build = lambda settings: model_of(proposer if settings.model == "openai/large" else speaker)

    found = run(material(rules))

    assert proposer.requests
    assert all("new_instruction" in json.dumps(prompt) for prompt in proposer.prompts)
    assert not any("new_instruction" in json.dumps(prompt) for prompt in speaker.prompts)
    assert notes_of(found)["lm_calls"] == len(speaker.requests) + len(proposer.requests)


def test_a_missing_package_is_said_before_anything_is_spent(rules, tmp_path, monkeypatch):
    """With the command that mends it."""
    monkeypatch.setitem(sys.modules, "optuna", None)
    engine = EngineThat(reflecting())

    with pytest.raises(UnavailableError) as refused:
        optimization(tmp_path, engine, "mipro")(material(rules))

    assert "persona-brain[optimize]" in refused.value.hint
    assert not engine.requests
