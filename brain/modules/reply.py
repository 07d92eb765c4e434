"""Writes the draft: nearest demos, recent history, and a length the client would write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dspy

from brain.demos import DemoBank, KNNPredict
from brain.errors import ArtifactError
from brain.models import Conversation, Habits
from brain.modules.habits import kept
from brain.modules.steps import Steps, arun, call, run
from brain.signatures.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Collection

    from brain.models import Message, Persona

_TOKENS_A_WORD = 1.5
_LAST_EXCHANGE = 3


class Replier(dspy.Module):
    """A draft in the client's voice; one LM call.

    `habits` shape it; `window` (messages) and `characters` bound what is sent of the conversation.
    """

    def __init__(
        self, persona: Persona, *, habits: Habits | None = None, window: int = 60, characters: int = 8_000
    ) -> None:
        super().__init__()
        self.reply = KNNPredict(Reply)
        self.persona = persona
        self.brief = False
        self.habits = habits or Habits()
        self.window = window
        self.characters = characters

    def use(self, bank: DemoBank, k: int) -> None:
        """Answers with the k nearest replies of this bank as demos from now on."""
        self.reply.bank, self.reply.k = bank, k

    @property
    def bank(self) -> DemoBank:
        """The bank it answers with. Raises ArtifactError before there is one."""
        if self.reply.bank is None:
            raise ArtifactError("this program was never compiled", hint="persona compile FILE --name NAME")
        return self.reply.bank

    def forward(self, conversation: Conversation, situation: str, **options: Any) -> dspy.Prediction:
        """A prediction with `reply` and `demos`. Options: `hint`, `exclude`, `config` (sampling for this call)."""
        return run(self._steps(conversation, situation, **options))

    async def aforward(self, conversation: Conversation, situation: str, **options: Any) -> dspy.Prediction:
        """`forward`, awaited."""
        return await arun(self._steps(conversation, situation, **options))

    def _steps(
        self,
        conversation: Conversation,
        situation: str,
        hint: str = "",
        exclude: Collection[str] = (),
        config: dict[str, Any] | None = None,
    ) -> Steps:
        draft = yield call(
            self.reply,
            persona=described(self.persona, brief=self.brief),
            situation=situation,
            conversation=recent(conversation, self.window, self.characters),
            hint=hint,
            exclude=exclude,
            config={"max_tokens": round(self.habits.longest * _TOKENS_A_WORD) + 8, **(config or {})},
        )
        return dspy.Prediction(reply=kept(draft.reply, self.habits), demos=draft.demos)


def described(persona: Persona, *, brief: bool = False) -> str:
    """The persona as the prompt tells it; in brief without facts and limits. Forbidden names have no place in it."""
    known = () if brief else (*persona.facts, *persona.limits)
    parts = [f"You are {persona.name}.", persona.about, *known]
    if persona.style:
        parts.append(f"How you write: {'; '.join(persona.style)}.")
    return " ".join(part.strip() for part in parts if part.strip())


def recent(conversation: Conversation, most: int, characters: int) -> Conversation:
    """The newest messages: at most `most` of them and about `characters` characters.

    The cut moves in blocks of half of `most`, not one message a turn, so that the head of the prompt stays the same
    for many turns and a prefix cache can keep it. The last exchange always stays; when it alone is too long, what
    came before its last message is cut short, or one long paste would silence all that follows.
    """
    messages = conversation.messages
    block = max(most // 2, 1)
    cut = -(-max(len(messages) - most, 0) // block) * block
    while cut + block < len(messages) and _characters(messages[cut:]) > characters:
        cut += block
    newest = messages[cut:]
    while len(newest) > _LAST_EXCHANGE and _characters(newest) > characters:
        newest = newest[1:]
    if _characters(newest) > characters:
        newest = (*(_clipped(message, characters // 4) for message in newest[:-1]), newest[-1])
    return Conversation(messages=_from_other(newest) if len(newest) < len(messages) else newest)


def _characters(messages: tuple[Message, ...]) -> int:
    return sum(len(message.content) for message in messages)


def _clipped(message: Message, most: int) -> Message:
    if len(message.content) <= most:
        return message
    return message.model_copy(update={"content": f"{message.content[:most]}…"})


def _from_other(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Starts with the other person, so that demos and history keep their turns."""
    first = next((index for index, message in enumerate(messages) if not message.from_creator), 0)
    return messages[first:]
