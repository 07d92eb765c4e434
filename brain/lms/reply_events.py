"""From the pieces of a reply, as a server sends them, to DSPy's stream events; thoughts kept out of the text.

dspy is imported inside the functions: whoever only asks which models are installed does not pay for it.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from brain.lms.chat_body import finish_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dspy import lm15

    StreamEvent: TypeAlias = lm15.StreamStartEvent | lm15.StreamDeltaEvent | lm15.StreamEndEvent

_TAG = re.compile(r"</?think>")
_HALF_TAG = re.compile(r"</?(t(h(i(n(k)?)?)?)?)?$")


class Piece(NamedTuple):
    """What one chunk of a reply says, in the same words for every provider; a whole reply is one piece."""

    text: str = ""
    thinking: str = ""
    finish: str | None = None
    id: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None


class ThinkingSplit:
    """Tells `<think>…</think>` from what is said, also when a tag comes in halves.

    A closing tag without an opening one makes a thought of the text that is not handed out yet. What is said
    never begins with white space.
    """

    def __init__(self) -> None:
        self._held = ""
        self._thinks = False
        self._speaks = False

    def feed(self, text: str) -> Iterator[tuple[bool, str]]:
        """Pairs of (is a thought, text)."""
        self._held += text
        while tag := _TAG.search(self._held):
            closes = tag[0] == "</think>"
            yield from self._part(self._thinks or closes, self._held[: tag.start()])
            self._thinks, self._speaks = not closes, False
            self._held = self._held[tag.end() :]
        half = _HALF_TAG.search(self._held)
        end = half.start() if half else len(self._held)
        ready, self._held = self._held[:end], self._held[end:]
        yield from self._part(self._thinks, ready)

    def rest(self) -> Iterator[tuple[bool, str]]:
        """What looked like the beginning of a tag and was none."""
        ready, self._held = self._held, ""
        yield from self._part(self._thinks, ready)

    def _part(self, is_thought: bool, text: str) -> Iterator[tuple[bool, str]]:
        if not is_thought and not self._speaks:
            text = text.lstrip()
            self._speaks = bool(text)
        if text:
            yield is_thought, text


class ReplyEvents:
    """Turns the pieces of one reply into stream events: one start, what is thought and said, one end."""

    def __init__(self, model: str) -> None:
        self.begun = False
        self._model = model
        self._split = ThinkingSplit()
        self._said = False
        self._finish: str | None = None
        self._counts: dict[str, int] = {}

    def read(self, piece: Piece) -> Iterator[StreamEvent]:
        """The events of one piece."""
        from dspy import lm15

        if not self.begun:
            self.begun = True
            yield lm15.StreamStartEvent(id=piece.id or None, model=piece.model or self._model)
        self._finish = piece.finish or self._finish
        counts = zip(
            ("input_tokens", "output_tokens", "cache_read_tokens"),
            (piece.input_tokens, piece.output_tokens, piece.cached_tokens),
            strict=True,
        )
        self._counts |= {name: count for name, count in counts if count is not None}
        if piece.thinking:
            yield lm15.StreamDeltaEvent(lm15.ThinkingDelta(piece.thinking))
        yield from self._deltas(self._split.feed(piece.text))

    def end(self) -> Iterator[StreamEvent]:
        """The last events. A reply that never said it was done was cut: StreamAssemblyError."""
        from dspy import lm15

        if self._finish is None:
            raise lm15.StreamAssemblyError("The reply broke off before its end.")
        yield from self._deltas(self._split.rest())
        if not self._said:
            yield lm15.StreamDeltaEvent(lm15.TextDelta(""))
        finish = cast("lm15.FinishReason", finish_reason(self._finish))
        yield lm15.StreamEndEvent(finish_reason=finish, usage=lm15.Usage(**self._counts))

    def _deltas(self, parts: Iterator[tuple[bool, str]]) -> Iterator[StreamEvent]:
        from dspy import lm15

        for is_thought, text in parts:
            self._said |= not is_thought
            yield lm15.StreamDeltaEvent(lm15.ThinkingDelta(text) if is_thought else lm15.TextDelta(text))


def whole_reply(request: lm15.Request, piece: Piece) -> lm15.Response:
    """A reply that came in one piece, read by the rules of a stream."""
    from dspy import lm15

    events = ReplyEvents(request.model)
    return lm15.materialize_response(
        chain(events.read(piece._replace(finish=piece.finish or "stop")), events.end()), request
    )
