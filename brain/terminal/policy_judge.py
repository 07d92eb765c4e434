"""The judge of `persona policy check`: the second opinion that is asked where the rules are unsure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from brain.config import Settings
    from brain.models import Message, Verdict

Judge = Callable[[str, "Sequence[Message]", "Verdict"], "Verdict"]


def judge_for(settings: Settings, *, say: Callable[[str], object]) -> Judge | None:
    """The last word on a reply, from the text, what was said before it and the rules' verdict; None for the rules' own.

    Without `judge` in the settings nothing of DSPy is imported. `say` hears when there is no able model. Raises
    PersonaError when the model cannot be reached.
    """
    if settings.judge == "off":
        return None
    from brain.judging import open_judge
    from brain.lms.quiet import silence_libraries

    silence_libraries()
    return open_judge(settings, say=say)
