"""Shares and their intervals."""

from __future__ import annotations

import pytest

from evals.topics.results import share


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 5000, 0.0000353, 0.001132)],
)
def test_the_interval_is_that_of_wilson(hits, of, low, high):
    """Against published values."""
    found = share(hits, of)

    assert found.value == pytest.approx(hits / of)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_without_cases_there_is_no_share():
    """And nothing is known of it."""
    assert share(0, 0).value is None
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize(("hits", "of"), [(2, 1), (-1, 1)])
def test_what_is_no_share_is_refused(hits, of):
    """Rather than printed."""
    with pytest.raises(ValueError, match="is no share"):
        share(hits, of)
