"""What is asked, and what it is measured with; see evals/runner.py for what may not overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError
from evals.cases import Case, Drawn, draw
from evals.halves import halves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.artifact import Artifact
    from brain.models import LabeledConversation

FEWEST = 10


class Plan(NamedTuple):
    """What is asked and what it is measured with. `practice` holds indices of the artifact's conversations."""

    practice: tuple[int, ...]
    cases: tuple[Case, ...]
    measured_on: tuple[LabeledConversation, ...]
    heldout: str | None = None
    notes: tuple[str, ...] = ()


def plan(artifact: Artifact, *, limit: int, seed: int) -> Plan:
    """Prompts and measures from the proof half: at most `limit` prompts (0: as many as can be), never more than half.

    Raises DataError when there are too few conversations.
    """
    practice, proof = _split(artifact)
    most = len(proof) // 2
    conversations = artifact.conversations()
    drawn = draw(
        [conversations[at] for at in proof], [str(at) for at in proof], most=min(limit or most, most), seed=seed
    )
    return Plan(practice, drawn.cases, drawn.rest)


def plan_heldout(
    artifact: Artifact,
    heldout: Sequence[LabeledConversation],
    name: str,
    *,
    limit: int,
    seed: int,
    rival: Artifact | None = None,
) -> Plan:
    """Prompts from another file of the same client, measures from the whole proof half.

    What stands in the artifact's file too is left out, and in that of a `rival` it is compared with. Raises DataError
    when nothing is left.
    """
    practice, proof = _split(artifact)
    conversations = artifact.conversations()
    theirs = rival.conversations() if rival else ()
    learned = {_pair(theirs[at]) for at in halves(len(theirs)).practice}
    known = {_pair(one) for one in (*conversations, *theirs)}
    fresh = [at for at, one in enumerate(heldout) if _pair(one) not in known]
    if not fresh:
        raise DataError(
            f"{name}: every conversation in it was compiled into {artifact.label}",
            hint="Give conversations that the voice has not seen, or leave --heldout out.",
        )
    left_out = len(heldout) - len(fresh)
    drawn: Drawn = draw(
        [heldout[at] for at in fresh], [f"{name}:{at}" for at in fresh], most=limit or len(fresh), seed=seed
    )
    notes = (f"Left out of {name}: {left_out} that the voice was compiled from.",) if left_out else ()
    measured_on = tuple(one for at in proof if _pair(one := conversations[at]) not in learned)
    return Plan(practice, drawn.cases, measured_on, name, notes)


def _split(artifact: Artifact) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The halves, without what the policy forbids and what is said twice."""
    count = len(artifact.conversations())
    kept = {artifact.bank.row(at).id for at in range(len(artifact.bank))}
    practice, proof = halves(count)
    proof = tuple(at for at in proof if str(at) in kept)
    if count < FEWEST or len(proof) < 2:
        raise DataError(
            f"{artifact.label} has {count} conversations; an evaluation needs {FEWEST}, and says something from 80 on.",
            hint="Compile it with more of the client's conversations.",
        )
    return practice, proof


def _pair(one: LabeledConversation) -> tuple[str, str]:
    return one.chat_history.last_from_other, one.output
