"""The values that pass between rooms; frozen, and the same in every room."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:")
Role = Literal["user", "assistant"]
Layer = Literal["none", "names", "meetings", "judge", "safety", "leak"]
Action = Literal["none", "redrafted", "trimmed", "fallback", "answered"]
Strategy = Literal["knn", "mmr", "knn+diverse", "random", "fixed"]
Accent = dict[str, float]
State = Literal["streaming", "done", "stopped", "cut", "interrupted", "failed", "edited"]
"""How far a message came.

streaming    a reply that a living process is writing
done         whole
stopped      the user stopped it
cut          the connection dropped in the middle
interrupted  its process died in the middle
failed       no text came at all
edited       the user's correction of a reply
"""
Layout = Literal["turns", "head", "block"]


class Value(BaseModel):
    """A frozen value; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Message(Value):
    """One message; `from_creator` tells whose. Unknown keys are kept."""

    model_config = ConfigDict(frozen=True, extra="allow")

    from_creator: bool = Field(strict=True)
    content: str = Field(strict=True)
    timestamp: datetime | None = None

    @field_validator("timestamp", mode="before")
    @classmethod
    def _is_iso(cls, timestamp: object) -> object:
        if isinstance(timestamp, datetime | None) or (isinstance(timestamp, str) and _ISO_DATE.match(timestamp)):
            return timestamp
        raise ValueError("is not ISO 8601")

    @field_validator("content")
    @classmethod
    def _has_text(cls, content: str) -> str:
        if not content.strip():
            raise ValueError("has no text")
        return content

    @property
    def role(self) -> Role:
        """The same fact in the words of chat APIs."""
        return "assistant" if self.from_creator else "user"


class Conversation(Value):
    """Messages in order, oldest first. Unknown keys are kept."""

    model_config = ConfigDict(frozen=True, extra="allow")

    messages: tuple[Message, ...]

    @property
    def last_from_other(self) -> str:
        """What waits for an answer: the other person's last messages in a row, joined by line breaks."""
        burst: list[str] = []
        for message in reversed(self.messages):
            if not message.from_creator:
                burst.append(message.content)
            elif burst:
                break
        return "\n".join(reversed(burst))


class LabeledConversation(Value):
    """A conversation and the client's real reply to its last message. Unknown keys are kept."""

    model_config = ConfigDict(frozen=True, extra="allow")

    chat_history: Conversation
    output: str = Field(strict=True)

    @field_validator("output")
    @classmethod
    def _has_text(cls, output: str) -> str:
        if not output.strip():
            raise ValueError("has no text")
        return output


class Persona(Value):
    """Whose voice it is: what a reply may know about them, and their own fallback lines."""

    name: str = Field(min_length=1)
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    about: str = ""
    facts: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    limits: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    fallbacks: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Recipe(Value):
    """How a program makes a reply; what an optimizer may choose.

    `strategy` and `k` pick the demos. `layout` tells where they stand: as chat turns before the last exchange, as chat
    turns at the head of the conversation, or as one block of text in the last message. `rhythm` gives each reply the
    form of a real one, `card` tells the model how the client writes, and of `candidates` drafts the one is said that
    sounds most like them.
    """

    strategy: Strategy = "knn"
    k: int = Field(default=3, ge=0, le=64)
    layout: Layout = "turns"
    rhythm: bool = True
    card: bool = True
    candidates: int = Field(default=1, ge=1, le=16)


class Verdict(Value):
    """What the topic filter says of one text. `unsure` is true when a judge would be asked.

    `evidence` is the span of the text, as displayed, that decided; `start` and `end` are its offsets.
    `confidence` lies between 0.0 and 1.0. `action` is what was done about it in a turn.
    """

    allowed: bool
    unsure: bool = False
    category: str | None = None
    layer: Layer = "none"
    rule: str | None = None
    evidence: str = ""
    start: int = 0
    end: int = 0
    confidence: float = Field(default=1.0, ge=0.0, le=1.0)
    action: Action = "none"


class Demo(Value):
    """A labelled reply that was shown to the model; `similarity` is a cosine, -1.0 to 1.0."""

    id: str
    similarity: float
    message: str
    reply: str


class Draft(Value):
    """What a model wrote for the message of a labelled reply, untouched; `id` is the reply's."""

    id: str
    text: str


class Usage(Value):
    """What one turn cost. Tokens are the engine's own counts; seconds are wall time.

    `first_word` is how long the first word took, where the reply came word by word. There is no price: none of the
    clients hands on what a provider reports of it, and what a price list says would be a guess.
    """

    lm_calls: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    first_word: float | None = None


class Earlier(Value):
    """What a prompt says in one line of the `messages` oldest messages, which no longer fit into it."""

    messages: int = Field(ge=1)
    line: str


Prompt = tuple[dict[str, str], ...]


class Turn(Value):
    """One finished turn: the reply and everything that explains it.

    `omitted` older messages were left out of the prompt, and `earlier` is what stood in their place.
    `context_tokens` of `context_size` were taken by the prompt, by our own count; 0 where no model was asked. `notes`
    are lines for the user. `prompts` are the messages of each call, exactly as they went out.
    """

    reply: str
    voice: str
    model: str
    situation: str
    verdict: Verdict
    demos: tuple[Demo, ...]
    usage: Usage
    omitted: int = 0
    earlier: Earlier | None = None
    context_tokens: int = 0
    context_size: int = 0
    notes: tuple[str, ...] = ()
    prompts: tuple[Prompt, ...] = ()

    def details(self) -> dict[str, Any]:
        """All but the reply and what was sent, which are kept by themselves; as plain JSON values."""
        return self.model_dump(mode="json", exclude={"reply", "prompts"})
