"""What a file made elsewhere turned out to hold, cleaned for display."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from brain.models import Conversation, LabeledConversation
from brain.sanitise import display

if TYPE_CHECKING:
    from collections.abc import Iterable

    from brain.models import Message, Persona


class Source(NamedTuple):
    """Labelled conversations, and who the client is as far as the file tells.

    `form` names the kind of file in words. `about` is what is said of a client without a name. `card` is the character
    card as it was read, untouched. `notes` tell what was left out, a sentence each.
    """

    form: str
    conversations: tuple[LabeledConversation, ...]
    persona: Persona | None = None
    about: str = ""
    card: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()


def cleaned(conversations: Iterable[LabeledConversation]) -> tuple[LabeledConversation, ...]:
    """Their display copies, each once; a message of which nothing is left is dropped, and so is what answers nobody."""
    found = (_cleaned(one) for one in conversations)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _cleaned(labeled: LabeledConversation) -> LabeledConversation | None:
    messages = tuple(message for one in labeled.chat_history.messages if (message := _shown(one)) is not None)
    try:
        history = labeled.chat_history.model_copy(update={"messages": messages})
        copy = labeled.model_copy(update={"chat_history": history, "output": display(labeled.output)})
        return copy if copy.output.strip() and Conversation(messages=messages).last_from_other else None
    except ValidationError:
        return None


def _shown(message: Message) -> Message | None:
    content = display(message.content)
    return message.model_copy(update={"content": content}) if content.strip() else None
