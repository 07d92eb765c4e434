"""One draft whose prompt fits into the model, with a line about what does not, and sent again where it did not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dspy.utils.exceptions import ContextWindowExceededError

from brain.modules.steps import Call, call

if TYPE_CHECKING:
    from collections.abc import Generator

    import dspy

    from brain.models import Earlier
    from brain.modules.earlier import Rememberer
    from brain.modules.reply import Replier
    from brain.modules.window import Window

CLIPPED = "A message is longer than the model can hold; its middle was left out."
OF_THE_PROMPT = ("demos", "omitted", "earlier", "context_tokens", "context_size", "notes")
_TRIES = 3
# "maximum context length is 8192 tokens", "available context size (8192 tokens)", "context window of 8192"
_HOLDS = re.compile(r"(?:context (?:length|size|window)[^\d\n]{0,20}|must be <= )(\d{3,7})", re.IGNORECASE)


def drafted(
    replier: Replier, rememberer: Rememberer, inputs: dict[str, Any], *, hint: str = "", earlier: Earlier | None = None
) -> Generator[Call, dspy.Prediction, dspy.Prediction]:
    """The replier's prediction, and beside it what was sent.

    Of the conversation `omitted` oldest messages were left out, and `earlier` told instead; the prompt takes
    `context_tokens` of `context_size`. `notes` are lines for the user: what had to go beyond that.

    `inputs` are those of the replier, `earlier` what was known of the messages left out before. Where the model holds
    less than was thought, more is left out, twice at most. Raises ContextWindowExceededError when nothing is left to
    leave out, and what the replier raises.
    """
    asked = {name: inputs[name] for name in ("conversation", "situation", "exclude", "config", "begun")}
    notes: list[str] = []
    bounds: dict[str, Any] = {"size": replier.size, "cut": earlier.messages if earlier else 0}
    window = first = replier.fit(**asked, hint=hint, **bounds)
    for tried in range(_TRIES):
        earlier = yield from _remembered(replier, rememberer, inputs, window, earlier)
        window = window._replace(line=earlier.line if earlier else "")
        try:
            draft = yield call(replier, **inputs, hint=hint, window=window)
            break
        except ContextWindowExceededError as exc:
            told = _told_size(exc)
            bounds["size"] = min(told or window.tokens, window.tokens)  # so that half of what was sent goes
            smaller = replier.fit(**asked, hint=hint, **bounds)
            if tried + 1 == _TRIES or smaller.tokens >= window.tokens:
                raise
            notes = [_sent_again(first, smaller, told)]
            window = smaller
    draft.omitted, draft.earlier = window.omitted, earlier
    draft.context_tokens, draft.context_size = window.tokens + replier.count(window.line), window.size
    draft.notes = (*notes, CLIPPED) if window.clipped else tuple(notes)
    return draft


def _remembered(
    replier: Replier, rememberer: Rememberer, inputs: dict[str, Any], window: Window, before: Earlier | None
) -> Generator[Call, dspy.Prediction, Earlier | None]:
    """What is told of the messages left out; found out anew only when the cut has moved."""
    if not window.omitted or (before and before.messages == window.omitted):
        return before if window.omitted else None
    found = yield call(
        rememberer,
        messages=inputs["conversation"].messages[: window.omitted],
        before=before,
        bank=replier.reply.bank,
        able=not replier.brief,
        most=window.size,
    )
    earlier: Earlier = found.earlier
    return earlier


def _told_size(error: ContextWindowExceededError) -> int | None:
    """How many tokens the model holds, where the server says it."""
    found = _HOLDS.search(error.message)
    return int(found[1]) if found else None


def _sent_again(window: Window, smaller: Window, told: int | None) -> str:
    known = told is not None and told < window.tokens
    much = f"{_thousands(window.tokens)} tokens; the model holds {_thousands(told or 0)}" if known else ""
    fewer = smaller.omitted - window.omitted
    left_out = f"Left out the {_oldest(fewer)} and" if fewer else "Left out some of it and"
    return f"This chat is {much or 'more than the model holds'}. {left_out} sent again."


def _oldest(messages: int) -> str:
    return "oldest message" if messages == 1 else f"{messages} oldest messages"


def _thousands(tokens: int) -> str:
    return f"{tokens / 1000:.1f}k"
