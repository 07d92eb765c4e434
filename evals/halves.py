"""What the program saw and what the report uses never overlap: a file of conversations in two halves.

Blocks of five neighbours alternate, so that both halves span the same years. A conversation that is spread over many
entries is cut at the seams: there an entry's history may quote a reply of the other half, which is read but never a
demo and never learned from. The program, and whatever chose its recipe, sees the practice half; prompts and
measures are the proof half's.
"""

from __future__ import annotations

from typing import NamedTuple

BLOCK = 5


class Halves(NamedTuple):
    """Indices of the file's entries, in order."""

    practice: tuple[int, ...]
    proof: tuple[int, ...]


def halves(count: int) -> Halves:
    """The halves of a file with so many entries: blocks 0, 2, 4 … are practice, blocks 1, 3, 5 … proof."""
    odd = [at // BLOCK % 2 == 1 for at in range(count)]
    return Halves(
        tuple(at for at in range(count) if not odd[at]),
        tuple(at for at in range(count) if odd[at]),
    )
