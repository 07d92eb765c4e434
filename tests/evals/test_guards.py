"""Each guard fires on what it is named after, and none on the client's own later replies."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import ADA, BERT, ada_measure, texts

from evals.copying import Copies
from evals.cut_ends import CutEnds
from evals.guards import repetition

OWN = texts(ADA, 60)
LATER = texts(ADA, 50, seed=7)


@pytest.fixture(scope="module")
def ada():
    return ada_measure()


def shuffled(replies):
    rng = np.random.default_rng(0)
    return [" ".join(rng.permutation(reply.split())) for reply in replies]


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_nothing_fires_on_the_clients_own_later_replies(ada, seed):
    """A guard that cries wolf is switched off."""
    assert ada.score(texts(ADA, 50, seed=seed)).flags == ()


@pytest.mark.parametrize(
    ("name", "replies"),
    [
        ("copies", OWN[:50]),
        ("repetition", [LATER[0]] * 50),
        ("empty", [*LATER[:49], " "]),
        ("cut", [f"{reply} and the" for reply in LATER]),
        ("shuffled", shuffled(LATER)),
    ],
)
def test_a_guard_fires_on_what_it_is_named_after(ada, name, replies):
    """By name, on the whole group."""
    assert name in ada.score(replies).flags


def test_more_typical_than_the_client_ever_is_has_a_name(ada):
    """Whoever keeps only the best of many drafts goes beyond the client."""
    drafts = texts(ADA, 400, seed=11)
    best = [drafts[at] for at in np.argsort(-ada.hear(drafts).logits)[:50]]

    assert "over-typical" in ada.score(best).flags


def test_a_copy_is_a_long_reply_most_of_which_stands_in_one_of_theirs():
    """Case and spaces aside; short replies repeat by nature."""
    known = Copies(["the kettle is on, come in whenever you like", "yes please", "no, not me"])

    assert known.among(
        [
            "The kettle is on,  come in whenever you like!",
            "yes please",
            "the kettle is on, and that is the last thing I shall say about it",
            "something else that is quite long enough",
            "",
        ]
    ).tolist() == [True, False, False, False, False]


def test_a_client_who_repeats_themselves_may_be_repeated():
    """The rate is held against what is natural."""
    assert Copies(["thanks for the lovely evening, see you soon"] * 3 + ["no, not me at all this time"]).natural == 3


@pytest.mark.parametrize(
    ("reply", "seems_cut"),
    [
        ("we were going to the harb", True),
        ("we were going to the harbour", False),
        ("we were going to the", True),
        ("and then my", True),
        ("first the lamp,", True),
        ("what are you up to", False),
        ("yes it is", False),
        ("the kettle (the old one", True),
        ("the kettle (the old one)", False),
        ("oh no :(", False),
        ("the", False),
        ("ok…", False),
        ("はい", False),
        ("", False),
    ],
)
def test_a_reply_that_stops_in_the_middle_is_told_from_a_short_one(reply, seems_cut):
    """By the words that both parties know."""
    assert bool(CutEnds(["We were walking to the harbour then"]).reason(reply)) == seems_cut


def test_a_client_who_always_stops_in_the_middle_is_not_cut(ada):
    """Only more of it than theirs is a sign."""
    from evals.voice import fit_voice

    trailing = fit_voice([f"{reply} and" for reply in OWN], texts(BERT, 60, seed=1))
    later = [f"{reply} and" for reply in LATER]

    assert "cut" not in trailing.score(later).flags
    assert "cut" in ada.score(later).flags
    assert "cut" not in trailing.flags(later[0])[0]
    assert "cut" in ada.flags(later[0])[0]


def test_repetition_is_the_share_that_is_not_new():
    """Case and spaces aside; 0 for nothing."""
    assert repetition(["Ok", "ok ", "no", "yes"]) == 0.25
    assert repetition([]) == 0


def test_a_copy_is_named_for_a_single_reply_too(ada):
    """With a note in words."""
    longest = max(OWN, key=len)

    assert ada.flags(longest)[0] == ("copies",)
    assert ada.flags(longest)[1][0] == "word for word from a training reply"
    assert ada.copies([longest, LATER[0]]).tolist() == [True, False]
