"""The two halves of a file."""

from __future__ import annotations

from evals.halves import halves


def test_blocks_of_five_alternate_and_never_overlap():
    """Both halves span the whole file, and together they are it."""
    practice, proof = halves(23)

    assert practice == (0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 21, 22)
    assert proof == (5, 6, 7, 8, 9, 15, 16, 17, 18, 19)


def test_a_short_file_has_no_proof():
    """The first five teach; there is nothing to prove it with."""
    assert halves(4) == ((0, 1, 2, 3), ())
