"""How much of a conversation fits into a prompt: the newest turns, cut in blocks, and the demos beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from brain.demos import shown_message
from brain.models import Conversation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Demo, Message

TokenCounter = Callable[[str], int]
SIZE = 4_096  # tokens, of a model of which nothing is known
A_TURN = 6  # tokens that a chat template writes around a message
LEFT_OUT = "[…]"
_LAST_EXCHANGE = 3  # messages
_LEAST = 64  # tokens of the last message, whatever else there is
_OF_ANOTHER = 8  # the part of the room that another message of the last exchange takes at most
_LITTLE, _FEW = 8, 3  # less than this part of the room, and fewer of the messages: that was cut for a smaller model


class Bounds(NamedTuple):
    """`room` is how many tokens a prompt has for demos and conversation; `most` counts messages.

    `cut` is how many messages the last prompt left out.
    """

    room: int
    most: int = 60
    cut: int = 0


class Window(NamedTuple):
    """What is sent. `tokens` are those of the whole prompt, `line` tells of the `omitted` oldest messages.

    `clipped` says that the middle of a message is missing.
    """

    conversation: Conversation
    demos: tuple[Demo, ...] = ()
    omitted: int = 0
    tokens: int = 0
    size: int = SIZE
    clipped: bool = False
    line: str = ""


def rough_tokens(text: str) -> int:
    """Tokens of a text, by its bytes alone; too many for most models and languages."""
    return -(-len(text.encode(errors="replace")) // 3)


def fitted(messages: Sequence[Message], demos: Sequence[Demo], bounds: Bounds, count: TokenCounter) -> Window:
    """The newest messages and as many demos, nearest first, as the bounds hold.

    The oldest messages go first, many at a time, so that the head of the prompt stays the same for many turns and a
    prefix cache can keep it. Then the farthest demos go, and last of all the middle of what is too long in the last
    exchange. `tokens` are those of messages and demos alone, and of the model's size nothing is said.
    """
    last = messages[-min(_LAST_EXCHANGE, bounds.most) :]
    shown = list(demos)
    while shown and _tokens(last, count) + demo_tokens(shown, count) > bounds.room:
        shown.pop()
    left = bounds.room - demo_tokens(shown, count)
    cut = _from_other(messages, _cut(messages, bounds._replace(room=left), count))
    kept = clipped = messages[cut:]
    if _tokens(kept, count) > left:
        clipped = _clipped(kept, left, count)
    return Window(
        Conversation(messages=tuple(clipped)),
        tuple(shown),
        omitted=cut,
        tokens=demo_tokens(shown, count) + _tokens(clipped, count),
        clipped=clipped != kept,
    )


def demo_tokens(demos: Sequence[Demo], count: TokenCounter) -> int:
    """Tokens of demos as chat turns."""
    return sum(count(shown_message(demo)) + count(demo.reply) + 2 * A_TURN for demo in demos)


def _tokens(messages: Sequence[Message], count: TokenCounter) -> int:
    return sum(count(message.content) + A_TURN for message in messages)


def _cut(messages: Sequence[Message], bounds: Bounds, count: TokenCounter) -> int:
    """How many of the oldest messages are left out; those of the last exchange never are.

    As many as before, as long as the rest fits; then so many that half of the room is free again.
    """
    latest = len(messages) - min(_LAST_EXCHANGE, bounds.most, len(messages))
    if bounds.cut <= latest and _fits(messages[bounds.cut :], bounds, count):
        return bounds.cut
    first, used = latest, _tokens(messages[latest:], count)
    while first and (used := used + _tokens(messages[first - 1 : first], count)) <= bounds.room // 2:
        first -= 1
    block = max(bounds.most // 2, 1)
    return max(first, -(-max(len(messages) - bounds.most, 0) // block) * block)


def _fits(kept: Sequence[Message], bounds: Bounds, count: TokenCounter) -> bool:
    """Whether these may be sent, and are not so few that they were chosen for a smaller model."""
    used = _tokens(kept, count)
    if used > bounds.room or len(kept) > bounds.most:
        return False
    return not bounds.cut or used * _LITTLE >= bounds.room or len(kept) * _FEW >= bounds.most


def _from_other(messages: Sequence[Message], cut: int) -> int:
    """Starts with the other person, so that demos and history keep their turns."""
    starts = (place for place in range(cut, len(messages)) if not messages[place].from_creator)
    return next(starts, cut) if cut else 0


def _clipped(messages: Sequence[Message], room: int, count: TokenCounter) -> Sequence[Message]:
    """The last exchange in so little room that its last message keeps most of it."""
    *others, last = messages
    cut = [_middle_out(message, max(room // _OF_ANOTHER, A_TURN), count) for message in others]
    return [*cut, _middle_out(last, max(room - _tokens(cut, count) - A_TURN, _LEAST), count)]


def _middle_out(message: Message, most: int, count: TokenCounter) -> Message:
    """What people ask stands at the beginning of a message or at its end."""
    text, kept = message.content, len(message.content)
    while (tokens := count(text)) > most and kept:
        kept = min(kept * most // tokens, kept - 1)
        text = f"{message.content[: kept - kept // 2]}{LEFT_OUT}{message.content[len(message.content) - kept // 2 :]}"
    return message if text == message.content else message.model_copy(update={"content": text})
