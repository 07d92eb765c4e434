"""Nothing is judged by a model that has seen it, nor anything of the same conversation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import ADA, BERT, conversations

from brain.models import Conversation, Message
from evals.folds import contiguous_folds, conversation_groups, fold_count

GROUPS = st.lists(st.integers(0, 12), min_size=2, max_size=80).map(sorted)


@given(GROUPS)
def test_a_conversation_is_never_split(groups):
    """Unless it is the only one."""
    texts = [f"text {at}" for at in range(len(groups))]
    folds = contiguous_folds(texts, fold_count(texts, groups), groups)

    if len(set(groups)) > 1:
        assert all(len({folds[at] for at, group in enumerate(groups) if group == name}) == 1 for name in set(groups))
    assert len(set(folds.tolist())) > 1


def test_equal_texts_share_a_fold_unless_they_are_short():
    """Otherwise the model would have seen the reply; what is short is said again in later conversations too."""
    for text, shared in (("the kettle is on, come in when you like", True), ("ok", False)):
        texts = [text, *(f"text {at}" for at in range(60)), text]
        folds = contiguous_folds(texts, fold_count(texts))

        assert (folds[0] == folds[-1]) == shared


@pytest.mark.parametrize(("count", "folds"), [(29, 29), (30, 5), (800, 5), (1, 1)])
def test_below_thirty_texts_each_is_left_out_alone(count, folds):
    """Five folds would take too much from so few."""
    texts = [f"text {at}" for at in range(count)]

    assert fold_count(texts) == folds
    assert np.bincount(contiguous_folds(texts, folds)).tolist() == [count // folds] * folds


def test_below_thirty_texts_each_conversation_is_left_out_alone():
    """Its replies together."""
    assert fold_count(["a", "b", "c"], [0, 0, 1]) == 2


def test_neighbours_that_share_a_message_are_one_conversation():
    """A later reply has the earlier one in its context."""
    rows = conversations(ADA, BERT, 4)
    earlier = rows[1]
    longer = Conversation(
        messages=(
            *earlier.chat_history.messages,
            Message(from_creator=True, content=earlier.output),
            Message(from_creator=False, content="and then?"),
        )
    )
    rows[2] = rows[2].model_copy(update={"chat_history": longer})

    assert conversation_groups(rows) == [0, 1, 1, 2]
