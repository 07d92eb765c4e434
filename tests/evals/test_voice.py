"""The voice score: 1 is the client, 0 the other party; groups alone have one, and only where it means something."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from made_up import ADA, BERT, CLEO, ada_measure, conversations, texts

from brain.dataset import load_conversations
from brain.errors import DataError
from evals.voice import CEILING, fit_voice, voice_of, widening

BUNDLED = Path(__file__).parents[2] / "training_data" / "conversations.json"
EARLIER = texts(ADA, 60)
LATER = texts(ADA, 50, seed=7)


@pytest.fixture(scope="module")
def ada():
    return ada_measure()


def test_later_replies_of_the_client_score_about_1_and_the_other_party_about_0(ada):
    """The interval of the client's own holds 1, and nothing but 1 is named."""
    own, other = ada.score(LATER), ada.score(texts(BERT, 50, seed=8))

    assert own.voice == pytest.approx(1, abs=0.25)
    assert own.low < 1 < own.high
    assert other.voice < 0.2
    assert (own.flags, own.refused, own.n) == ((), None, 50)
    assert own.style_only == pytest.approx(1, abs=0.3)


def test_another_hand_scores_below_the_half_and_the_score_says_why(ada):
    """Cleo was never heard, and writes of the same things."""
    score = ada.score(texts(CLEO, 50, seed=3))

    assert score.high < 0.5
    assert any("exclamation marks" in why for why in score.explanations)


def test_what_is_farther_than_the_other_party_is_negative(ada):
    """The scale does not end at 0."""
    assert ada.score([f"CERTAINLY!!! {number} THINGS!!!" for number in range(20)]).voice < -0.5


def test_the_clients_own_replies_out_of_fold_are_the_1_of_the_scale(ada):
    """So that a ceiling row leaks nothing."""
    assert ada.voice(ada.own_heard()) == pytest.approx(1)
    assert ada.own_heard().replies == tuple(EARLIER)


def test_no_more_than_the_ceiling_is_shown(ada):
    """The most typical reply again and again is no better than the client."""
    heard = ada.hear(LATER)
    best = LATER[int(np.argmax(heard.u))]

    assert ada.score([best] * 5).voice <= CEILING


def test_the_same_replies_in_any_order_score_the_same(ada):
    """It is a group."""
    assert ada.voice(ada.hear(LATER[::-1])) == pytest.approx(ada.voice(ada.hear(LATER)))


def test_the_same_seed_gives_the_same_measure_and_the_same_interval(ada):
    """A report can be made again."""
    again = fit_voice(EARLIER, texts(BERT, 120, seed=1))

    assert again.score(LATER) == ada.score(LATER)
    assert ada.score(LATER, seed=1).low != ada.score(LATER, seed=2).low


def test_part_of_a_group_scores_as_that_part_alone(ada):
    """A runner draws the same replies for two metrics."""
    heard = ada.hear(LATER)

    assert ada.voice(heard, np.arange(20)) == pytest.approx(ada.voice(ada.hear(LATER[:20])))
    assert ada.style_only(heard, np.arange(20)) == pytest.approx(ada.style_only(ada.hear(LATER[:20])))


def test_a_bootstrap_sample_pays_hardly_more_for_its_style_than_the_group(ada):
    """Otherwise every interval would lie below its score."""
    heard = ada.hear(LATER)
    takes = np.random.default_rng(0).integers(0, 50, (200, 50))

    assert np.mean([ada.voice(heard, take) for take in takes]) == pytest.approx(ada.voice(heard), abs=0.12)


def test_a_thousand_bootstrap_samples_take_less_than_a_second(ada):
    """Of processor time; a busy machine may take longer."""
    heard = ada.hear(LATER)
    takes = np.random.default_rng(0).integers(0, 50, (1_000, 50))
    started = time.process_time()
    for take in takes:
        ada.voice(heard, take)

    assert time.process_time() - started < 1


@pytest.mark.parametrize("count", [0, 1, 4])
def test_fewer_than_five_replies_have_no_score_but_flags_and_a_reason(ada, count):
    """One reply tells next to nothing."""
    score = ada.score(["", *LATER][:count])

    assert (score.voice, score.low, score.high, score.style_only) == (None, None, None, None)
    assert f"this one has {count}" in score.refused
    assert score.flags == (("empty",) if count else ())


def test_an_empty_group_has_no_number(ada):
    """It would be made up."""
    with pytest.raises(ValueError, match="no score"):
        ada.voice(ada.hear([]))


def test_an_empty_reply_has_the_lowest_rank(ada):
    """Whatever the models would say of nothing."""
    heard = ada.hear(["", " \n", LATER[0]])

    assert heard.u[:2].tolist() == [0, 0]
    assert heard.style_u[:2].tolist() == [0, 0]


def test_two_halves_of_the_same_person_cannot_be_told_apart():
    """Then there is no headline, only a reason."""
    measure = fit_voice(texts(ADA, 100, seed=1), texts(ADA, 100, seed=2))
    score = measure.score(LATER)

    assert measure.separability == pytest.approx(0.5, abs=0.12)
    assert "cannot be told from the other party" in measure.refused
    assert (score.voice, score.refused) == (None, measure.refused)


def test_few_examples_are_preliminary_and_gross_mismatches_are_still_explained():
    """Nineteen have no headline."""
    measure = fit_voice(EARLIER[:19], texts(BERT, 60, seed=1))
    score = measure.score(texts(BERT, 50, seed=8))

    assert measure.refused == "preliminary: 19 examples can only show gross mismatches"
    assert score.voice is None
    assert any("sentences" in why for why in score.explanations)


@pytest.mark.parametrize(
    ("own", "other", "missing"),
    [([], ["hello"], "no reply of the client"), (["  "], ["hello"], "no reply"), (["hi"], ["", " "], "no message")],
)
def test_a_side_that_says_nothing_is_a_data_error_with_a_hint(own, other, missing):
    """Nothing can be learned from one side."""
    with pytest.raises(DataError, match=missing) as caught:
        fit_voice(own, other)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (["hi"], ["hello"]),
        (["hi", "oh"], ["hello"]),
        (["hi", "oh", "no"], ["hello"] * 9),
        (["same"] * 40, ["same", "other"]),
        (["今日は市場へ行きました。", "はい、そうです。", "いいえ"] * 12, ["市場はどうでしたか？", "また明日"] * 5),
        (["word " * 5_000, "ok"], ["fine"] * 3),
        (["\ud83d", "\x00", "🫖🫖"], ["\udc00?", "—"]),
        (texts(ADA, 31), ["hello"]),
    ],
)
def test_odd_material_is_heard_without_an_error(own, other):
    """Tiny, uniform, huge, in another script or broken; everything that is said is finite."""
    measure = fit_voice(own, other)
    heard = measure.hear([*own[:3], "", "something else entirely"] * 2)
    score = measure.score([*own[:3], "", "something else entirely"] * 2)

    assert np.isfinite([measure.voice(heard), measure.style_only(heard), measure.separability]).all()
    assert score.refused
    assert "conversation" in measure.spread
    assert measure.flags("hm")


def test_conversation_numbers_must_be_as_many_as_the_replies():
    """A mistake of the caller's."""
    with pytest.raises(ValueError, match="2 texts, but 1"):
        fit_voice(["a", "b"], ["c"], groups=[0])


def test_only_distinct_messages_of_the_other_party_count_and_no_more_than_2000():
    """Whoever says ok a thousand times is not a thousand voices."""
    other = texts(BERT, 40, seed=1)

    assert fit_voice(EARLIER, other * 3).separability == fit_voice(EARLIER, other).separability


def test_a_background_moves_what_0_means():
    """Cleo's messages among the others make Cleo less of a stranger, and Ada no less herself."""
    cleo = texts(CLEO, 50, seed=5)
    with_cleo = fit_voice(EARLIER, texts(BERT, 120, seed=1), background=texts(CLEO, 100, seed=9))

    assert with_cleo.voice(with_cleo.hear(cleo)) < 0.5
    assert with_cleo.voice(with_cleo.hear(LATER)) == pytest.approx(1, abs=0.3)


def test_the_bundled_client_is_told_from_those_who_write_to_them():
    """Learned from the first three hundred conversations, asked of the rest."""
    everything = load_conversations(BUNDLED)
    measure = voice_of(everything[:300])
    own = measure.score([row.output for row in everything[300:]])
    others = measure.score([row.chat_history.last_from_other for row in everything[300:]])

    assert measure.n == 300
    assert measure.refused is None
    assert own.voice == pytest.approx(1, abs=0.3)
    assert own.low < 1 < own.high
    assert others.voice < 0.3


def test_a_single_reply_has_flags_and_notes(ada):
    """In words, with numbers."""
    assert ada.flags(LATER[0]) == ((), ())
    assert any("words, theirs" in note for note in ada.flags(" and ".join(LATER[:6]))[1])
    assert ada.flags("") == (("empty",), ("nothing is said",))


def test_how_far_the_other_party_spreads_is_said(ada):
    """The meaning of 0 depends on who they are."""
    assert ada.spread == "none of the other party's conversations would score above 0.5"


def test_an_interval_is_wider_with_fewer_examples():
    """Whatever the replies."""
    assert widening(20) > widening(50) > widening(800) > 1


def test_conversations_that_share_messages_are_one_group():
    """`voice_of` leaves them together; the measure is the same as that of numbered groups."""
    rows = conversations(ADA, BERT, 40)
    by_hand = fit_voice(
        [row.output for row in rows],
        [row.chat_history.last_from_other for row in rows],
        groups=range(40),
        other_groups=range(40),
    )

    assert voice_of(rows).separability == by_hand.separability
