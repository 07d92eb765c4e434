"""The test of the measure, on people who do not exist: it finds a good measure good, and says what it was told."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner
from made_up import ADA, BERT, CLEO, write_speaker

from brain.errors import DataError
from evals.gaming import OWN, cut, formalised, gaming_groups
from evals.speakers import Speaker, load_speakers, unheard
from evals.trials import ALL, Effort, auc
from evals.validate_voice import document, main, report, validate

FEW = Effort(repeats=1, groups=10, intervals=1, halves=1, examples=(10, ALL))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("speakers")
    for number, (name, hand) in enumerate({"ada": ADA, "bert": BERT, "cleo": CLEO}.items()):
        others = [other for other in (ADA, BERT, CLEO) if other is not hand]
        write_speaker(folder / name, hand, others[number % 2], train=60, heldout=52, seed=number * 10)
    return folder


@pytest.fixture(scope="module")
def found(folder):
    return list(validate(load_speakers(folder), FEW, seed=0))


def test_hands_that_differ_are_told_apart_at_every_cell(found):
    """For one reply and for groups, with few examples and with all."""
    cells = {line["examples"]: [mean for mean, _, _ in line["cells"]] for line in document(found)["summary"]["auc"]}

    assert list(cells) == ["10", "all"]
    assert min(cells["all"]) > 0.85
    assert min(cells["10"][1:]) > 0.85


def test_ten_examples_are_refused_and_sixty_distinct_ones_are_not(found):
    """It is told how often."""
    refused = {examples: [trial.refused for trial in found if trial.examples == examples] for examples in (10, ALL)}

    assert all(refused[10])
    assert not any(refused[ALL])


def test_every_set_made_to_fool_it_is_caught_and_the_clients_own_is_not(found):
    """With the name of the guard; edits that leave most of the hand alone apart."""
    sets = {line["set"]: line for line in document(found)["summary"]["gaming"]}

    assert sets[OWN]["voice"] == pytest.approx(1, abs=0.3)
    for name in ("training copies", "one reply repeated", "empty", "boilerplate", "cut", "lower-cased, unpunctuated"):
        assert sets[name]["caught"] == 1, name
    assert sets["empty"]["flags"]["empty"] == 1
    assert sets["training copies"]["flags"]["copies"] == 1
    assert sets["one reply repeated"]["flags"]["repetition"] == 1


def test_the_report_has_every_table(found):
    """As text, and the same as one JSON document."""
    text = "\n".join(report(found))

    assert all(part in text for part in ("10 replies", "separability", "refused", "training copies", "copies 100%"))
    assert len(json.loads(json.dumps(document(found)))["trials"]) == len(found) == 3 * 2


def test_fewer_than_three_speakers_are_too_few(tmp_path):
    """Half of the others must stay unheard."""
    with pytest.raises(DataError, match="holds 0 speakers"):
        load_speakers(tmp_path)
    result = CliRunner().invoke(main, [str(tmp_path)])

    assert result.exit_code == 1
    assert "NAME/train.json" in result.output


def test_impostors_are_out_of_the_clients_file(folder):
    """Whatever of theirs can be recognised, in any of their files."""
    client, impostor, _ = load_speakers(folder)
    message = client.train[0].chat_history.messages[0]
    known = impostor._replace(heldout=(impostor.heldout[0].model_copy(update={"output": message.content}),))
    left = unheard(client.train, known.said)

    assert left[0].chat_history.messages == ()
    assert left[1].chat_history.messages == client.train[1].chat_history.messages
    assert [row.output for row in left] == [row.output for row in client.train]


def test_the_sets_hold_as_many_replies_and_are_what_they_are_called(folder):
    """Each made from the speaker's own replies."""
    client, other, _ = load_speakers(folder)
    sets = gaming_groups(Speaker(*client), other, 50, np.random.default_rng(0))

    assert {len(replies) for replies in sets.values()} == {50}
    assert set(sets["another speaker"]) <= set(other.replies)
    assert set(sets["training copies"]) <= {row.output for row in client.train}
    assert len(set(sets["one reply repeated"])) == 1
    assert sorted(sets["word salad"][0].split()) == sorted(sets[OWN][0].split())
    assert not set("!?.,'") & set("".join(sets["lower-cased, unpunctuated"]))


def test_a_reply_is_formalised_and_cut():
    """No contraction, a capital first, a full stop last; the first part, however it ends."""
    assert formalised("i'm off. it's late") == "I am off. It is late."
    assert formalised("Really?") == "Really?"
    assert "abcdefghij".startswith(cut("abcdefghij", np.random.default_rng(0)))
    assert cut("a", np.random.default_rng(0)) == "a"


def test_auc_is_half_for_the_same_and_one_for_all_above():
    """Ties by half."""
    assert auc(np.array([1.0, 2.0]), np.array([1.0, 2.0])) == 0.5
    assert auc(np.array([3.0]), np.array([1.0, 2.0])) == 1
