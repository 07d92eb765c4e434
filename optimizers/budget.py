"""What an optimizer will spend, and may: LM calls, counted where they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dspy.utils.callback import BaseCallback
from dspy.utils.exceptions import ContextWindowExceededError, LMError

from brain.lms.build import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.errors import PersonaError
    from brain.lms.build import Model
    from evals.results import Answer


class Stopped(BaseException):
    """The work ends here and what is done is kept: the budget is spent, or a model failed with `error`.

    Like KeyboardInterrupt it is no Exception: DSPy's loops count those as bad answers and go on.
    """

    def __init__(self, why: str, error: PersonaError | None = None) -> None:
        super().__init__(why)
        self.why, self.error = why, error


class Meter:
    """Counts the calls of every model that was given to it; never more than `most` of them all together."""

    def __init__(self, most: int | None = None, *, tick: Callable[[int], object] = lambda _: None) -> None:
        """`tick` hears how many calls are made."""
        self.most, self.tick = most, tick
        self.calls = 0

    def metered(self, model: Model) -> Model:
        """The same model; its calls are counted, and one that fails for good raises Stopped."""
        gate, model = _Gate(self, model), model.insistent()
        return model._replace(lm=model.lm.copy(callbacks=[*(model.lm.callbacks or []), gate]))

    def spend(self) -> None:
        """One more call is about to be made. Raises Stopped instead when all are spent."""
        if self.most is not None and self.calls >= self.most:
            raise Stopped(f"the budget of {self.most} LM calls is spent")
        self.calls += 1
        self.tick(self.calls)


class _Gate(BaseCallback):
    def __init__(self, meter: Meter, model: Model) -> None:
        self.meter, self.model = meter, model

    def on_lm_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:  # noqa: ARG002
        self.meter.spend()

    def on_lm_end(self, call_id: str, outputs: Any, exception: BaseException | None = None) -> None:  # noqa: ARG002
        if isinstance(exception, LMError) and not isinstance(exception, ContextWindowExceededError):
            error = explained(exception, self.model)
            raise Stopped(f"the model failed: {error.message}", error) from exception


class Cost(NamedTuple):
    """What is about to be spent at most; tokens and seconds as the first turns took them."""

    calls: int
    tokens: int
    seconds: float

    @classmethod
    def of(cls, calls: int, warm: Sequence[Answer], most: int | None = None) -> Cost:
        """So many calls like those of the warm-up turns, within a budget of `most`."""
        made = max(sum(answer.lm_calls for answer in warm), 1)
        calls = calls if most is None else min(calls, most)
        tokens = sum(answer.prompt_tokens + answer.completion_tokens for answer in warm) / made
        return cls(calls, round(calls * tokens), calls * sum(answer.seconds for answer in warm) / made)

    def told(self, spec: str) -> str:
        """In one line."""
        minutes = f"{self.seconds / 60:.0f} min" if self.seconds >= 90 else f"{self.seconds:.0f} s"
        return f"at most {self.calls:,} LM calls on {spec}, about {self.tokens:,} tokens and {minutes}"
