"""What was sent to the model, word for word, and each part of it once."""

from __future__ import annotations

from fakes import them
from store.talks import NOW, talk


def sent(*contents):
    return [{"role": "system", "content": "You are Nela."}, *({"role": "user", "content": text} for text in contents)]


def answered(store, chat, *prompt, parent=None):
    """A whole turn with this prompt; the reply's id."""
    asked = store.ask(chat, them("hi"), parent=parent, now=NOW)
    store.finish(asked.reply, "hello", state="done", now=NOW, prompt=prompt)
    return asked.reply


def test_every_call_comes_back_as_it_was_sent(store):
    """In order, also what stands in it twice; nothing where nothing was kept."""
    first, second = sent("hi", "hi", "two\nlines 👋"), sent("once more")
    reply = answered(store, talk(store), first, second)

    assert store.prompt(reply) == (tuple(first), tuple(second))
    assert store.prompt(answered(store, talk(store))) == ()


def test_a_long_talk_does_not_keep_its_history_again_with_every_turn(store):
    """Forty turns, each with all that was said before, hold every part once."""
    chat, parent, said = store.begin("nela@1", NOW), None, []
    for number in range(40):
        said.append(f"message {number}")
        parent = answered(store, chat, sent(*said), parent=parent)
    with store._database.read() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM parts").scalar()

    assert store.prompt(parent) == (tuple(sent(*said)),)
    assert kept == 41


def test_the_same_words_of_another_role_are_another_part(store):
    """Else a reply would be taken for a question."""
    prompt = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hi"}]

    assert store.prompt(answered(store, talk(store), prompt)) == (tuple(prompt),)


def test_conversations_share_nothing(store):
    """So that one can go without the other."""
    one, two = talk(store), talk(store)
    answered(store, one, sent("hi"))
    reply = answered(store, two, sent("hi"))
    store.purge(one)

    assert store.prompt(reply) == (tuple(sent("hi")),)
