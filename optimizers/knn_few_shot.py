"""KNNFewShot for a voice: the k nearest real replies as demos, found anew for every message.

The demos are those of `dspy.KNNFewShot(k, …, max_bootstrapped_demos=0, max_labeled_demos=k)` with the last message
embedded alone; but a turn stays one LM call, the replies shown are the client's own, and the program can be saved,
awaited and streamed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dspy.teleprompt import Teleprompter

from brain.demos import DemoBank, Row, unit
from brain.modules.learned import learn
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import dspy

    from brain.demos import Embedder
    from brain.models import Draft
    from brain.modules.chat import ChatProgram

# Leave-one-out on the bundled voice, 120 replies, embedded model (persona compile -k N; persona eval --limit 120):
# relevance 0.81, 0.80, 0.84, 0.84, 0.85, 0.83 for k = 0, 1, 2, 3, 4, 6; copies 0.00, 0.01, 0.03, 0.01, 0.01, 0.02;
# casing distance 0.45, 0.11, 0.06, 0.08, 0.06, 0.07. It is level from 2 on; 3 copies least for the fewest tokens.
DEFAULT_K = 3
_SCORED_ROWS = 300


class KNNFewShot(Teleprompter):
    """Gives the reply predictor of a ChatProgram a demo bank; no LM call, at compile or beyond the one of a turn."""

    def __init__(
        self,
        embed: Embedder,
        *,
        k: int = DEFAULT_K,
        drafts: Sequence[Draft] = (),
        tick: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`drafts` are what the model wrote for some of the messages: see `optimizers.listening`."""
        super().__init__()
        self.embed, self.k, self.drafts, self.tick = embed, k, drafts, tick

    def compile(self, student: ChatProgram, *, trainset: Sequence[dspy.Example], **_: Any) -> ChatProgram:
        """A copy of the student that answers with demos from the trainset.

        Examples carry `conversation` and `reply`, and may carry `id`; equal pairs of message and reply count once.
        A reply that the student's own topic filter blocks never becomes a demo.
        """
        program = student.deepcopy()
        rows = allowed_rows(program, trainset)
        recipe = program.replier.recipe.model_copy(update={"k": min(self.k, len(rows))})
        bank = DemoBank.build(rows, self.embed, tick=self.tick)
        program.replier.use(bank, recipe, learn(bank, heard_in(trainset), drafts=self.drafts))
        return program


def heard_in(trainset: Sequence[dspy.Example]) -> list[str]:
    """What the people wrote with whom the client talks, each once."""
    return sorted(
        {
            message.content
            for example in trainset
            for message in example.conversation.messages
            if not message.from_creator
        }
    )


def demo_scores(bank: DemoBank, k: int) -> dict[str, float]:
    """Leave-one-out, without a model: how like its demos' replies a row's own reply is, and as a yardstick random ones.

    Cosines of the bank's embedder, -1.0 to 1.0, averaged over at most 300 evenly spaced rows; empty when the bank has
    fewer rows than k + 2.
    """
    if len(bank) < k + 2 or k < 1:
        return {}
    step = -(-len(bank) // _SCORED_ROWS)
    rows = [bank.row(index) for index in range(0, len(bank), step)]
    replies = unit(bank.embed([row.reply for row in rows]))
    near = []
    for row, reply in zip(rows, replies, strict=True):
        demos = bank.nearest(row.message, k, exclude=frozenset({row.id}))
        near.append(float((unit(bank.embed([demo.reply for demo in demos])) @ reply).mean()))
    others = replies @ replies.T
    count = len(rows)
    return {
        "demo_similarity": round(sum(near) / count, 4),
        "random_similarity": round(float(others.sum() - others.trace()) / max(count * (count - 1), 1), 4),
    }


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
