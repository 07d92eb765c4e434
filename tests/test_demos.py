"""The demo bank: which rows are found, drawn and kept."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import HashEmbedder
from hypothesis import given
from hypothesis import strategies as st

from brain.demos import DemoBank, Row, dump_rows, unit
from brain.errors import ArtifactError

ROWS = [
    Row("0", "good morning", "mornin"),
    Row("1", "good morning sunshine", "too early"),
    Row("2", "how is the kiln", "hot"),
    Row("3", "how is the cat", "in charge"),
    Row("4", "good night", "night night"),
]


def bank_of(rows=ROWS, embed=None):
    return DemoBank.build(rows, embed or HashEmbedder())


def test_the_nearest_row_comes_first():
    """Similarity is the cosine of the messages, 1.0 for the same words."""
    found = bank_of().nearest("good morning", 3)

    assert [demo.id for demo in found] == ["0", "1", "4"]
    assert found[0].similarity == pytest.approx(1.0)
    assert found[0].similarity > found[1].similarity > found[2].similarity
    assert (found[1].message, found[1].reply) == ("good morning sunshine", "too early")


@given(
    st.lists(st.text("abc ", min_size=1, max_size=6), min_size=1, max_size=12),
    st.text("abc ", max_size=6),
    st.integers(0, 15),
    st.sets(st.integers(0, 12).map(str)),
)
def test_it_finds_what_comparing_with_every_row_finds(messages, message, k, exclude):
    """Whatever k and whichever rows are excluded, it is the k best of the rest, best first."""
    embed = HashEmbedder(8)
    rows = [Row(str(index), text, f"r{index}") for index, text in enumerate(messages)]
    found = bank_of(rows, embed).nearest(message, k, exclude=exclude)

    cosines = unit(embed(messages)) @ unit(embed([message]))[0]
    allowed = sorted((float(cosines[int(row.id)]) for row in rows if row.id not in exclude), reverse=True)
    assert [demo.similarity for demo in found] == pytest.approx(allowed[:k], abs=1e-4)
    assert len({demo.id for demo in found} - exclude) == len(found) == min(k, len(allowed))


def test_an_excluded_row_makes_room_for_the_next():
    """A conversation that is scored never sees itself, and still gets k demos."""
    assert [demo.id for demo in bank_of().nearest("good morning", 2, exclude={"0"})] == ["1", "4"]


@pytest.mark.parametrize("k", [5, 6, 1000])
def test_a_bank_smaller_than_k_gives_all_it_has(k):
    """A client with three conversations still gets a program."""
    assert len(bank_of().nearest("good morning", k)) == 5


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_1_means_no_demos(k):
    """And nothing is embedded for it."""
    embed = HashEmbedder()
    bank = bank_of(embed=embed)
    embed.texts.clear()

    assert bank.nearest("good morning", k) == ()
    assert embed.texts == []


def test_an_empty_bank_gives_no_demos():
    """It has no rows, and its vectors still have the right width."""
    bank = bank_of([])

    assert len(bank) == 0
    assert bank.vectors.shape == (0, 32)
    assert bank.nearest("hi", 4) == ()


def test_a_message_without_words_finds_rows_of_similarity_0():
    """An emoji alone has no vector here; that is no error, and no NaN."""
    found = bank_of().nearest("🫖", 2)

    assert [demo.similarity for demo in found] == [0.0, 0.0]


def test_a_row_without_words_is_never_nearer_than_one_with_them():
    """Its vector is all zeros, and dividing by its length would make it NaN."""
    bank = bank_of([Row("0", "🫖", "tea"), Row("1", "good morning", "mornin")])

    assert not np.isnan(bank.vectors).any()
    assert [demo.id for demo in bank.nearest("good morning", 2)] == ["1", "0"]


def test_vectors_are_scaled_to_length_1():
    """So that a dot product is a cosine; float32 halves the file."""
    bank = bank_of()

    assert bank.vectors.dtype == np.float32
    assert np.linalg.norm(bank.vectors, axis=1) == pytest.approx(np.ones(5))


def test_a_large_bank_is_embedded_in_batches_and_tells_how_far_it_is():
    """100,000 rows must not become one call."""
    embed, told = HashEmbedder(), []
    bank = DemoBank.build(ROWS, embed, batch=2, tick=told.append)

    assert told == [2, 4, 5]
    assert embed.texts == [row.message for row in ROWS]
    assert [bank.row(index) for index in range(5)] == ROWS


def test_rows_survive_encoding_whatever_is_in_them():
    """Line breaks of every kind, quotes and emoji stay inside their line of the file."""
    rows = [Row("0", "a\nb\r\nc\x0bd\x85e\u2028f", '"quoted" \\ 👩‍🚀'), Row("1", "ü", "\t")]
    bank = bank_of(rows)

    assert [bank.row(0), bank.row(1)] == rows
    assert bank.encoded == dump_rows(rows)
    assert bank.encoded.count(b"\n") == 2


@pytest.mark.parametrize(
    ("shape", "told"),
    [((4, 32), "5 replies but vectors"), ((5,), "5 replies but"), ((5, 16), "16 dimensions, embedder hash-32")],
)
def test_vectors_that_do_not_fit_are_refused(shape, told):
    """Half of a bank would answer with the wrong replies."""
    with pytest.raises(ArtifactError, match=told):
        DemoBank(dump_rows(ROWS), np.zeros(shape, np.float32), HashEmbedder())


@given(st.integers(0, 9), st.integers(0, 5), st.sets(st.integers(0, 6).map(str)))
def test_rows_are_drawn_by_the_seed(k, seed, exclude):
    """K of those that are not excluded, each once, nearest first; the same seed draws the same."""
    found = bank_of().drawn("good morning", k, seed=seed, exclude=exclude)

    allowed = {row.id for row in ROWS} - exclude
    assert {demo.id for demo in found} <= allowed
    assert len({demo.id for demo in found}) == len(found) == min(k, len(allowed))
    assert [demo.similarity for demo in found] == sorted((demo.similarity for demo in found), reverse=True)
    assert bank_of().drawn("good morning", k, seed=seed, exclude=exclude) == found


def test_another_seed_draws_others():
    """And every row has its turn."""
    drawn = [frozenset(demo.id for demo in bank_of().drawn("hi", 2, seed=seed)) for seed in range(40)]

    assert len(set(drawn)) > 5
    assert frozenset().union(*drawn) == {row.id for row in ROWS}
    assert bank_of([]).drawn("hi", 2, seed=1) == ()


def test_texts_are_embedded_to_unit_vectors():
    """As the rows are, so that a dot product is a cosine; nothing is embedded for none."""
    embed = HashEmbedder()
    bank = bank_of(embed=embed)
    vectors = bank.embedded(["good morning", "🫖"])

    assert vectors[0] == pytest.approx(bank.vectors[0])
    assert vectors[1] == pytest.approx(np.zeros(32))
    embed.texts.clear()
    assert bank.embedded([]).shape == (0, 32)
    assert embed.texts == []


def test_a_part_of_a_bank_is_a_bank():
    """Of some rows, in the order asked for, without embedding them again."""
    embed = HashEmbedder()
    bank = bank_of(embed=embed)
    embed.texts.clear()
    part = bank.subset([4, 0])

    assert embed.texts == []
    assert [part.row(0), part.row(1)] == [ROWS[4], ROWS[0]]
    assert [demo.id for demo in part.nearest("good morning", 5)] == ["0", "4"]
    assert part.sha256 != bank.sha256
    assert len(bank.subset([])) == 0
