"""The reply alone as optimizers of instructions call it, and the score of replies to one instruction as a group.

One reply says next to nothing about a voice, so no reply is scored for itself: what counts is the headline of a set of
replies (evals/measures.py), and beside another instruction's headline for the same prompts.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import dspy
from dspy.utils.exceptions import AdapterParseError

from brain.modules.context import clock_facts
from brain.style import style_features
from evals.explanations import explanations
from evals.fit import headline
from evals.results import Answer
from optimizers.variant import applied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Conversation
    from evals.measures import Judged
    from optimizers.practice import Practice
    from optimizers.variant import Variant

_SHOWN = 6  # messages of a conversation that a proposer reads
_FEWEST = 5  # replies that something can be said of


class Drafter(dspy.Module):
    """Answers a prompt of the practice by its number; one LM call, none for what the log has."""

    def __init__(self, practice: Practice, start: Variant) -> None:
        super().__init__()
        self.practice, self.start = practice, start
        self.replier = applied(practice.program, start, practice.rows).replier

    def told(self, instruction: str) -> Drafter:
        """A copy that follows another instruction."""
        copy = self.deepcopy()
        copy.replier.reply.signature = copy.replier.reply.signature.with_instructions(instruction)
        return copy

    def forward(self, number: int) -> dspy.Prediction:
        """A prediction with `reply`, the `answer` it is part of, and the `instruction` it follows."""
        instruction: str = self.replier.reply.signature.instructions
        answer = self._answer(number, instruction)
        return dspy.Prediction(reply=answer.reply, answer=answer, instruction=instruction)

    def _answer(self, number: int, instruction: str) -> Answer:
        practice, case = self.practice, self.practice.cases[number]
        key = practice.key("draft", [self.start.model_dump(mode="json"), instruction], number)
        if (kept := practice.log.get(key)) is not None:
            return kept
        began = time.perf_counter()
        try:
            said = self.replier(
                conversation=case.conversation,
                situation=clock_facts(case.conversation, case.now),
                config={"seed": practice.seed_of(number)},
            )
            answer = Answer(reply=said.reply, seconds=round(time.perf_counter() - began, 3))
        except AdapterParseError:
            answer = Answer(reply="", trouble="The model answered with nothing.")
        practice.log.add(key, answer)
        return answer


class Scoreboard:
    """Every answer by instruction and prompt, and what sets of them are worth."""

    def __init__(self, practice: Practice, first: str, numbers: Sequence[int]) -> None:
        """`first` is the instruction to beat, `numbers` are the prompts to choose with."""
        self.practice, self.first, self.numbers = practice, first, list(numbers)
        self.said: dict[str, dict[int, Answer]] = {}

    def add(self, number: int, prediction: dspy.Prediction) -> None:
        """Keeps what a Drafter answered."""
        self.said.setdefault(prediction.instruction, {})[number] = prediction.answer

    def group(self, instruction: str, numbers: Sequence[int] | None = None) -> Judged:
        """The answers that follow an instruction, to these prompts or to all."""
        chosen = self.numbers if numbers is None else numbers
        return self.practice.judged(chosen, [self.said[instruction][number].reply for number in chosen])

    def scores(self, instruction: str, numbers: Sequence[int]) -> list[float]:
        """A score for each answer; their mean is the headline of the group.

        How they stray from it says which suit better than others, and lies between -0.5 and 0.5.
        """
        judged = self.group(instruction, numbers)
        merits = (judged.heard.u + judged.ranks) / 2
        return [float(score) for score in self.value(judged) + merits - merits.mean()]

    def value(self, judged: Judged) -> float:
        """The headline of a group."""
        measures = self.practice.measures
        return headline(measures.voice.voice(judged.heard), measures.fit_of(judged))

    def at_the_end(self, example: dspy.Example, prediction: dspy.Prediction, trace: object = None) -> float:  # noqa: ARG002
        """A metric whose mean over all prompts, in order, is the headline: the last of them pays for the group."""
        self.add(example.number, prediction)
        if example.number != self.numbers[-1]:
            return 0.0
        return len(self.numbers) * self.value(self.group(prediction.instruction))

    def shortcomings(self, instruction: str) -> str:
        """What all replies that follow an instruction have in common and the client's have not, in words."""
        replies = [answer.reply for answer in self.said[instruction].values()]
        own = self.practice.measures.voice.own_heard().features
        why = explanations(style_features(replies), own) if len(replies) >= _FEWEST else ()
        return f"All replies together, beside this person's own: {'; '.join(why)}." if why else ""

    def feedback(self, number: int, instruction: str) -> str:
        """What is odd about one reply, and what the client said in its place."""
        _, notes = self.practice.measures.voice.flags(self.said[instruction][number].reply)
        said = f"This reply: {'; '.join(notes)}. " if notes else ""
        return f"{said}What this person really answered: {self.practice.cases[number].real}"


def in_words(conversation: Conversation) -> str:
    """The end of a conversation as a proposer reads it."""
    turns = conversation.messages[-_SHOWN:]
    return "\n".join(f"{'You' if turn.from_creator else 'They'}: {turn.content}" for turn in turns)
