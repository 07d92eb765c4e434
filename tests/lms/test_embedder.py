"""The default embedder, as it is used: offline."""

from __future__ import annotations

import numpy as np

from brain.lms.embedder import DIMENSION, load_embedder


def test_it_gives_one_row_a_text() -> None:
    """Also for a text without a known word."""
    vectors = load_embedder()(["good morning", "", "\U0001fae8"])

    assert vectors.shape == (3, DIMENSION)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()


def test_like_messages_lie_near_each_other() -> None:
    """A greeting is nearer to a greeting than to a question about glaze."""
    embed = load_embedder()
    hello, morning, glaze = (
        row / np.linalg.norm(row) for row in embed(["hello there", "hi, good morning", "which glaze is it?"])
    )

    assert hello @ morning > hello @ glaze


def test_it_names_itself_by_version() -> None:
    """An artifact compiled with other vectors can be told apart."""
    assert load_embedder().id.startswith("wordllama-")
