"""The ears: each tells two hands apart, none hears what it has seen, and content is not what they listen to."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import ADA, BERT, texts

from brain.style import style_features
from evals.components import NAMES, Components, Fit
from evals.folds import contiguous_folds, fold_count
from evals.masking import masker
from evals.separability import ranks, separability_draws
from evals.sequences import SequenceModels


def fitted(own, other):
    count = fold_count(own)
    both = (*own, *other)
    folds = np.concatenate([contiguous_folds(own, count), contiguous_folds(other, count)])
    mine = np.arange(len(both)) < len(own)
    return Components(Fit(both, style_features(both), mine, folds)), mine


@pytest.fixture(scope="module")
def heard():
    components, mine = fitted(texts(ADA, 60), texts(BERT, 60, seed=1))
    later = [texts(hand, 40, seed=5) for hand in (ADA, BERT)]
    scores = [components.scores(some, style_features(some)).mean(axis=0) for some in later]
    return components.out_of_fold, mine, scores


@pytest.mark.parametrize("ear", range(len(NAMES)), ids=NAMES)
def test_each_ear_tells_two_hands_apart(heard, ear):
    """Out of fold, and on later replies."""
    out_of_fold, mine, (own, other) = heard

    assert ranks(out_of_fold[mine, ear], out_of_fold[~mine, ear]).mean() > 0.85
    assert ranks(own[:, ear], other[:, ear]).mean() > 0.85


@pytest.mark.parametrize("ear", range(len(NAMES)), ids=NAMES)
def test_no_ear_hears_what_it_has_seen(ear):
    """Two halves of one hand come out at chance; a model that had seen its texts would tell them apart."""
    components, mine = fitted(texts(ADA, 80, seed=1), texts(ADA, 80, seed=2))

    assert ranks(components.out_of_fold[mine, ear], components.out_of_fold[~mine, ear]).mean() == pytest.approx(
        0.5, abs=0.13
    )


def test_the_scores_are_in_standard_deviations(heard):
    """Of both parties together, each weighing the same."""
    out_of_fold, mine, _ = heard

    assert (out_of_fold[mine].mean(axis=0) + out_of_fold[~mine].mean(axis=0)) / 2 == pytest.approx(0)
    assert (out_of_fold**2).mean(axis=0) == pytest.approx(1)


def test_a_mask_keeps_how_it_is_said_and_drops_what():
    """Function words and marks as they stand; a name, a number and a link by their shape."""
    mask = masker(texts(BERT, 20))

    assert mask("I think Martha's NASA kettle isn't 42, lol! https://example.org") == [
        *("I", "think", "Xx'", "XX", "xx", "isn't", "9", ",", "lol", "!", "link"),
    ]
    assert mask("the kettle in Rome") == mask("the jacket in Oslo")


def test_the_mask_of_another_language_keeps_what_most_texts_hold():
    """No list of words is needed."""
    mask = masker([f"la {noun} es muy {noun}a" for noun in ("casa", "mesa", "silla", "luna")])

    assert mask("la jarra es muy vieja") == ["la", "xx", "es", "muy", "xx"]


def test_a_sequence_is_likelier_from_whoever_speaks_so():
    """Positive for the client, negative for the other party, about nothing for neither."""
    said = [list("abababab"), list("cdcdcdcd")]
    models = SequenceModels(said * 4, np.array([True, False] * 4), np.arange(8) // 2, order=4)
    ratios = models.ratios([list("abab"), list("cdcd"), list("zz")])

    assert ratios.shape == (4, 3)
    assert (ratios[:, 0] > 0.5).all()
    assert (ratios[:, 1] < -0.5).all()
    assert np.abs(ratios[:, 2]).max() < 0.2


def test_shuffled_words_are_foreseen_less_well():
    """By what stands before, against how frequent they are."""
    rng = np.random.default_rng(0)
    said = [text.split() for text in texts(BERT, 80)]
    models = SequenceModels(said, np.ones(80, bool), np.arange(80) % 5, order=3)
    later = [text.split() for text in texts(BERT, 20, seed=4)]
    shuffled = [list(rng.permutation(words)) for words in later]

    assert models.order_gains(later).mean() > models.order_gains(shuffled).mean() + 0.5


def test_a_rank_is_the_share_of_the_background_below():
    """A tie counts half."""
    assert ranks(np.array([0.0, 1.0, 5.0]), np.array([1.0, 2.0])).tolist() == [0, 0.25, 1]


def test_separability_varies_more_where_conversations_are_few():
    """Whole conversations are drawn, not replies."""
    rng = np.random.default_rng(1)
    own, other = np.repeat(rng.normal(1, 1, 10), 10), rng.normal(0, 1, 100)
    alone, together = (
        separability_draws(own, other, groups, range(100), draws=300, seed=0)
        for groups in (range(100), np.arange(100) // 10)
    )

    assert together.mean() == pytest.approx(alone.mean(), abs=0.05)
    assert together.std() > 1.5 * alone.std()
