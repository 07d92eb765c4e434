"""Why the replies of a conversation read as they do, all at once."""

from __future__ import annotations

import pytest
from fakes import them, us
from store.talks import NOW, head, talk

from brain.errors import NotFoundError


def test_every_explanation_is_found_by_its_reply(store):
    """Those of other branches too; a message without one, and other conversations, are not in it."""
    chat = talk(store, "hi", "hello")
    other = talk(store, "hi")
    asked = store.path(chat)[0].id
    first = store.add(chat, us("hey"), parent=asked, now=NOW, turn={"model": "m"})
    second = store.add(chat, us("you"), parent=asked, now=NOW, turn={"model": "n"})
    store.add(other, us("no"), parent=head(store, other), now=NOW, turn={"model": "o"})

    assert store.turns(chat) == {first: {"model": "m"}, second: {"model": "n"}}


def test_an_unknown_conversation_has_none(store):
    """As everywhere in the store, it is said."""
    with pytest.raises(NotFoundError):
        store.turns("12345678")


def test_a_growing_reply_is_explained_so_far(store):
    """A killed process leaves that; the last word on the reply, and no later one, says it for good."""
    chat = store.begin("nela@1", NOW)
    reply = store.ask(chat, them("hi"), parent=None, now=NOW).reply
    prompt = ({"role": "user", "content": "hi"},)
    store.explain(reply, turn={"model": "m"}, prompt=[prompt])
    assert (store.turn(reply), store.prompt(reply)) == ({"model": "m"}, (prompt,))
    store.finish(reply, "hello", state="done", now=NOW, turn={"model": "n"})
    store.explain(reply, turn={"model": "late"})

    assert store.turn(reply) == {"model": "n"}
