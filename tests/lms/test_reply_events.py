"""Pieces of a reply become stream events, and what the model thinks never becomes part of what it says."""

from __future__ import annotations

import pytest
from dspy import lm15
from lms.asking import question, said

from brain.lms.reply_events import Piece, ReplyEvents, whole_reply


def read(*texts: str) -> list[lm15.StreamStartEvent | lm15.StreamDeltaEvent | lm15.StreamEndEvent]:
    events = ReplyEvents("ollama/x")
    pieces = [Piece(text=text) for text in texts]
    return [
        *(event for piece in [*pieces, Piece(finish="stop")] for event in events.read(piece)),
        *events.end(),
    ]


@pytest.mark.parametrize(
    ("whole", "visible"),
    [
        ("Hello you", "Hello you"),
        ("<think>She is sad.</think>\n\nI am here.", "I am here."),
        ("\n<think>a</think> One <think>b</think>two", "One two"),
        ("<think>no end to it", ""),
        ("5 < 6 and </thi or <thinker>", "5 < 6 and </thi or <thinker>"),
        ("  <", "<"),
    ],
)
def test_thoughts_are_kept_out_wherever_the_pieces_break(whole: str, visible: str) -> None:
    """A tag may come in two halves, at any letter."""
    for cut in range(len(whole) + 1):
        assert said(read(whole[:cut], whole[cut:])) == visible
    assert said(read(*whole)) == visible


def test_a_closing_tag_alone_makes_a_thought_of_what_stood_before() -> None:
    """Some templates open the thought in the prompt, so the reply only closes it."""
    reply = whole_reply(question("ollama/x"), Piece(text="Let me see.</think>\nHello you"))

    assert reply.text == "Hello you"
    assert reply.message.first(lm15.ThinkingPart).text == "Let me see."


def test_a_reply_of_thoughts_alone_says_the_empty_text() -> None:
    """The text of a reply is a text, never None."""
    assert whole_reply(question("ollama/x"), Piece(text="<think>hm")).text == ""
    assert whole_reply(question("ollama/x"), Piece(thinking="hm")).text == ""


def test_one_start_comes_first_and_one_end_last() -> None:
    """The stream guard of dspy refuses anything else."""
    kinds = [event.type for event in read("Hello", " you")]

    assert kinds == ["start", "delta", "delta", "end"]


def test_counts_may_come_after_the_last_word() -> None:
    """Some servers send the usage in a chunk of its own."""
    events = ReplyEvents("together/x")
    pieces = [Piece("Hi", finish="eos", input_tokens=3), Piece(output_tokens=1, cached_tokens=2)]
    end = [*(event for piece in pieces for event in events.read(piece)), *events.end()][-1]

    assert (end.finish_reason, end.usage.input_tokens, end.usage.output_tokens) == ("stop", 3, 1)
    assert end.usage.cache_read_tokens == 2


def test_a_reply_without_its_end_is_no_reply() -> None:
    """Half an answer must not pass for a whole one."""
    events = ReplyEvents("ollama/x")
    list(events.read(Piece("Hel")))

    with pytest.raises(lm15.StreamAssemblyError):
        list(events.end())
