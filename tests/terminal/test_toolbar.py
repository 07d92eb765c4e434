"""The line under the prompt."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from brain.terminal.toolbar import Status, toolbar_text

FULL = Status("nela@1", "ollama/llama3.1:8b", 3_120, 8_000, 0.42, (2, 3))


def test_it_tells_who_answers_how_full_and_how_fast() -> None:
    """One line."""
    assert toolbar_text(FULL, 80) == "nela@1 · ollama/llama3.1:8b · 3.1k/8k · 0.4 s · ‹2/3›"


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (Status("nela", "embedded"), "nela · embedded"),
        (Status("nela", "embedded", used=812), "nela · embedded · 812 tokens"),
        (Status("nela", "embedded", used=0, size=8_192), "nela · embedded · 0/8.2k"),
        (Status("nela", "embedded", used=99_960, size=131_072), "nela · embedded · 100k/131k"),
        (Status("nela", "embedded", seconds=12.3), "nela · embedded · 12 s"),
        (Status("nela", "embedded", place=(1, 1)), "nela · embedded"),
    ],
)
def test_what_is_not_known_is_left_out(status: Status, line: str) -> None:
    """No dashes, no zeros that mean nothing; a reply without alternatives has no place among them."""
    assert toolbar_text(status, 80) == line


def test_a_narrow_window_has_none() -> None:
    """Every row is for the talk."""
    assert toolbar_text(FULL, 59) == ""


@pytest.mark.parametrize("columns", [60, 61, 72, 80])
@pytest.mark.parametrize("length", [1, 20, 28, 34, 60, 200])
def test_it_never_reaches_the_last_column(columns: int, length: int) -> None:
    """A full row would wrap when the window shrinks; what matters most stays."""
    line = toolbar_text(FULL._replace(model="語" * (length // 2) + "m"), columns)

    assert 0 < cell_len(line) < columns
    assert line.startswith("nela@1 · ")


def test_names_of_others_are_cleaned() -> None:
    """A voice and a model come from files and servers."""
    assert toolbar_text(Status("ne\x1b[31mla\n", "mo\x07del"), 80) == "nela · model"
