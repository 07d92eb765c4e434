"""KNNFewShot for a voice: the k nearest real replies as demos, found anew for every message.

The demos are those of `dspy.KNNFewShot(k, …, max_bootstrapped_demos=0, max_labeled_demos=k)` with the last message
embedded alone; but a turn stays one LM call, the replies shown are the client's own, and the program can be saved,
awaited and streamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dspy.teleprompt import Teleprompter

from brain.demos import DemoBank, Row
from brain.modules.habits import learn_habits
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import dspy

    from brain.demos import Embedder
    from brain.modules.chat import ChatProgram

DEFAULT_K = 3


class KNNFewShot(Teleprompter):
    """Gives the reply predictor of a ChatProgram a demo bank; no LM call, at compile or beyond the one of a turn."""

    def __init__(self, embed: Embedder, *, k: int = DEFAULT_K, tick: Callable[[int], None] = lambda _: None) -> None:
        super().__init__()
        self.embed, self.k, self.tick = embed, k, tick

    def compile(self, student: ChatProgram, *, trainset: Sequence[dspy.Example], **_: Any) -> ChatProgram:
        """A copy of the student that answers with demos from the trainset.

        Examples carry `conversation` and `reply`, and may carry `id`; equal pairs of message and reply count once.
        A reply that the student's own topic filter blocks never becomes a demo.
        """
        program = student.deepcopy()
        rows = allowed_rows(program, trainset)
        program.replier.use(DemoBank.build(rows, self.embed, tick=self.tick), min(self.k, len(rows)))
        program.replier.habits = learn_habits([row.reply for row in rows])
        return program


def allowed_rows(program: ChatProgram, trainset: Sequence[dspy.Example]) -> list[Row]:
    """The rows of the bank: cleaned for display, without repeats, and only what the policy lets the voice say."""
    rows: dict[tuple[str, str], Row] = {}
    for index, example in enumerate(trainset):
        reply = display(example.reply)
        message = display(example.conversation.last_from_other)
        turns = example.conversation.messages[-6:]
        if reply.strip() and program.filter.rules.check(reply, turns).allowed:
            rows.setdefault((message, reply), Row(str(example.get("id", index)), message, reply))
    return list(rows.values())
