"""Instructions that a model proposes; kept in the log of the run, so that none is paid for twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import dspy
from dspy.teleprompt.gepa.instruction_proposal import InstructionProposer

from evals.answer_log import digest
from evals.results import Answer

if TYPE_CHECKING:
    from evals.answer_log import AnswerLog

MOST_CHARACTERS = 600
_FEWEST_WORDS = 3
_FORM = re.compile(r"##|[{}]|\[\[|```")
_WANTED = (
    "The instruction tells a chat model how to write as one certain person. Write one to three plain sentences about "
    "manner: length, spelling, punctuation, tone. Quote no message, name no website or app."
)


def is_plain(instruction: str) -> bool:
    """Whether it can stand in a prompt: some words, not too many, and no piece of the form it was asked for in."""
    words = instruction.split()
    return len(words) >= _FEWEST_WORDS and len(instruction) <= MOST_CHARACTERS and not _FORM.search(instruction)


class KeptProposer(InstructionProposer):
    """GEPA's own proposer of instructions; what the log has is not asked again."""

    def __init__(self, log: AnswerLog) -> None:
        super().__init__(additional_instructions=_WANTED, max_chars=MOST_CHARACTERS)
        self.log = log
        self.asked: Counter[str] = Counter()

    def __call__(
        self, candidate: dict[str, str], reflective_dataset: Any, components_to_update: list[str]
    ) -> dict[str, str]:
        """One LM call a component, two when it is too long. Raises what DSPy and pydantic raise."""
        key = digest("proposal", candidate, str(reflective_dataset), components_to_update)
        self.asked[key] += 1
        key = digest(key, self.asked[key])
        if (kept := self.log.get(key)) is not None:
            found: dict[str, str] = json.loads(kept.reply)
            return found
        proposed: dict[str, str] = super().__call__(candidate, reflective_dataset, components_to_update)
        self.log.add(key, Answer(reply=json.dumps(proposed)))
        return proposed


class InstructionsOnly(dspy.MIPROv2):
    """MIPROv2 for instructions alone: its first step would make demos of the model's own words, so it is left out."""

    def __init__(self, log: AnswerLog, **options: Any) -> None:
        super().__init__(**options)
        self.log = log

    def _bootstrap_fewshot_examples(self, *_: Any, **__: Any) -> None:
        """No demos: those of the recipe stay."""

    def _propose_instructions(self, program: Any, trainset: Any, *rest: Any, **more: Any) -> dict[int, list[str]]:
        key = digest("proposals", str(trainset), more, self.seed)
        if (kept := self.log.get(key)) is not None:
            return {int(at): texts for at, texts in json.loads(kept.reply).items()}
        proposed: dict[int, list[str]] = super()._propose_instructions(program, trainset, *rest, **more)
        self.log.add(key, Answer(reply=json.dumps(proposed)))
        return proposed
