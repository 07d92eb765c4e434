"""A voice that was compiled before the program grew still answers, as it did then."""

from __future__ import annotations

import copy

import dspy
import pytest
from fakes import HashEmbedder, ScriptedEngine, scripted_lm, talk
from saved_voice import NOW, compiled, saved

from brain.adapters import ChatTurnAdapter
from brain.artifact import load_artifact
from brain.manifest import signature_hash
from brain.saved_state import completed


@pytest.fixture
def program(rules):
    return compiled(rules)


def before_it_grew(state):
    """The state as an older program wrote it: no line of what is left out, no reply to go on with."""
    older = copy.deepcopy(state)
    del older["rememberer.sum_up"]
    reply = older["replier.reply"]["signature"]
    reply["fields"] = [field for field in reply["fields"] if field["prefix"] not in ("Earlier:", "Begun:")]
    return older


def test_what_is_whole_stays_as_it_is(program):
    """A voice of today loses nothing on its way."""
    state = program.dump_state()

    assert completed(state, compiled(program.filter.rules).dump_state()) == state


def test_an_older_voice_answers_with_all_it_had_learned(program, rules):
    """Its instructions and its descriptions stand where they stood; only what came later is the program's own."""
    predictor = program.replier.reply
    learned = predictor.signature.with_instructions("Write like a potter.")
    predictor.signature = learned.with_updated_fields("situation", desc="the moment")
    older = before_it_grew(program.dump_state())
    fresh = compiled(rules)
    fresh.load_state(completed(older, fresh.dump_state()))
    told = {name: field.json_schema_extra["desc"] for name, field in fresh.replier.reply.signature.fields.items()}
    engine = ScriptedEngine(["oh hello", "hello oh"])
    with dspy.context(lm=scripted_lm(engine), adapter=ChatTurnAdapter()):
        reply = fresh(conversation=talk("good morning"), now=NOW).reply

    assert reply in {"oh hello", "hello oh"}
    assert engine.prompts[0][0]["content"].startswith("Write like a potter.")
    assert told["situation"] == "the moment"
    assert fresh.replier.reply.signature.fields["reply"].json_schema_extra["prefix"] == "Reply:"


def test_inputs_with_a_default_make_no_voice_foreign(program, rules, tmp_path):
    """The hash by which an artifact is known is the one of before they came."""
    folder = saved(program, tmp_path / "voices")
    artifact = load_artifact(folder, HashEmbedder())

    assert artifact.manifest.signature_sha256 == signature_hash()
    assert signature_hash() == "d9e19270c9e654c8038edd5045ab90a5f3c97cfa70848d1e3c7edc9288497e24"
    assert artifact._replace(state=before_it_grew(artifact.state)).program(rules).rememberer is not None


@pytest.mark.parametrize("state", [{}, {"replier.reply": {}}, {"replier.reply": None}, {"metadata": {}}])
def test_a_state_of_another_program_is_not_made_to_fit(program, state):
    """What is missing beside the known is missing; the artifact's reader says so."""
    with pytest.raises((LookupError, TypeError, AttributeError)):
        program.load_state(completed(state, program.dump_state()))
