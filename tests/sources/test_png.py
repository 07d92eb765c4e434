"""Pictures: whole or not, and never larger inside than they may be."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources.files import chunk, png

from brain.errors import DataError
from brain.sources.png import MOST_TEXT, text_of

if TYPE_CHECKING:
    from collections.abc import Callable
from pathlib import Path

PATH = Path("card.png")
WHOLE = png(chunk(b"tEXt", b"chara\0hello"), chunk(b"iTXt", b"note\0\0\0de\0Notiz\0gr\xc3\xbcn"))


def test_a_text_is_found_by_its_keyword() -> None:
    """As bytes; what they mean is for others to say."""
    found = [text_of(PATH, WHOLE, keyword) for keyword in ("chara", "note", "ccv3")]

    assert found == [b"hello", b"gr\xc3\xbcn", None]


def test_what_nobody_asked_for_is_not_unpacked() -> None:
    """It may be broken, or enormous."""
    assert text_of(PATH, png(chunk(b"zTXt", b"note\0\0junk"), chunk(b"tEXt", b"chara\0hello")), "chara") == b"hello"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (lambda content: content[:20], "ends too early"),
        (lambda content: content[:-12], "ends too early"),
        (lambda content: content.replace(b"hello", b"hullo"), "is damaged at byte 33"),
        (lambda content: content[:33] + b"\xff" + content[34:], "ends too early"),
    ],
)
def test_a_picture_that_is_not_whole_is_named_with_its_byte(broken: Callable[[bytes], bytes], told: str) -> None:
    """Truncated, changed, or with a length that cannot be."""
    with pytest.raises(DataError, match=told):
        text_of(PATH, broken(WHOLE), "chara")


@pytest.mark.parametrize("size", [MOST_TEXT, MOST_TEXT + 1])
def test_a_text_that_would_burst_is_not_unpacked(size: int) -> None:
    """A hundred kilobytes may stand for gigabytes."""
    packed = png(chunk(b"zTXt", b"chara\0\0" + zlib.compress(b"x" * size)))

    if size > MOST_TEXT:
        with pytest.raises(DataError, match="larger than 16 MiB"):
            text_of(PATH, packed, "chara")
    else:
        assert len(text_of(PATH, packed, "chara") or b"") == size


def test_a_text_that_cannot_be_unpacked_is_told() -> None:
    """In one line."""
    with pytest.raises(DataError, match="is damaged"):
        text_of(PATH, png(chunk(b"zTXt", b"chara\0\0junk")), "chara")


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_one_wrong_byte_is_found_or_means_nothing(at: int, byte: int) -> None:
    """Never more than a DataError."""
    changed = WHOLE[:at] + bytes([byte]) + WHOLE[at + 1 :]
    try:
        found = text_of(PATH, changed, "chara")
    except DataError:
        return
    assert at < 8 or found == b"hello"
