"""How hard the other person has lately tried to talk the voice out of its frame, and how it cools down.

Once is curiosity and changes nothing. From the second time on, replies get shorter and more even, never rude. Nothing
is blocked for it, and nothing is kept: it is read anew from the messages of each turn.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from brain.markers import control_mark
from brain.policy.disguises import decoded
from brain.policy.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.models import Message

RECENT = 16  # messages, of both sides
COOL_AT, COLD_AT = 2, 4  # attempts


class Coolness(NamedTuple):
    """`hint` is a wish for the reply, as the model reads it; `room` the share of its usual length, 0.0 to 1.0."""

    hint: str = ""
    room: float = 1.0


WARM = Coolness()
_COOL = Coolness("Keep this reply short and even, and ask nothing.", 0.6)
_COLD = Coolness("Answer in one short, even sentence, and ask nothing.", 0.35)
HINTS = (_COOL.hint, _COLD.hint)


def tries(text: str) -> bool:
    """Whether a message reaches for the prompt, the rules or the frame itself, plainly, in a code or by a marker."""
    folded = fold(text)
    inside = (word for word, _, _ in decoded(text))
    return control_mark(folded) is not None or any(_pattern().search(each) for each in (folded.text, *inside))


def attempts(
    messages: Sequence[Message],
    *,
    asks: Callable[[str], bool] = lambda _text: False,
    reaches: Callable[[str], bool] = tries,
) -> int:
    """How often the other person has tried in the newest messages, oldest first.

    Each message that reaches for the prompt or the rules counts. `asks` tells whether a text asks for what the policy
    forbids; such a message counts once an earlier one was answered, for asking again what was put off. `reaches` is
    `tries`, or `tries` with a memory.
    """
    count = 0
    asked = put_off = False
    for message in messages[-RECENT:]:
        if message.from_creator:
            put_off = put_off or asked
        elif reaches(message.content):
            count += 1
        elif asks(message.content):
            count += put_off
            asked = True
    return count


def coolness(count: int) -> Coolness:
    """How the voice answers after so many attempts."""
    if count < COOL_AT:
        return WARM
    return _COOL if count < COLD_AT else _COLD


@cache
def _pattern() -> re.Pattern[str]:
    lists = tomllib.loads(files("brain.safety").joinpath("pressure.toml").read_text(encoding="utf-8"))
    return re.compile(rf"\b(?:{'|'.join(pattern for patterns in lists.values() for pattern in patterns)})")
