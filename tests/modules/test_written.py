"""What is there of a reply while it is written."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import dspy

from brain.modules.written import Written
from brain.signatures.reply import Reply


def piece(predictor: dspy.Predict, text: str | None) -> Any:
    """A chunk as DSPy sends it."""
    choice = SimpleNamespace(delta=SimpleNamespace(content=text), finish_reason=None if text else "stop")
    return SimpleNamespace(predict_id=id(predictor), choices=[choice])


async def in_a_call_of_its_own(written: Written, predictor: dspy.Predict, *texts: str | None) -> None:
    async def write() -> None:
        for text in texts:
            await written.send(piece(predictor, text))

    await asyncio.create_task(write())


def test_pieces_become_a_text_and_the_first_word_has_a_time() -> None:
    """White space before the first word is no word."""
    predictor = dspy.Predict(Reply)
    written = Written(predictor)

    asyncio.run(in_a_call_of_its_own(written, predictor, " "))
    assert written.first_word is None
    asyncio.run(in_a_call_of_its_own(written, predictor, "the sea", " was loud", None))

    assert written.text == "the sea was loud"
    assert written.first_word is not None
    assert written.first_word >= 0.0


def test_the_draft_begun_last_counts_once_it_has_words() -> None:
    """A second draft takes the place of the first, but not while it is empty."""
    predictor = dspy.Predict(Reply)
    written = Written(predictor)

    async def two_drafts() -> list[str]:
        seen = []
        await in_a_call_of_its_own(written, predictor, "first draft")
        seen.append(written.text)
        await in_a_call_of_its_own(written, predictor, "  ")
        seen.append(written.text)
        await in_a_call_of_its_own(written, predictor, "second")
        return [*seen, written.text]

    assert asyncio.run(two_drafts()) == ["first draft", "first draft", "second"]


def test_what_others_write_is_not_the_reply() -> None:
    """A judge, or a line about the past."""
    written = Written(dspy.Predict(Reply))

    asyncio.run(in_a_call_of_its_own(written, dspy.Predict(Reply), "a verdict"))

    assert written.text == ""
    assert written.first_word is None
