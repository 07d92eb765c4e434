"""Lessons of the user: appended once each, never lost, and named when they cannot be read."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.errors import ArtifactError, DataError, UnavailableError
from brain.lessons import keep_lesson, lessons, lessons_file, with_lessons
from brain.models import LabeledConversation

if TYPE_CHECKING:
    from pathlib import Path


def lesson(asked: str = "hi", answered: str = "oh hello") -> LabeledConversation:
    return LabeledConversation.model_validate(
        {
            "chat_history": {
                "messages": [{"from_creator": False, "content": asked, "timestamp": "2026-05-02T23:10:00+02:00"}]
            },
            "output": answered,
        }
    )


def test_a_lesson_is_kept_once(tmp_path: Path) -> None:
    """The very same again changes nothing; the file is the user's alone."""
    first, second = lesson(), lesson(answered="hey\nyou 🫖\u2028")

    kept = [keep_lesson(tmp_path, "ada", one) for one in (first, second, first)]

    assert kept == [True, True, False]
    assert lessons(tmp_path, "ada") == (first, second)
    assert stat.S_IMODE(lessons_file(tmp_path, "ada").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ada").stat().st_mode) == 0o700


def test_a_voice_without_lessons_has_none(tmp_path: Path) -> None:
    """And asking makes no file."""
    assert lessons(tmp_path, "ada") == ()
    assert not list(tmp_path.iterdir())


def test_eight_writers_lose_nothing(tmp_path: Path) -> None:
    """They take turns."""
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: keep_lesson(tmp_path, "ada", lesson(str(number % 20))), range(40)))

    assert sum(kept) == 20
    assert {one.chat_history.last_from_other for one in lessons(tmp_path, "ada")} == set(map(str, range(20)))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"chat_history"', "is not JSON"),
        (b"[]", "is a list, not an object"),
        (b'{"chat_history": {"messages": []}, "output": "x"}', "messages is empty"),
        (b"\xff", "is not UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_lost(tmp_path: Path, line: bytes, told: str) -> None:
    """File, line and fix; lessons go on being kept after it, and are there once it is mended."""
    keep_lesson(tmp_path, "ada", lesson())
    file = lessons_file(tmp_path, "ada")
    file.write_bytes(file.read_bytes() + line)

    assert keep_lesson(tmp_path, "ada", lesson("bye"))
    with pytest.raises(DataError) as caught:
        lessons(tmp_path, "ada")

    assert f"{file}: line 2" in caught.value.message
    assert told in caught.value.message
    assert "delete it" in caught.value.hint
    file.write_bytes(file.read_bytes().replace(line + b"\n", b""))
    assert lessons(tmp_path, "ada") == (lesson(), lesson("bye"))


def test_a_lesson_that_answers_nobody_is_refused(tmp_path: Path) -> None:
    """It would stop every later compile."""
    alone = LabeledConversation.model_validate(
        {"chat_history": {"messages": [{"from_creator": True, "content": "hi"}]}, "output": "hello"}
    )

    with pytest.raises(DataError, match="says nothing"):
        keep_lesson(tmp_path, "ada", alone)

    assert not list(tmp_path.iterdir())


def test_a_name_that_is_no_name_reaches_no_file(tmp_path: Path) -> None:
    """Lessons belong to a voice in the voices' folder."""
    for name in ("../up", "/etc", "", "Ada"):
        with pytest.raises(ArtifactError, match="no name for a voice"):
            keep_lesson(tmp_path, name, lesson())

    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """In the words of the system."""
    lessons_file(tmp_path, "ada").mkdir(parents=True)

    with pytest.raises(UnavailableError, match="cannot be kept"):
        keep_lesson(tmp_path, "ada", lesson())


def test_lessons_come_after_what_was_there_without_doubles() -> None:
    """The order is stable, so that a demo's id stays the index of its row."""
    old, new = lesson("a"), lesson("b")

    assert with_lessons([old, lesson("c"), old], [new, old]) == (old, lesson("c"), old, new)


@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), min_size=1).filter(
            lambda text: any(char.isascii() and char.isalnum() for char in text)
        ),
        max_size=5,
    )
)
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    """Line breaks of every kind too."""
    folder = tmp_path_factory.mktemp("lessons")
    for text in texts:
        keep_lesson(folder, "ada", lesson(text, text))

    assert lessons(folder, "ada") == tuple(dict.fromkeys(lesson(text, text) for text in texts))


def test_a_lesson_is_a_row_of_conversations_json(tmp_path: Path) -> None:
    """It may be moved there by hand."""
    keep_lesson(tmp_path, "ada", lesson())

    row = json.loads(lessons_file(tmp_path, "ada").read_bytes())

    assert row == {
        "chat_history": {
            "messages": [{"from_creator": False, "content": "hi", "timestamp": "2026-05-02T23:10:00+02:00"}]
        },
        "output": "oh hello",
    }
