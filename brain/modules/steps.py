"""One control flow, two ways to run it: called or awaited.

A module writes its steps once, as a generator that yields the predictor calls it wants and receives their
predictions. `run` answers them one by one; `arun` awaits them.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, NamedTuple

import dspy


class Call(NamedTuple):
    """A module to be called with these inputs."""

    module: dspy.Module
    inputs: dict[str, Any]


Steps = Generator[Call, dspy.Prediction, dspy.Prediction]


def call(module: dspy.Module, **inputs: Any) -> Call:
    """A step; the prediction comes back where it is yielded."""
    return Call(module, inputs)


def run(steps: Steps) -> dspy.Prediction:
    """Runs the steps to their end. An error of a call is raised where it was yielded."""
    try:
        wanted = next(steps)
        while True:
            try:
                prediction = wanted.module(**wanted.inputs)
            except Exception as exc:
                wanted = steps.throw(exc)
            else:
                wanted = steps.send(prediction)
    except StopIteration as end:
        return end.value


async def arun(steps: Steps) -> dspy.Prediction:
    """`run`, awaited; cancelling it cancels the call in progress."""
    try:
        wanted = next(steps)
        while True:
            try:
                prediction = await wanted.module.acall(**wanted.inputs)
            except Exception as exc:
                wanted = steps.throw(exc)
            else:
                wanted = steps.send(prediction)
    except StopIteration as end:
        return end.value
