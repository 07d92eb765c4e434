"""Which systems an evaluation runs, from what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.errors import ConfigError
from evals.chat_adapter import labelled_knn, raw_knn_few_shot
from evals.systems import (
    ASKED_FOR,
    NAMES,
    against,
    another,
    best_of,
    echo,
    nearest_reply,
    other_party,
    ours,
    real_reply,
    zero_demos,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import LabeledConversation
    from evals.ground import Ground
    from evals.systems import System


class Other(NamedTuple):
    """Another client: the name of the file, and what is in it."""

    name: str
    conversations: Sequence[LabeledConversation]


class Choice(NamedTuple):
    """What was asked for; without `ids` the usual systems, with `everything` the costly ones too."""

    ids: tuple[str, ...] = ()
    everything: bool = False
    candidates: int | None = None
    other: Other | None = None


def chosen(ground: Ground, choice: Choice, rival: Ground | None = None) -> list[System]:
    """The systems in the order they are shown; ours first, whatever was asked for. `rival` is another version's ground.

    Raises ConfigError for a name that no system has, or one that lacks its flag.
    """
    build = {
        "ours": lambda: ours(ground),
        "best": lambda: best_of(ground, choice.candidates or 1),
        "against": lambda: against(rival or ground),
        "zero": lambda: zero_demos(ground),
        "raw": lambda: raw_knn_few_shot(ground),
        "labelled": lambda: labelled_knn(ground),
        "nearest": lambda: nearest_reply(ground),
        "other": lambda: (
            another(ground, choice.other.conversations, choice.other.name) if choice.other else other_party(ground)
        ),
        "echo": echo,
        "real": real_reply,
    }
    return [build[id]() for id in NAMES if id in _wanted(choice, rival=rival is not None)]


def _wanted(choice: Choice, *, rival: bool) -> set[str]:
    given = {"ours", *(["best"] if choice.candidates else []), *(["against"] if rival else [])}
    if not choice.ids:
        costly = () if choice.everything else ASKED_FOR
        return given | {id for id in NAMES if id not in (*costly, "best", "against")}
    for id in choice.ids:
        if id not in NAMES:
            raise ConfigError(f"no system is called {id!r}", hint=f"There are: {', '.join(NAMES)}.")
        if id in {"best", "against"} and id not in given:
            flag = "--candidates N" if id == "best" else "--against VOICE@N"
            raise ConfigError(f"the system {id!r} needs {flag}", hint=f"Add {flag}, or leave {id!r} out.")
    return given | set(choice.ids) | (set(ASKED_FOR) if choice.everything else set())
