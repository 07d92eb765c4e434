"""An evaluation from its plan to its figures."""

from __future__ import annotations

import io
from itertools import repeat

import pytest
from eval_samples import a_ground, conversations
from fakes import ScriptedEngine

from brain.errors import DataError, RetryLaterError
from brain.terminal.progress import Progress
from brain.voices import build_rules
from evals.answer_log import AnswerLog
from evals.cases import draw
from evals.choice import Choice, chosen
from evals.planning import plan, plan_heldout
from evals.results import Answer
from evals.runner import answer_all, evaluated, missing
from evals.systems import System

REPLY = "the kettle is on. tea?"
USUAL = Choice(ids=("ours", "nearest", "echo", "real"))


@pytest.fixture
def engine():
    return ScriptedEngine(repeat(REPLY))


@pytest.fixture
def ground(compiled_home, engine):
    return a_ground(compiled_home, engine)


def test_what_was_learned_asked_and_measured_never_overlap(ground):
    """Practice half, prompts and the measures' conversations: three sets without a common reply."""
    planned = plan(ground.artifact, limit=40, seed=0)
    labeled = ground.artifact.conversations()

    practice = {labeled[at].output for at in planned.practice}
    asked = {case.real for case in planned.cases}
    measured = {one.output for one in planned.measured_on}

    assert len(asked) == 40
    assert practice.isdisjoint(asked)
    assert practice.isdisjoint(measured)
    assert asked.isdisjoint(measured)


def test_the_measures_keep_half_of_the_proof_at_least(ground):
    """However many prompts are asked for."""
    planned = plan(ground.artifact, limit=10_000, seed=0)

    assert len(planned.measured_on) >= len(planned.cases)
    assert plan(ground.artifact, limit=0, seed=0) == planned


def test_prompts_of_another_file_leave_the_whole_proof_half_to_the_measures(ground):
    """What was compiled too is left out of them, and said so."""
    known = ground.artifact.conversations()[0]

    planned = plan_heldout(ground.artifact, [known, *conversations(8)], "later.json", limit=5, seed=0)

    assert len(planned.cases) == 5
    assert known.output not in {case.real for case in planned.cases}
    assert planned.heldout == "later.json"
    assert planned.notes == ("Left out of later.json: 1 that the voice was compiled from.",)
    assert len(planned.measured_on) > len(plan(ground.artifact, limit=40, seed=0).measured_on)
    with pytest.raises(DataError, match="every conversation in it was compiled"):
        plan_heldout(ground.artifact, [known], "same.json", limit=5, seed=0)


def test_a_run_taken_up_again_asks_only_what_is_missing(ground, engine, tmp_path):
    """The answers of the first come from the disk, also with more prompts; another seed asks anew."""
    cases = plan(ground.artifact, limit=6, seed=0).cases
    systems = chosen(ground, USUAL)
    path = tmp_path / "answers.jsonl"
    first = answer_all(cases[:4], systems, AnswerLog(path), seed=0)
    asked = len(engine.requests)

    assert missing(cases, systems, AnswerLog(path), seed=0) == 2
    again = answer_all(cases, systems, AnswerLog(path), seed=0)

    assert len(engine.requests) == asked + 2
    assert again["ours"][:4] == first["ours"]
    assert missing(cases, systems, AnswerLog(path), seed=1) == 6


def test_a_run_that_is_stopped_keeps_what_was_answered(ground, tmp_path):
    """Ctrl-C in the middle of the third."""
    cases = plan(ground.artifact, limit=4, seed=0).cases
    ground = a_ground(ground.settings.home, _Stopped(after=2))
    log = AnswerLog(tmp_path / "answers.jsonl")

    with pytest.raises(KeyboardInterrupt):
        answer_all(cases, chosen(ground, Choice(ids=("ours",))), log, seed=0)

    assert log.added == 2
    assert missing(cases, chosen(ground, Choice(ids=("ours",))), AnswerLog(log.path), seed=0) == 2


class _Stopped(ScriptedEngine):
    """Somebody presses Ctrl-C while the answer after so many is written."""

    def __init__(self, *, after):
        super().__init__(repeat(REPLY))
        self._after = after

    def complete(self, request):
        if len(self.requests) == self._after:
            raise KeyboardInterrupt
        return super().complete(request)


def test_every_system_is_judged_and_compared_with_ours(ground, tmp_path):
    """The real replies are the ceiling, copies are copies, an echo is no reply; a repeated line is flagged."""
    planned = plan(ground.artifact, limit=20, seed=0)
    systems = chosen(ground, USUAL)
    answers = answer_all(planned.cases, systems, AnswerLog(tmp_path / "a.jsonl"), seed=0)

    result = evaluated(ground, planned, systems, answers, rules=build_rules(ground.settings), seed=0)

    ours, nearest, echo, real = (result.score(id) for id in ("ours", "nearest", "echo", "real"))
    assert result.refused is None
    assert real.fit == pytest.approx(1.0)
    assert real.headline > 0.7 > ours.headline
    assert real.ours_ahead_by.high < 0
    assert nearest.copies > 0.5
    assert "copies" in nearest.flags
    assert echo.echoes > 0.5
    assert echo.headline < 0
    assert ours.ours_ahead_by is None
    assert ours.lm_calls >= 1
    assert "repetition" in ours.flags
    assert [answer.system for answer in result.prompts[0].answers] == ["ours", "nearest", "echo", "real"]
    assert result.prompts[0].answers[3].answer.reply == result.prompts[0].real


def test_three_prompts_have_no_headline_and_everything_else(ground, tmp_path):
    """A group of fewer than five has no score."""
    planned = plan(ground.artifact, limit=3, seed=0)
    systems = chosen(ground, USUAL)
    answers = answer_all(planned.cases, systems, AnswerLog(tmp_path / "a.jsonl"), seed=0)

    result = evaluated(ground, planned, systems, answers, rules=build_rules(ground.settings), seed=0)

    assert result.score("ours").headline is None
    assert result.score("ours").ours_ahead_by is None
    assert result.score("ours").lm_calls >= 1
    assert len(result.prompts) == 3


def test_a_rate_limit_is_waited_out_and_told(tmp_path):
    """An evaluation of hours is not lost to a busy minute."""
    limits = [RetryLaterError("Together limits the rate of calls.", retry_after=0.0), None]
    stream = io.StringIO()

    def answer(_case, _seed):
        if limit := limits.pop(0):
            raise limit
        return Answer(reply=REPLY)

    system, log = System("ours", "ours", "key", 1, answer), AnswerLog(tmp_path / "answers.jsonl")
    cases = draw(conversations(4), list("abcd"), most=1, seed=0).cases

    answers = answer_all(cases, [system], log, seed=0, watcher=Progress(stream=stream, after=60.0))

    assert answers["ours"] == [Answer(reply=REPLY)]
    assert stream.getvalue() == "Rate limited. Trying again in 1 s — Ctrl-C to stop waiting.\n"
