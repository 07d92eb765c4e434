"""Where an optimization keeps what it has paid for, so that the same command goes on where it stopped.

A file a run, named by a digest of all that its answers depend on: the data, the model, the settings, the optimizer and
its options, this code. It holds private replies: only its owner may read it (see evals/answer_log.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.answer_log import AnswerLog, code_digest, digest

if TYPE_CHECKING:
    from brain.config import Settings

_SAID = {"temperature", "num_ctx", "history", "read_situation", "api_base"}


def open_run(settings: Settings, name: str, *parts: object) -> AnswerLog:
    """The log of the run that all of these `parts` name, for the voice `name`."""
    said = settings.model_dump(mode="json", include=_SAID)
    return AnswerLog(settings.state_dir / "optimizers" / f"{name}-{digest(code_digest(), said, *parts)[:16]}.jsonl")
