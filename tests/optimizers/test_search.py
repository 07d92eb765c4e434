"""Searching a recipe: what is tried, what wins, what is never looked at."""

from __future__ import annotations

from itertools import count

import pytest
from dspy import lm15
from practising import BOILERPLATE, EngineThat, labeled, material, notes_of, optimization, real_reply

from brain.errors import DataError, UnavailableError
from brain.models import Recipe
from evals.halves import halves
from optimizers import search as searching
from optimizers.practice import parts_of
from optimizers.race import laps, rungs
from optimizers.variant import Variant


@pytest.fixture(autouse=True)
def small_space(monkeypatch):
    """One question, so that a test takes a second."""
    monkeypatch.setattr(searching, "SPACE", {"layout": ("turns", "block")})


def block_is_better(turns):
    """Answers as the client does when the demos stand in the last message, and else as a machine."""
    return real_reply(turns) if "answered before" in turns[-1]["content"] else BOILERPLATE


def test_a_better_recipe_is_found_and_the_manifest_tells_what_was_tried(rules, tmp_path, monkeypatch):
    """Where the model answers well for one layout alone, that layout is taken; more drafts gain nothing and are not."""
    monkeypatch.setattr(searching, "SPACE", {"layout": ("turns", "head", "block"), "candidates": (1, 2)})

    found = optimization(tmp_path, EngineThat(block_is_better), "search")(material(rules))

    assert found.variant.recipe == Recipe(rhythm=False, card=False, layout="block")
    assert found.scores["practice_headline"] > found.scores["practice_headline_before"] + 0.3
    assert found.why is None
    layouts = {tried.get("recipe", {}).get("layout", "turns") for tried in found.notes["tried"]}
    assert layouts == {"turns", "head", "block"}
    for tried in found.notes["tried"]:
        assert {"prompts", "headline", "low", "high", "voice", "fit", "seconds"} <= tried.keys()
    told = notes_of(found)
    assert (told["with"], told["model"], told["prompts"]) == ("search", "scripted/x", 10)
    assert told["lm_calls"] > 10


def test_nothing_better_keeps_the_default(rules, tmp_path):
    """A model that always says the same leaves the recipe as it is."""
    found = optimization(tmp_path, EngineThat(lambda _: BOILERPLATE), "search")(material(rules))

    assert found.variant.recipe == Recipe(rhythm=False, card=False)


def test_what_changes_no_reply_is_left_alone(rules, tmp_path):
    """Not even for something simpler: with another model it may matter."""
    found = optimization(tmp_path, EngineThat(lambda _: BOILERPLATE), "search")(material(rules, layout="block"))

    assert found.variant.recipe.layout == "block"


def test_among_equals_the_simpler_recipe_wins(rules, tmp_path, monkeypatch):
    """Three demos that gain nothing over one are two too many."""
    monkeypatch.setattr(searching, "SPACE", {"k": (1, 3)})

    def say(turns):
        return real_reply(turns) if len(turns) < 6 else f"{real_reply(turns)} too"

    found = optimization(tmp_path, EngineThat(say), "search")(material(rules))

    assert found.variant.recipe.k == 1


def test_the_proof_half_is_never_seen(rules, tmp_path):
    """No message and no reply of it is sent to the model, embedded for the practice or measured with."""
    engine, rows, given = EngineThat(block_is_better), labeled(), material(rules)
    embed = given.program.replier.bank.embed
    before = len(embed.texts)

    optimization(tmp_path, engine, "search")(given)

    parts = halves(len(rows))
    known = {rows[at].output for at in parts.practice}
    seen = engine.text + "".join(embed.texts[before:])
    assert rows[parts.practice[0]].chat_history.last_from_other in seen
    for at in parts.proof:
        assert rows[at].chat_history.last_from_other not in seen
        assert rows[at].output in known or rows[at].output not in seen


def test_what_teaches_and_what_is_asked_never_overlap():
    """Both are of the practice half, and what the policy forbids is in neither."""
    parts = parts_of(120, set(range(120)) - {0, 10})

    assert not set(parts.teach) & set(parts.ask)
    assert {*parts.teach, *parts.ask} == set(halves(120).practice) - {0, 10}


def test_a_run_taken_up_again_asks_nothing_twice(rules, tmp_path):
    """The second run finds the same without a single LM call; its log is for its owner alone."""
    first, second = EngineThat(block_is_better), EngineThat(block_is_better)

    before = optimization(tmp_path, first, "search")(material(rules))
    after = optimization(tmp_path, second, "search")(material(rules))

    assert first.requests
    assert not second.requests
    assert after.variant == before.variant
    (log,) = (tmp_path / "state" / "optimizers").iterdir()
    assert log.stat().st_mode & 0o777 == 0o600


def test_the_budget_is_never_exceeded_and_the_run_goes_on_from_there(rules, tmp_path):
    """It stops at the cap, says so, and a second run with more pays only for the rest."""
    first, second = EngineThat(block_is_better), EngineThat(block_is_better)

    stopped = optimization(tmp_path, first, "search", budget=15)(material(rules))
    done = optimization(tmp_path, second, "search")(material(rules))

    assert len(first.requests) == 15
    assert "budget of 15" in stopped.why
    assert len(second.requests) == 5
    assert not {repr(request) for request in first.requests} & {repr(request) for request in second.requests}
    assert done.variant.recipe.layout == "block"


def test_ctrl_c_keeps_the_best_so_far(rules, tmp_path, monkeypatch):
    """What the first question decided stays decided."""
    monkeypatch.setattr(searching, "SPACE", {"layout": ("turns", "block"), "candidates": (1, 4)})
    calls = count()

    def interrupted(turns):
        if next(calls) == 40:
            raise KeyboardInterrupt
        return block_is_better(turns)

    found = optimization(tmp_path, EngineThat(interrupted), "search")(material(rules))

    assert found.interrupted
    assert found.variant.recipe.layout == "block"
    assert notes_of(found)["stopped"] == "Ctrl-C"


def test_a_model_that_fails_keeps_what_is_done(rules, tmp_path):
    """Nothing was finished, so the default is what is kept; the failure is told in our words."""
    calls = count()

    def failing(turns):
        return lm15.TransportError("connection refused") if next(calls) >= 5 else block_is_better(turns)

    engine = EngineThat(failing)
    found = optimization(tmp_path, engine, "search")(material(rules))

    assert found.variant.recipe == Recipe(rhythm=False, card=False)
    assert isinstance(found.failure, UnavailableError)
    assert len(engine.requests) == 6


def test_a_model_that_fails_at_once_leaves_nothing_behind(rules, tmp_path):
    """A server that is down is an error like any other; no version is saved that nothing was tried for."""
    engine = EngineThat(lambda _: lm15.TransportError("connection refused"))

    with pytest.raises(UnavailableError):
        optimization(tmp_path, engine, "search")(material(rules))

    assert len(engine.requests) == 1


def test_an_empty_answer_is_a_bad_answer_and_no_failure(rules, tmp_path):
    """A recipe that makes a model fall silent loses, and the search goes on."""

    def silent(turns):
        return real_reply(turns) if "answered before" not in turns[-1]["content"] else " "

    found = optimization(tmp_path, EngineThat(silent), "search")(material(rules))

    assert found.why is None
    assert found.variant.recipe.layout != "block"


def test_too_small_a_file_is_refused_before_anything_is_spent(rules, tmp_path):
    """One line; the model is not even loaded."""
    engine = EngineThat(lambda _: BOILERPLATE)

    with pytest.raises(DataError, match="39 conversations are too few"):
        optimization(tmp_path, engine, "search")(material(rules, 39))

    assert not engine.requests


def test_a_recipe_that_is_too_slow_never_wins(rules, tmp_path):
    """The bar is for whole turns; where not even the default is quick enough, it stays."""
    found = optimization(tmp_path, EngineThat(block_is_better), "search", bar=0.0)(material(rules))

    assert found.variant.recipe.layout == "turns"


def test_a_race_has_few_prompts_first():
    """A quarter, a half, all; never fewer than eight."""
    assert [rungs(count) for count in (40, 16, 8, 3)] == [[10, 20, 40], [8, 16], [8], [3]]
    assert laps([Variant()] * 4, 40) == 4 * 10 + 2 * 10 + 1 * 20
