"""The plain chat-turn adapter: the prompt of a chat looks like a chat.

DSPy's ChatAdapter repeats field markers and a format reminder in every turn, which costs more than half of the prompt
and confuses small models. Here the system message holds instruction, persona and situation; demos and history are
real user and assistant turns; the completion is the reply.

Order (layout `turns`): system, older history, demos, the last exchange. What precedes the demos only ever grows at its
end, so a prefix cache keeps it from turn to turn, although the demos are picked anew for every message; and the last
thing the model reads is still the conversation itself. Layout `head` puts the demos before the history, `block` as text
into the last message; an optimizer may prefer them for another model.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import dspy
from dspy.adapters import JSONAdapter
from dspy.utils.exceptions import AdapterParseError

from brain.markers import neutralise
from brain.models import Conversation, Layout, Message

_GO_ON = "(Your last message broke off. Write only what follows its last word.)"
_BEGUN = "begun"
_SILENCE = "…"  # chat templates want a user turn first and last; an assistant turn at the end would be continued


class _Fields(NamedTuple):
    conversation: str
    reply: str


def _chat_fields(signature: type[dspy.Signature]) -> _Fields | None:
    """Which fields carry the chat: one Conversation in, one text out; None for any other signature."""
    conversations = [name for name, field in signature.input_fields.items() if field.annotation is Conversation]
    outputs = list(signature.output_fields.items())
    if len(conversations) == 1 and len(outputs) == 1 and outputs[0][1].annotation is str:
        return _Fields(conversations[0], outputs[0][0])
    return None


class ChatTurnAdapter(dspy.Adapter):
    """Formats a chat as chat turns; hands every other signature to `structured` (JSON mode where the LM has it)."""

    def __init__(
        self, layout: Layout = "turns", *, prefills: bool = False, structured: dspy.Adapter | None = None
    ) -> None:
        """`prefills` says that the LM goes on writing where a last assistant turn ends."""
        super().__init__()
        self.layout, self.prefills = layout, prefills
        self.structured = structured or JSONAdapter()

    def __call__(
        self, lm: Any, lm_kwargs: dict[str, Any], signature: Any, demos: list[Any], inputs: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One LM call."""
        if _chat_fields(signature):
            return super().__call__(lm, lm_kwargs, signature, demos, inputs)
        return self.structured(lm, lm_kwargs, signature, [_harmless(demo) for demo in demos], _harmless(inputs))

    async def acall(
        self, lm: Any, lm_kwargs: dict[str, Any], signature: Any, demos: list[Any], inputs: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One LM call, awaited."""
        if _chat_fields(signature):
            return await super().acall(lm, lm_kwargs, signature, demos, inputs)
        shown = [_harmless(demo) for demo in demos]
        return await self.structured.acall(lm, lm_kwargs, signature, shown, _harmless(inputs))

    def format(self, signature: type[dspy.Signature], demos: list[Any], inputs: dict[str, Any]) -> list[dict[str, Any]]:
        """System message, older history, demos, last exchange; consecutive turns of one side are merged.

        Inputs that the signature names before the conversation stand in the system message; those after it close the
        last message, where a wish for one reply leaves the head of the prompt, and so the cache, as it was. What is
        `begun` of the reply stands behind it as an assistant turn, to be gone on with.
        """
        fields = _chat_fields(signature)
        assert fields is not None, "only chat signatures are formatted here"
        conversation: Conversation = inputs[fields.conversation]
        older, last_exchange = _split(conversation.messages)
        shown = [turn for demo in demos for turn in _demo_turns(demo, fields)]
        follows = (*older, *last_exchange) if self.layout == "head" else last_exchange
        if shown and follows and follows[0].from_creator and self.layout != "block":
            shown.append(Message(from_creator=False, content=_SILENCE))
        if self.layout == "block" and shown:
            turns = _merged([*older, *last_exchange])
            turns[-1]["content"] = f"{_block(shown)}\n\n{turns[-1]['content']}"
        elif self.layout == "head":
            turns = _merged([*shown, *older, *last_exchange])
        else:
            turns = _merged([*older, *shown, *last_exchange])
        if wishes := _texts(signature, inputs, fields, after=True):
            turns[-1]["content"] += f"\n\n({' '.join(wishes)})"
        if begun := neutralise(str(inputs.get(_BEGUN) or "")):
            turns.append({"role": "assistant", "content": begun})
            if not self.prefills:
                turns.append({"role": "user", "content": _GO_ON})
        return [{"role": "system", "content": self.format_system_message(signature, inputs)}, *turns]

    def format_system_message(self, signature: type[dspy.Signature], inputs: dict[str, Any] | None = None) -> str:
        """The instruction, then the inputs before the conversation, in the signature's order.

        All of it is made harmless: a persona or a compiled voice may come from somebody else.
        """
        fields = _chat_fields(signature)
        texts = _texts(signature, inputs or {}, fields, after=False) if fields else []
        return "\n\n".join(text for text in (neutralise(signature.instructions), *texts) if text)

    def parse(self, signature: type[dspy.Signature], completion: str) -> dict[str, Any]:
        """The completion is the reply. Raises AdapterParseError when there is no text in it."""
        fields = _chat_fields(signature)
        assert fields is not None, "only chat signatures are parsed here"
        reply = completion.strip()
        if not reply:
            raise AdapterParseError(
                adapter_name=type(self).__name__,
                signature=signature,
                lm_response=completion,
                message="The model answered with nothing.",
            )
        return {fields.reply: reply}


def _texts(signature: type[dspy.Signature], inputs: dict[str, Any], fields: _Fields, *, after: bool) -> list[str]:
    """The inputs, as harmless texts, that the signature names before or after the conversation."""
    names = list(signature.input_fields)
    cut = names.index(fields.conversation)
    chosen = [name for name in names[cut + 1 :] if name != _BEGUN] if after else names[:cut]
    return [text for name in chosen if (text := neutralise(str(inputs.get(name) or "")).strip())]


def _harmless(inputs: dict[str, Any]) -> dict[str, Any]:
    """Texts and messages with prompt markers neutralised; DSPy's adapters do not do it."""
    return {name: _harmless_value(value) for name, value in inputs.items()}


def _harmless_value(value: Any) -> Any:
    if isinstance(value, str):
        return neutralise(value)
    if isinstance(value, dict):
        return _harmless(value)
    if isinstance(value, Message):
        return value.model_copy(update={"content": neutralise(value.content)})
    if isinstance(value, list | tuple):
        return [_harmless_value(item) for item in value]
    return value


def _split(messages: tuple[Message, ...]) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """Older history, and the last exchange: the other person's last two bursts and what lies between."""
    starts = [
        index
        for index, message in enumerate(messages)
        if not message.from_creator and (index == 0 or messages[index - 1].from_creator)
    ]
    cut = starts[-2] if len(starts) > 1 else 0
    return messages[:cut], messages[cut:]


def _demo_turns(demo: Any, fields: _Fields) -> tuple[Message, Message]:
    conversation = demo[fields.conversation]
    if not isinstance(conversation, Conversation):
        conversation = Conversation.model_validate(conversation)
    return (
        Message(from_creator=False, content=conversation.last_from_other),
        Message(from_creator=True, content=demo[fields.reply]),
    )


def _block(shown: list[Message]) -> str:
    """Demos as text, for the last message."""
    lines = [f"{'You' if turn.from_creator else 'They'}: {neutralise(turn.content)}" for turn in shown]
    return "\n".join(["Messages that you have answered before:", *lines, "", "Now answer this:"])


def _merged(turns: list[Message]) -> list[dict[str, Any]]:
    merged: list[dict[str, Any]] = []
    for turn in turns:
        content = neutralise(turn.content)
        if merged and merged[-1]["role"] == turn.role:
            merged[-1]["content"] += f"\n{content}"
        else:
            merged.append({"role": turn.role, "content": content})
    if not merged or merged[0]["role"] == "assistant":
        merged.insert(0, {"role": "user", "content": _SILENCE})
    if merged[-1]["role"] == "assistant":
        merged.append({"role": "user", "content": _SILENCE})
    return merged
