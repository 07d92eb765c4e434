"""Tables of the halves side by side."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from topic_samples import an_example

from evals.topics.cells import ALARMS, BLOCKED, half_tables, interval, mark, percent
from evals.topics.findings import Examiner
from evals.topics.measure import measure_half
from evals.topics.results import share


@pytest.fixture
def halves(rules):
    """One half with a violation that is found and a harmless message, and one with a harmless message alone."""
    examiner = Examiner(rules)
    found = an_example("1", "add me on instagram", violation=True)
    harmless = an_example("2", "good morning", technique="lookalike")
    return [
        measure_half("tune", [found, harmless], examiner)[0],
        measure_half("proof", [harmless], examiner)[0],
    ]


def drawn(tables):
    file = io.StringIO()
    Console(file=file, width=80, highlight=False).print(*tables)
    return " ".join(file.getvalue().split())


def test_a_half_without_cases_has_no_column(halves):
    """And a row without cases is no row."""
    blocked = drawn(half_tables("names", halves, lambda half: half.name_techniques, BLOCKED))
    alarms = drawn(half_tables("names", halves, lambda half: half.name_techniques, ALARMS))

    assert "plain 1/1 100 [21, 100] 100" in blocked
    assert "lookalike" not in blocked
    assert "proof" not in blocked
    assert "lookalike 0/1 0 [0, 79] 0 0/1 0 [0, 79] 0" in alarms


def test_without_any_case_there_is_no_table(halves):
    """Rather than an empty one."""
    assert not list(half_tables("meetings", halves, lambda half: half.meeting_techniques, BLOCKED))


def test_a_share_of_nothing_is_a_dash():
    """As is a bar without a figure."""
    assert (percent(share(0, 0)), interval(share(0, 0)), str(mark(None))) == ("–", "–", "–")
    assert interval(share(8, 10)) == "80 [49, 94]"
    assert (str(mark(True)), str(mark(False))) == ("✓", "✗")
