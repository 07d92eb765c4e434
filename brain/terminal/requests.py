"""What `persona ask --jsonl` reads."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from brain.models import Conversation, Message
from brain.session import readable

EXAMPLE = '{"id": 1, "messages": [{"role": "user", "content": "hi"}]}'


class RequestMessage(BaseModel):
    """One message in the words of chat APIs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    role: Literal["user", "assistant"]
    content: str
    timestamp: datetime | None = None


class Request(BaseModel):
    """One conversation to answer, and the local time it is answered at."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: object = None
    messages: Annotated[tuple[RequestMessage, ...], Field(min_length=1)]
    now: datetime | None = None

    def conversation(self) -> Conversation:
        """Its messages, cleaned for display. Raises DataError for one without text."""
        return Conversation(
            messages=tuple(
                Message(
                    from_creator=message.role == "assistant",
                    content=readable(message.content),
                    timestamp=message.timestamp,
                )
                for message in self.messages
            )
        )
