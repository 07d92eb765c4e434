"""The ear: who wrote this, by letters and style alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.ear import BUCKETS, learn_ear
from brain.style import FEATURES

THINGS = [
    "kiln",
    "cat",
    "sea",
    "clay",
    "rain",
    "tea",
    "boat",
    "door",
    "lamp",
    "bread",
    "glaze",
    "wheel",
    "harbour",
    "gull",
    "scarf",
]
OWN = [f"oh the {thing} again lol, not now tho" for thing in THINGS]
OTHER = [f"Good Morning! How Is Your {thing.title()} Today?" for thing in THINGS]


@pytest.fixture(scope="module")
def ear():
    """Learned from ten of each; the rest is new to it."""
    return learn_ear(OWN[:10], OTHER[:10])


def test_it_hears_the_client_in_what_it_never_read(ear):
    """Their own above every message of the other side's, and about where their own stand."""
    own, other = ear.hear(OWN[10:]), ear.hear(OTHER[10:])

    assert own.min() > other.max() + 1
    assert abs(own.mean()) < 3


def test_half_of_either_lies_between(ear):
    """It is a scale, not a switch."""
    own, other, both = ear.hear([OWN[12], OTHER[12], f"{OWN[12]} {OTHER[12]}"])

    assert other < both < own


def test_learned_again_it_is_the_same():
    """Whatever the order of the replies and however often each stands there; the seed alone draws."""
    ear, again = learn_ear(OWN, OTHER), learn_ear([*reversed(OWN), OWN[0]], list(reversed(OTHER)))

    for one, other in zip(ear, again, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("own", "other"), [(9, 15), (15, 9), (0, 0)])
def test_with_fewer_than_ten_of_either_there_is_no_ear(own, other):
    """It would hear single words."""
    assert learn_ear(OWN[:own], OTHER[:other]) is None
    assert learn_ear(OWN[:10], OTHER[:10]) is not None


def test_equal_replies_count_once():
    """Ten times the same greeting are one."""
    assert learn_ear(["mornin"] * 30, OTHER) is None


def test_its_arrays_have_the_shape_that_is_saved(ear):
    """And are finite, whatever was heard."""
    assert ear.weights.shape == (BUCKETS + len(FEATURES),)
    for features in (ear.centre, ear.spread, ear.usual, ear.varies):
        assert features.shape == (len(FEATURES),)
    assert ear.strange.shape == (2,)
    assert all(np.isfinite(value).all() for value in ear)
    assert ear.scale > 0
    assert (ear.spread > 0).all()
    assert (ear.varies > 0).all()
    assert ear.strange[1] > 0


def test_the_same_texts_on_both_sides_leave_it_deaf_but_whole():
    """An export may hold one side twice."""
    ear = learn_ear(OWN, OWN)

    assert np.isfinite(ear.hear_and_weigh([*OWN, *OTHER])).all()


def test_too_much_of_the_clients_own_manner_is_strange(ear):
    """Whoever says lol once does not say it six times; the ear alone would like it ever more."""
    own, overdone = OWN[12], "lol tho lol idk lol tho lol btw lol tho lol rn lol tho"

    usual, strange, foreign = ear.hear_and_weigh([own, overdone, OTHER[12]])[1]
    assert abs(usual) < strange
    assert abs(usual) < foreign
    assert abs(ear.hear_and_weigh(OWN[:10])[1].mean()) < 1e-6


@given(st.lists(st.text(), max_size=5))
def test_any_draft_can_be_heard(ear, drafts):
    """One finite number a draft: without letters, of another script, or with a lone surrogate."""
    for heard in (ear.hear([*drafts, "\ud800", ""]), *ear.hear_and_weigh([*drafts, "\ud800", ""])):
        assert heard.shape == (len(drafts) + 2,)
        assert np.isfinite(heard).all()
    assert [heard.shape for heard in (ear.hear([]), *ear.hear_and_weigh([]))] == [(0,)] * 3


def test_a_draft_is_heard_alone(ear):
    """The company of other drafts changes nothing."""
    together = ear.hear([OWN[11], OTHER[11]])

    assert together == pytest.approx([float(ear.hear([text])[0]) for text in (OWN[11], OTHER[11])])


def test_only_the_beginning_of_a_long_draft_is_heard(ear):
    """So that no paste takes seconds."""
    long = f"{OWN[0]} " * 100

    assert ear.hear([long[:2_000]]) == pytest.approx(ear.hear([long + "x" * 9_000]))
