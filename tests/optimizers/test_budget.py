"""What an optimizer may spend, and what is said of it before."""

from __future__ import annotations

import dspy
import pytest
from dspy import lm15
from fakes import ScriptedEngine
from practising import BOILERPLATE, EngineThat, material, model_of, optimization

from brain.errors import ConfigError, UnavailableError
from brain.terminal.progress import Progress
from evals.results import Answer
from optimizers.budget import Cost, Meter, Stopped


def test_a_meter_counts_the_calls_of_all_its_models_and_lets_no_more_through():
    """Also where DSPy's loops would take an exception for a bad answer."""
    engines = ScriptedEngine(["a", "b"]), ScriptedEngine(["c", "d"])
    told = []
    meter = Meter(3, tick=told.append)
    speaker, proposer = (meter.metered(model_of(engine)).lm for engine in engines)

    speaker("one")
    proposer("two")
    speaker("three")
    with pytest.raises(Stopped, match="budget of 3 LM calls"):
        dspy.Evaluate(devset=[dspy.Example(x=1).with_inputs("x")], num_threads=1, metric=lambda *_: 1.0)(
            lambda **_: proposer("four")
        )

    assert [len(engine.requests) for engine in engines] == [2, 1]
    assert told == [1, 2, 3]


def test_a_model_that_fails_stops_the_work_in_our_words():
    """The model that was given stays as it was."""
    model = model_of(ScriptedEngine([lm15.TransportError("refused"), lm15.TransportError("refused")]))
    metered = Meter().metered(model)

    with pytest.raises(Stopped) as stopped:
        metered.lm("hello")

    assert isinstance(stopped.value.error, UnavailableError)
    assert not model.lm.callbacks


def test_the_cost_is_estimated_from_turns_that_were_made():
    """Tokens and time a call, for as many calls as there may be."""
    warm = [Answer(reply="x", seconds=2.0, prompt_tokens=190, completion_tokens=10, lm_calls=2)]

    assert Cost.of(300, warm) == (300, 30_000, 300.0)
    assert Cost.of(300, warm, 60).told("embedded") == "at most 60 LM calls on embedded, about 6,000 tokens and 60 s"
    assert Cost.of(300, []) == (300, 0, 0.0)


def test_nothing_begins_before_it_is_agreed_to(rules, tmp_path, capsys):
    """Three turns tell what it will cost; who declines has paid for those alone."""
    engine = EngineThat(lambda _: BOILERPLATE)
    run = optimization(tmp_path, engine, "search")

    def decline():
        raise RuntimeError("no")

    run.agree, run.watcher = decline, Progress()
    with pytest.raises(RuntimeError):
        run(material(rules))

    assert len(engine.requests) == 3
    assert "search: at most" in capsys.readouterr().err


def test_money_is_never_spent_unasked(rules, tmp_path):
    """A hosted model, and nobody to ask: not even the first turns are made."""
    engine = EngineThat(lambda _: BOILERPLATE)
    run = optimization(tmp_path, engine, "search")
    run.build = lambda _: model_of(engine)._replace(key_name="TOGETHER_API_KEY")

    with pytest.raises(ConfigError) as refused:
        run(material(rules))

    assert "--yes" in refused.value.hint
    assert not engine.requests
