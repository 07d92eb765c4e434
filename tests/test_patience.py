"""Waiting out what passes: how long, how often, what is said, and that it can be stopped."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from brain.errors import DataError, PersonaError, RetryLaterError, UnavailableError
from brain.patience import patiently, patiently_now, waiting_time

if TYPE_CHECKING:
    from collections.abc import Callable


class Passing:
    """Fails with these errors, one a call, and answers then; remembers what was said and how long it slept."""

    def __init__(self, *errors: PersonaError) -> None:
        self.errors = list(errors)
        self.calls = 0
        self.told: list[str] = []
        self.slept: list[float] = []

    def ask(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "the answer"

    async def awaited(self) -> str:
        return self.ask()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def now(self, **how: int) -> str:
        return patiently_now(self.ask, tell=self.told.append, sleep=self.slept.append, **how)

    def later(self, **how: int) -> str:
        return asyncio.run(patiently(self.awaited, tell=self.told.append, sleep=self.sleep, **how))


@pytest.fixture(params=["now", "later"])
def way(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Both twins."""
    return lambda passing, **how: getattr(passing, request.param)(**how)


def limited(retry_after: float | None = None) -> RetryLaterError:
    return RetryLaterError("Together limits the rate of calls.", retry_after=retry_after, again=3)


def test_the_time_that_the_server_names_is_waited_and_told(way: Callable[..., str]) -> None:
    """Once per wait, in whole seconds; to the moment, also when it names a fraction."""
    passing = Passing(limited(7.0), limited(0.25))

    assert way(passing) == "the answer"
    assert passing.slept == [7.0, 0.25]
    assert passing.told == [
        "Rate limited. Trying again in 7 s — Ctrl-C to stop waiting.",
        "Rate limited. Trying again in 1 s — Ctrl-C to stop waiting.",
    ]


def test_a_limit_that_names_no_time_is_waited_longer_each_time(way: Callable[..., str]) -> None:
    """2, 4, 8 seconds, and never more than a minute."""
    three, many = Passing(*[limited()] * 3), Passing(*[RetryLaterError("Slow down.", again=9)] * 7)

    way(three)
    way(many, most=9)

    assert three.slept == [2.0, 4.0, 8.0]
    assert many.slept == [2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_after_so_many_times_the_error_is_raised(way: Callable[..., str]) -> None:
    """The last one, with its own words."""
    passing = Passing(*[limited(1.0)] * 9)

    with pytest.raises(RetryLaterError, match="limits the rate"):
        way(passing, most=2)

    assert passing.calls == 3


def test_more_than_two_minutes_are_not_waited(way: Callable[..., str]) -> None:
    """Nobody sits at a prompt for an hour; the error says when to come back."""
    passing = Passing(limited(121.0))

    with pytest.raises(RetryLaterError) as raised:
        way(passing)

    assert raised.value.retry_after == 121.0
    assert (passing.slept, passing.told) == ([], [])


def test_a_time_out_is_asked_again_once(way: Callable[..., str]) -> None:
    """It has cost a minute already."""
    passing = Passing(*[RetryLaterError("llama3.2:1b took too long to answer.")] * 2)

    with pytest.raises(RetryLaterError):
        way(passing)

    assert passing.calls == 2
    assert passing.told == ["llama3.2:1b took too long to answer. Trying again in 2 s — Ctrl-C to stop waiting."]


def test_a_server_that_is_busy_may_say_until_when(way: Callable[..., str]) -> None:
    """A 503 with Retry-After is as good as a rate limit."""
    passing = Passing(UnavailableError("Together failed (HTTP 503: Overloaded).", retry_after=3.0))

    assert way(passing) == "the answer"
    assert passing.slept == [3.0]
    assert passing.told[0].startswith("Together failed (HTTP 503: Overloaded). Trying again in 3 s")


@pytest.mark.parametrize("error", [limited(), RetryLaterError("llama3.2:1b took too long to answer.")])
def test_who_does_not_guess_waits_only_where_a_time_is_named(way: Callable[..., str], error: PersonaError) -> None:
    """A script has its own patience."""
    passing, named = Passing(error), Passing(limited(1.0))

    with pytest.raises(RetryLaterError):
        way(passing, guess=False)

    assert (passing.calls, passing.told) == (1, [])
    assert way(named, guess=False) == "the answer"


@pytest.mark.parametrize("error", [UnavailableError("Ollama isn't answering."), DataError("Too long.")])
def test_what_does_not_pass_is_raised_at_once(way: Callable[..., str], error: PersonaError) -> None:
    """Asking again would only hide it."""
    passing = Passing(error)

    with pytest.raises(type(error)):
        way(passing)

    assert (passing.calls, passing.told) == (1, [])


def test_cancelling_ends_a_wait_at_once() -> None:
    """With the real sleep: a minute was asked for, and nobody waits for it."""
    passing = Passing(limited(60.0))

    async def stopped() -> None:
        waiting = asyncio.create_task(patiently(passing.awaited, tell=passing.told.append))
        while not passing.told:
            await asyncio.sleep(0)
        waiting.cancel()
        async with asyncio.timeout(5):
            await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert passing.calls == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "1 s"), (7.0, "7 s"), (6.2, "7 s"), (120.0, "120 s"), (121.0, "3 min"), (3600.0, "60 min"), (9000.0, "3 h")],
)
def test_a_wait_is_told_in_the_unit_that_suits_it(seconds: float, words: str) -> None:
    """Rounded up: who comes back too early is refused again."""
    assert waiting_time(seconds) == words
