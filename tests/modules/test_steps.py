"""One control flow, called or awaited."""

from __future__ import annotations

import asyncio

import dspy
import pytest

from brain.modules.steps import arun, call, run


class Doubler(dspy.Module):
    """Answers with twice the number, records what it was asked, and fails on demand."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def forward(self, number):
        self.asked.append(number)
        if number < 0:
            raise ValueError(f"{number} is below zero")
        return dspy.Prediction(number=2 * number)

    async def aforward(self, number):
        return self.forward(number)


def _awaited(steps):
    return asyncio.run(arun(steps))


both_ways = pytest.mark.parametrize("go", [run, _awaited], ids=["called", "awaited"])


@both_ways
def test_each_step_receives_what_its_call_answered(go):
    """Written once, the same flow is called or awaited."""
    doubler = Doubler()

    def steps():
        first = yield call(doubler, number=1)
        second = yield call(doubler, number=first.number)
        return dspy.Prediction(total=first.number + second.number)

    assert go(steps()).total == 6
    assert doubler.asked == [1, 2]


@both_ways
def test_steps_without_a_call_just_answer(go):
    """A flow may find that there is nothing to ask."""

    def steps():
        return dspy.Prediction(total=0)
        yield

    assert go(steps()).total == 0


@both_ways
def test_an_error_is_raised_where_the_call_was_made(go):
    """So a flow can answer it, and go on."""
    doubler = Doubler()

    def steps():
        try:
            yield call(doubler, number=-1)
        except ValueError as exc:
            told = str(exc)
        after = yield call(doubler, number=4)
        return dspy.Prediction(told=told, after=after.number)

    prediction = go(steps())

    assert (prediction.told, prediction.after) == ("-1 is below zero", 8)


@both_ways
def test_an_error_nobody_answers_reaches_the_caller(go):
    """With its own type, and after the flow cleaned up."""
    cleaned = []

    def steps():
        try:
            yield call(Doubler(), number=-1)
        finally:
            cleaned.append(True)

    with pytest.raises(ValueError, match="below zero"):
        go(steps())
    assert cleaned == [True]


@both_ways
def test_an_error_of_the_flow_itself_is_not_swallowed(go):
    """Not even between two calls."""

    def steps():
        yield call(Doubler(), number=1)
        raise LookupError("a bug")

    with pytest.raises(LookupError, match="a bug"):
        go(steps())


@both_ways
def test_an_answer_to_an_error_may_itself_be_a_call(go):
    """A second draft after a failed one."""
    doubler = Doubler()

    def steps():
        try:
            yield call(doubler, number=-1)
        except ValueError:
            rescued = yield call(doubler, number=5)
        return rescued

    assert go(steps()).number == 10
    assert doubler.asked == [-1, 5]


class Waiter(dspy.Module):
    """Waits until it is cancelled."""

    def __init__(self):
        super().__init__()
        self.began, self.cancelled = asyncio.Event(), False

    async def aforward(self):
        self.began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


def test_cancelling_stops_the_call_in_progress():
    """Ctrl-C must reach the model, not only the flow that asked it; no step answers a cancellation."""
    answered = []

    def steps(waiter):
        try:
            yield call(waiter)
        except Exception as exc:
            answered.append(exc)
        return dspy.Prediction()

    async def cancel():
        waiter = Waiter()
        task = asyncio.create_task(arun(steps(waiter)))
        await waiter.began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return waiter

    assert asyncio.run(cancel()).cancelled
    assert answered == []
