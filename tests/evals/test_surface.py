"""How replies look beside the client's own: four distances that are right at both ends and in between."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evals.surface import kolmogorov_smirnov, surface_distance, total_variation

OWN = ["morning you", "how was it?", "tea first, then words 🫖", "no"]
REPLIES = st.lists(st.text("aA .?!,…😀", max_size=12), min_size=1, max_size=8)


def test_a_voice_lies_at_distance_0_from_itself():
    """In whatever order the replies come."""
    assert surface_distance(OWN[::-1], OWN) == (0, 0, 0, 0)


def test_nothing_in_common_is_distance_1():
    """Long, capital, shouted and full of emoji against short, small and plain."""
    theirs = ["THIS REPLY IS VERY LONG 😀😀!", "SO IS THIS ONE HERE, REALLY 😀😀!"]

    assert surface_distance(theirs, ["ok", "yes you"]) == (1, 1, 1, 1)


@given(REPLIES, REPLIES)
@example([""], ["?", "A", "A", ".", ",", "!"])
def test_distances_lie_between_0_and_1_and_do_not_depend_on_the_side(left, right):
    """Whatever the replies are, empty ones among them."""
    distance = surface_distance(left, right)

    assert all(0 <= value <= 1 for value in distance)
    assert surface_distance(right, left) == pytest.approx(distance)
    assert surface_distance(left * 2, right) == pytest.approx(distance)


@pytest.mark.parametrize("sides", [([], OWN), (OWN, []), ([], [])])
def test_an_empty_group_has_no_distance(sides):
    """A number would be made up."""
    with pytest.raises(ValueError, match="both sides"):
        surface_distance(*sides)


@pytest.mark.parametrize(
    ("left", "right", "gap"),
    [
        ([1, 2, 3], [1, 2, 3], 0),
        ([1, 1], [5, 9], 1),
        ([1, 2], [2, 3], 0.5),
        ([1, 2, 3, 4], [1, 2, 3, 9], 0.25),
        ([1], [0, 1, 2, 3], 0.5),
    ],
)
def test_kolmogorov_smirnov_is_the_largest_gap_between_the_distributions(left, right, gap):
    """Worked out by hand."""
    assert kolmogorov_smirnov(left, right) == pytest.approx(gap)


def test_total_variation_is_half_of_what_the_shares_differ_by():
    """One in two against one in four: a quarter of the replies would have to change."""
    assert total_variation(["a", "b"], ["a", "b", "b", "b"], str) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("replies", "own", "field"),
    [
        (["one two three"], ["one"], "length"),
        (["hi😀"], ["hi"], "emoji"),
        (["hi 😀😀"], ["hi 😀"], "emoji"),
        (["hi☀️"], ["hi"], "emoji"),
        (["Hi"], ["hi"], "casing"),
        (["hi OK"], ["hi ok"], "casing"),
        (["Hi"], ["hI"], "casing"),
        (["hi."], ["hi"], "punctuation"),
        (["hi! 😀"], ["hi 😀"], "punctuation"),
        (["hi, you"], ["hi you"], "punctuation"),
        (["hi…"], ["hi."], "punctuation"),
    ],
)
def test_each_habit_is_heard_in_its_own_distance(replies, own, field):
    """And in no other."""
    distance = surface_distance(replies, own)._asdict()

    assert {name for name, value in distance.items() if value} == {field}


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("hi 😀😀😀", "hi 😀😀😀😀😀"),
        ("hi 👍🏽", "hi 👍"),
        ("hi 👩‍🚀", "hi 🙂"),
        ("hi 🇩🇪", "hi 🙂"),
        ("hi 🏴󠁧󠁢󠁳󠁣󠁴󠁿", "hi 🙂"),
        ("hi 👨‍👩‍👧‍👦", "hi 🙂"),
        ("hi 🙂‍↔️", "hi 🙂"),
        ("hi 1️⃣", "hi 🙂"),
        ("hi ❤️", "hi ⭐"),
    ],
)
def test_one_emoji_counts_as_one(left, right):
    """However many characters it is made of; three or more are simply many."""
    assert surface_distance([left], [right]).emoji == 0


def test_two_emoji_side_by_side_count_as_two():
    """Also two flags, or the same twice."""
    assert surface_distance(["🇩🇪🇫🇷", "❤️❤️"], ["🙂 🙂", "👍🏽👍🏽"]).emoji == 0


@pytest.mark.parametrize("emoji", ["❤️", "👍🏽", "👩‍🚀", "🇩🇪", "1️⃣", "☺️"])
def test_an_emoji_at_the_end_does_not_hide_how_the_sentence_ended(emoji):
    """The full stop before it is what the reader hears."""
    assert surface_distance([f"hi. {emoji}"], ["hi."]).punctuation == 0
    assert surface_distance([f"hi {emoji}"], ["hi."]).punctuation == 1


def test_a_reply_of_emoji_alone_ends_like_one_without_a_full_stop():
    """There is no sentence to end."""
    assert surface_distance(["🫖"], ["ok"]).punctuation == 0


def test_word_overlap_counts_for_nothing():
    """Echoing the other person wins every such metric."""
    assert surface_distance(["a b c d"], ["w x y z"]) == (0, 0, 0, 0)
