"""What answers the prompts."""

from __future__ import annotations

import json
from itertools import repeat

import pytest
from dspy import lm15
from eval_samples import a_ground, conversations
from fakes import ScriptedEngine

from brain.errors import ConfigError, PersonaError
from brain.signatures.reply import Reply
from evals.choice import Choice, Other, chosen
from evals.planning import plan

REPLY = "fine here, the kettle is on"


@pytest.fixture
def engine():
    return ScriptedEngine(repeat(REPLY))


@pytest.fixture
def ground(compiled_home, engine):
    return a_ground(compiled_home, engine)


@pytest.fixture
def case(ground):
    return plan(ground.artifact, limit=1, seed=0).cases[0]


def by_id(ground, **choice):
    return {system.id: system for system in chosen(ground, Choice(everything=True, **choice))}


def test_the_program_has_seen_the_practice_half_alone(ground):
    """Its bank, its card and its ear are learned anew; no reply of the proof half is among its demos."""
    labeled = ground.artifact.conversations()
    proof = {one.output for at, one in enumerate(labeled) if at // 5 % 2}

    replies = {ground.bank.row(at).reply for at in range(len(ground.bank))}

    assert 0 < len(ground.bank) < len(ground.artifact.bank)
    assert replies.isdisjoint(proof)
    assert ground.program().replier.bank is ground.bank
    assert ground.program().replier.learned is ground.learned


def test_ours_shows_demos_and_zero_demos_show_nothing(ground, engine, case):
    """The same persona, model and situation; the second knows nothing of the client."""
    systems = by_id(ground)

    ours, zero = (systems[id].answer(case, 1) for id in ("ours", "zero"))

    assert len(ours.demos) == ground.recipe.k
    assert zero.demos == ()
    assert ours.prompt_tokens > zero.prompt_tokens
    shown = [" ".join(turn["content"] for turn in prompt) for prompt in engine.prompts]
    replies = [row.reply for row in (ground.bank.row(at) for at in range(len(ground.bank))) if row.id in ours.demos]
    assert all(reply in shown[0] and reply not in shown[1] for reply in replies)
    assert "(About" not in shown[1]


def test_best_of_n_drafts_n_replies(ground, engine, case):
    """As many LM calls a turn."""
    best = by_id(ground, candidates=3)["best"]

    assert best.lm_calls == 3
    assert best.answer(case, 1).lm_calls >= 3
    assert len(engine.requests) >= 3


def test_the_simple_ones_ask_no_model(ground, engine, case):
    """Nearest, echo, the other party and the real reply cost nothing."""
    systems = by_id(ground)

    said = {id: systems[id].answer(case, 1).reply for id in ("nearest", "other", "echo", "real")}

    assert engine.requests == []
    assert said["real"] == case.real
    assert said["echo"] == case.message
    assert said["nearest"] in {ground.bank.row(at).reply for at in range(len(ground.bank))}
    assert said["other"] not in (case.message, "")


def test_another_client_is_the_same_program_with_their_conversations(ground, case):
    """Demos come from the other file."""
    other = by_id(ground, other=Other("bob", conversations(12)))["other"]

    assert other.name == "as bob"
    assert other.lm_calls == 1
    assert other.answer(case, 1).reply


def test_a_key_changes_with_what_the_answer_depends_on(ground, compiled_home, engine):
    """Recipe, model and practice half; never the prompt, which is named beside it."""
    systems = by_id(ground, candidates=2)

    keys = [systems[id].key for id in ("ours", "best", "zero", "labelled", "raw")]

    assert len(set(keys)) == len(keys)
    assert by_id(a_ground(compiled_home, engine))["ours"].key == systems["ours"].key
    warmer = ground._replace(settings=ground.settings.model_copy(update={"temperature": 1.1}))
    assert by_id(warmer)["ours"].key != systems["ours"].key


def test_another_persona_is_asked_anew(ground):
    """It stands in the manifest alone, and answers of the old one are not its own."""
    persona = ground.artifact.manifest.persona.model_copy(update={"about": "A sailor."})
    manifest = ground.artifact.manifest.model_copy(update={"persona": persona})
    other = ground._replace(artifact=ground.artifact._replace(manifest=manifest))

    assert by_id(other)["ours"].key != by_id(ground)["ours"].key


def test_an_answer_with_nothing_in_it_is_an_empty_reply(compiled_home, case):
    """One of them does not end a run of hours; a model that is down does."""
    systems = by_id(a_ground(compiled_home, ScriptedEngine([" ", lm15.ServerError("down")])))

    answer = systems["ours"].answer(case, 1)

    assert answer.reply == ""
    assert answer.trouble
    with pytest.raises(PersonaError, match="down"):
        systems["ours"].answer(case, 2)


def test_zero_demos_have_no_learned_instruction(compiled_home, case):
    """Nor demos that an optimizer left: it is the model with nothing learned."""
    engine = ScriptedEngine(repeat(REPLY))
    ground = a_ground(compiled_home, engine)
    state = json.loads(json.dumps(ground.artifact.state).replace(Reply.instructions, "Talk like a pirate."))
    learned = ground._replace(artifact=ground.artifact._replace(state=state))

    for id in ("ours", "zero"):
        by_id(learned)[id].answer(case, 1)

    assert "pirate" in str(engine.prompts[0])
    assert "pirate" not in str(engine.prompts[-1])


def test_the_usual_systems_leave_out_what_is_costly(ground):
    """Ours always comes first, whatever was asked for."""
    assert [one.id for one in chosen(ground, Choice())] == ["ours", "zero", "nearest", "other", "echo", "real"]
    assert [one.id for one in chosen(ground, Choice(ids=("real", "raw")))] == ["ours", "raw", "real"]
    assert [one.id for one in chosen(ground, Choice(candidates=2))][:2] == ["ours", "best"]
    assert [one.id for one in chosen(ground, Choice(), ground)][:2] == ["ours", "against"]


@pytest.mark.parametrize("id", ["bert", "best", "against"])
def test_a_system_that_cannot_be_run_is_told(ground, id):
    """With what there is, or the flag it needs."""
    with pytest.raises(ConfigError, match=id):
        chosen(ground, Choice(ids=(id,)))
