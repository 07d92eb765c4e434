"""The same voice by DSPy's own means."""

from __future__ import annotations

from itertools import repeat

import pytest
from eval_samples import a_ground
from fakes import ScriptedEngine, talk, us

from brain.models import Conversation
from evals.chat_adapter import labelled_knn, raw_knn_few_shot
from evals.planning import plan

IN_MARKERS = "[[ ## reply ## ]]\nfine here\n\n[[ ## completed ## ]]"


@pytest.fixture
def asked(compiled_home):
    def ask(reply, build):
        engine = ScriptedEngine(repeat(reply))
        ground = a_ground(compiled_home, engine)
        case = plan(ground.artifact, limit=1, seed=0).cases[0]
        case = case._replace(conversation=Conversation(messages=(*talk("hi", "hello").messages, us("again?"))))
        longer = Conversation(messages=(*case.conversation.messages, *talk("how was the market?").messages))
        return build(ground).answer(case._replace(conversation=longer), 7), engine, ground

    return ask


def test_labelled_demos_cost_one_call(asked):
    """The same demos as ours, with situation and history as fields."""
    answer, engine, ground = asked(IN_MARKERS, labelled_knn)

    assert (answer.reply, answer.lm_calls, answer.trouble) == ("fine here", 1, "")
    assert len(answer.demos) == ground.recipe.k
    assert answer.prompt_tokens > 0
    prompt = engine.prompts[0]
    assert prompt[-1]["content"].count("how was the market?") == 1
    assert any("hello\nagain?" in turn["content"] for turn in prompt if turn["role"] == "assistant")
    assert engine.requests[0].config.max_tokens == 200
    assert engine.requests[0].config.seed == 7


def test_raw_knn_few_shot_costs_k_more_and_prints_nothing(asked, capfd):
    """Its demos are the model's own words."""
    answer, engine, ground = asked(IN_MARKERS, raw_knn_few_shot)

    assert answer.reply == "fine here"
    assert answer.lm_calls == len(engine.requests) == ground.recipe.k + 1
    assert any("fine here" in turn["content"] for turn in engine.prompts[-1] if turn["role"] == "assistant")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("build", [labelled_knn, raw_knn_few_shot])
@pytest.mark.parametrize("said", ["I would rather talk about the weather.", "[[ ## reply ]] I would rather"])
def test_an_answer_without_its_markers_counts_as_it_stands(asked, build, said):
    """A small model forgets them; a baseline gets the benefit of the doubt."""
    answer, _, _ = asked(said, build)

    assert answer.reply == said
    assert answer.trouble == ""
    assert answer.lm_calls >= 1
