"""What is learned of a client without a model, and how it is kept."""

from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import pytest
from fakes import HashEmbedder, bank_of

from brain.copies import copied
from brain.ear import BUCKETS
from brain.models import Draft
from brain.modules.learned import Learned, dump_learned, learn, load_learned
from brain.style import FEATURES

THINGS = ["kiln", "cat", "sea", "clay", "rain", "tea", "boat", "door", "lamp", "bread", "glaze", "wheel"]
OWN = [(f"How Is The {thing.title()}?", f"oh the {thing} again, lol, ask me later or never tho") for thing in THINGS]
HEARD = [message for message, _ in OWN]


@pytest.fixture(scope="module")
def learned():
    """Of a client with twelve replies."""
    return learn(bank_of(*OWN), HEARD)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], 60),
        ([3], 8),
        ([40], 40),
        ([5] * 10, 8),
        ([10] * 95 + [50] * 5, 10),
        ([10] * 80 + [50] * 20, 50),
        (list(range(1, 102)), 91),
    ],
)
def test_longest_is_what_one_in_ten_replies_exceeds(counts, expected):
    """In words; one essay among many short replies does not count, and 8 words are always allowed."""
    bank = bank_of(*((f"message {number}", " ".join(["word"] * count)) for number, count in enumerate(counts)))

    assert learn(bank, []).longest == expected


def test_of_nobody_nothing_is_learned():
    """An empty bank is no error here."""
    learned = learn(bank_of(), ["hi"])

    assert (learned.longest, learned.card, learned.ear, len(learned.shingles)) == (60, (), None, 0)


def test_card_ear_and_copies_come_from_the_same_replies(learned):
    """One pass over the bank."""
    assert any("lol" in fact for fact in learned.card)
    own, other = learned.ear.hear(["oh the gull again, lol", "How Is The Gull?"])
    assert own > other
    assert copied(OWN[0][1], learned.shingles)
    assert not copied("nobody has ever said this about a cat before", learned.shingles)


def test_what_others_wrote_counts_once_and_in_any_order(learned):
    """The same file gives the same voice."""
    again = learn(bank_of(*OWN), [*reversed(HEARD), *HEARD])

    assert dump_learned(again) == dump_learned(learned)
    assert again.card == learned.card


def test_a_model_that_was_listened_to_is_what_the_ear_tells_the_client_from():
    """Better than one who heard other people alone; its little words are its accent, and it changes no other fact."""
    replies = [f"oh the {thing} again lol, ask me later or never tho" for thing in THINGS]
    bank = bank_of(*((f"message {number}", reply) for number, reply in enumerate(replies)))
    drafts = [Draft(id=str(at), text=f"You're so right! I love the {thing}!") for at, thing in enumerate(THINGS)]

    deaf, listened = learn(bank, HEARD), learn(bank, HEARD, drafts=drafts)

    said = ["oh the gull again lol", "You're so right, I love the gull"]
    apart = [own - model for own, model in (learned.ear.hear(said) for learned in (deaf, listened))]
    assert apart[1] > max(apart[0], 0)
    assert deaf.accent == {}
    assert listened.accent["!"] < 0
    assert (listened.card, listened.longest, listened.nearness) == (deaf.card, deaf.longest, deaf.nearness)


def test_a_draft_for_a_reply_that_is_gone_teaches_the_ear_nothing():
    """The bank may have lost the row since."""
    bank = bank_of(*OWN)

    assert dump_learned(learn(bank, HEARD, drafts=[Draft(id="99", text="Nice!")])) == dump_learned(learn(bank, HEARD))


def test_nearness_is_the_cosine_of_replies_and_messages():
    """Mean and spread over the client's own; a spread of nothing would make every draft an outlier."""
    embed = HashEmbedder()
    echo = learn(bank_of(("good morning", "good morning"), ("the kiln", "the kiln"), embed=embed), [])
    mixed = learn(bank_of(("good morning", "good morning"), ("🫖", "no words there"), embed=embed), [])

    assert echo.nearness == pytest.approx((1.0, 0.05))
    assert mixed.nearness == pytest.approx((0.5, 0.5))


def test_it_survives_being_saved(learned):
    """Bit for bit; card, accent and length stand in the manifest."""
    loaded = load_learned(dump_learned(learned), longest=learned.longest, card=learned.card, accent={"!": -1.5})

    assert (loaded.longest, loaded.card, loaded.nearness) == (learned.longest, learned.card, learned.nearness)
    assert loaded.accent == {"!": -1.5}
    np.testing.assert_array_equal(loaded.shingles, learned.shingles)
    for one, other in zip(loaded.ear, learned.ear, strict=True):
        np.testing.assert_array_equal(one, other)
    assert dump_learned(loaded) == dump_learned(learned)


def test_without_an_ear_it_survives_too():
    """A client of few replies."""
    loaded = load_learned(dump_learned(Learned()), longest=9, card=("short",), accent={})

    assert (loaded.longest, loaded.card, loaded.ear, loaded.nearness) == (9, ("short",), None, (0.0, 1.0))
    assert loaded.shingles.dtype == np.uint64


def npz(**changes):
    """A saved ear that knows nothing, with these arrays changed or, where None, left out."""
    size = len(FEATURES)
    arrays = {
        "shingles": np.zeros(0, np.uint64),
        "nearness": np.array([0.0, 1.0]),
        "weights": np.zeros(BUCKETS + size),
        "centre": np.zeros(size),
        "spread": np.ones(size),
        "offset": np.array(0.0),
        "scale": np.array(1.0),
        "usual": np.zeros(size),
        "varies": np.ones(size),
        "strange": np.array([0.0, 1.0]),
        **changes,
    }
    file = io.BytesIO()
    np.savez(file, **{name: array for name, array in arrays.items() if array is not None})
    return file.getvalue()


def npy():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def zipped(name, content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def garbled():
    file = io.BytesIO()
    np.savez_compressed(file, nearness=np.arange(2.0), shingles=np.arange(900, dtype=np.uint64))
    content = bytearray(file.getvalue())
    at = content.find(b"shingles.npy") + 40
    content[at : at + 20] = b"\xff" * 20
    return bytes(content)


def test_a_file_of_the_right_arrays_is_read():
    """Or the refusals below would prove nothing."""
    assert load_learned(npz(), longest=9, card=(), accent={}).ear.hear(["hi"]) == pytest.approx([0.0])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"PK\x03\x04",
        npz()[:500],
        npy(),
        pickle.dumps([1]),
        garbled(),
        zipped("nearness.npy", b"junk"),
        zipped("nearness.npy", b""),
        zipped("other.txt", b""),
        npz(weights=np.zeros(BUCKETS + len(FEATURES) - 1)),
        npz(weights=np.zeros((BUCKETS + len(FEATURES), 2))),
        npz(weights=np.array(0.0)),
        npz(weights=np.full(BUCKETS + len(FEATURES), np.nan)),
        npz(weights=np.array(["a"] * (BUCKETS + len(FEATURES)))),
        npz(centre=np.zeros(len(FEATURES) + 1)),
        npz(spread=None),
        npz(offset=np.zeros(2)),
        npz(scale=None),
        npz(usual=None),
        npz(varies=np.zeros(1)),
        npz(strange=np.array(0.0)),
        npz(nearness=None),
        npz(nearness=np.zeros(3)),
        npz(nearness=np.array(1.0)),
        npz(nearness=np.array([np.inf, 1.0])),
        npz(shingles=None),
        npz(shingles=np.zeros((2, 2), np.uint64)),
        npz(shingles=np.zeros(2)),
    ],
)
def test_any_other_file_is_refused(content):
    """With one error, whatever it is: cut, of another program, or made by a stranger."""
    with pytest.raises(ValueError):  # noqa: PT011  every way has words of its own
        load_learned(content, longest=9, card=(), accent={})


def test_an_ear_of_other_features_is_told_as_such():
    """The program was updated, and the voice must be compiled again."""
    with pytest.raises(ValueError, match="other features"):
        load_learned(npz(centre=np.zeros(3), spread=np.ones(3)), longest=9, card=(), accent={})
