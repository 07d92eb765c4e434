"""What goes into an optimization, and what comes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from brain.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.errors import PersonaError
    from brain.models import Draft, LabeledConversation
    from brain.modules.chat import ChatProgram
    from optimizers.variant import Variant


FEWEST = 40


def check_enough(count: int) -> None:
    """Raises DataError when so many conversations are too few to optimize on."""
    if count < FEWEST:
        raise DataError(
            f"{count} conversations are too few to optimize on; it takes {FEWEST}, and says something from 200 on.",
            hint="persona compile without --with needs no more than these.",
        )


class Material(NamedTuple):
    """What is compiled: the file as read, the student, and the program as KNNFewShot makes it of all of it."""

    name: str
    dataset: bytes
    conversations: Sequence[LabeledConversation]
    student: ChatProgram
    program: ChatProgram
    drafts: Sequence[Draft] = ()


class Found(NamedTuple):
    """The best variant, what the manifest tells of how it was found, and what stopped the work before its end.

    `why` is in words; `failure` is the error of a model, None where Ctrl-C or the budget stopped it.
    """

    variant: Variant
    scores: dict[str, float]
    notes: dict[str, Any]
    why: str | None = None
    failure: PersonaError | None = None
    interrupted: bool = False
