"""A reply on disk at every moment: before its first word, while it grows, and however it ends."""

from __future__ import annotations

import pytest
from fakes import them, us
from store.talks import NOW, later, talk, texts

from brain.errors import NotFoundError


def states(store, chat):
    return [(stored.message.content, stored.state) for stored in store.path(chat)]


def test_the_message_is_there_before_the_reply_and_the_reply_from_its_first_word(store):
    """A reply without a word is on no path and in no tree."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    assert texts(store.path(chat)) == texts(store.tree(chat)) == ["hi"]
    assert store.path(chat)[0].id == asked.message

    store.write(asked.reply, "oh", NOW)
    assert states(store, chat) == [("hi", "done"), ("oh", "streaming")]
    store.write(asked.reply, "oh hello", NOW)
    store.finish(asked.reply, "oh hello you", state="done", now=later(2), turn={"model": "m"})

    assert states(store, chat) == [("hi", "done"), ("oh hello you", "done")]
    assert store.path(chat)[-1].message.timestamp == later(2)
    assert store.turn(asked.reply) == {"model": "m"}
    assert store.latest() == (chat, "nela@1")


@pytest.mark.parametrize("state", ["stopped", "cut"])
def test_what_came_before_the_end_is_kept_and_marked(store, state):
    """The conversation goes on from it."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "oh hel", NOW)
    store.finish(asked.reply, "oh hell", state=state, now=NOW)
    store.ask(chat, them("yes?"), parent=asked.reply, now=NOW)

    assert states(store, chat) == [("hi", "done"), ("oh hell", state), ("yes?", "done")]


@pytest.mark.parametrize("nothing", ["", "  \n"])
def test_a_reply_that_never_came_leaves_the_message(store, nothing):
    """The words of the user are kept, and nothing stands under them."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, nothing, NOW)
    store.finish(asked.reply, nothing, state="failed", now=NOW)

    assert states(store, chat) == [("hi", "done")]
    assert store.recover(later(60)) == ()


def test_another_reply_stands_beside_the_first(store):
    """While it is awaited the conversation stands at what is answered; then both are kept."""
    chat = talk(store, "hi", "hello")
    asked, first = store.path(chat)
    again = store.ask(chat, None, parent=asked.id, now=NOW)
    assert again.message is None
    assert texts(store.path(chat)) == ["hi"]
    store.finish(again.reply, "hey", state="done", now=NOW)

    assert texts(store.path(chat)) == ["hi", "hey"]
    assert store.alternatives(again.reply) == (first.id, again.reply)


def test_another_reply_that_never_came_leaves_everything_as_it_was(store):
    """Also what was undone before stays undone."""
    chat = talk(store, "hi", "hello", "and you", "fine")
    store.undo(chat, 1)
    asked, _ = store.path(chat)
    again = store.ask(chat, None, parent=asked.id, now=NOW)
    store.finish(again.reply, "", state="failed", now=NOW)

    assert texts(store.path(chat)) == ["hi", "hello"]
    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "and you", "fine"]


def test_a_piece_that_comes_late_changes_nothing(store):
    """It was written by a thread of its own while the reply had its last word."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.finish(asked.reply, "oh hello", state="stopped", now=NOW)
    store.write(asked.reply, "oh", NOW)
    store.beat(asked.reply, NOW)

    assert states(store, chat) == [("hi", "done"), ("oh hello", "stopped")]


def test_a_reply_does_not_move_a_head_that_went_elsewhere(store):
    """A second terminal may have gone back meanwhile; forward again lies the reply."""
    chat = talk(store, "hi", "hello")
    first = store.head(chat)
    asked = store.ask(chat, them("more"), parent=first.id, now=NOW)
    store.undo(chat, 1)
    store.write(asked.reply, "so", NOW)
    assert texts(store.path(chat)) == ["hi", "hello"]
    store.finish(asked.reply, "so it is", state="done", now=NOW)
    assert texts(store.path(chat)) == ["hi", "hello"]

    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "more", "so it is"]


def test_what_a_second_terminal_says_below_a_growing_reply_stays_on_the_path(store):
    """The reply ends above it, and neither head nor tip goes back."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "oh hel", NOW)
    other = store.ask(chat, them("there?"), parent=asked.reply, now=NOW)
    store.finish(other.reply, "yes", state="done", now=NOW)
    store.write(asked.reply, "oh hell", NOW)
    store.finish(asked.reply, "oh hello", state="done", now=NOW)

    assert texts(store.path(chat)) == ["hi", "oh hello", "there?", "yes"]


@pytest.mark.parametrize("place", ["message", "reply"])
def test_going_back_above_what_was_said_below_a_growing_reply_can_be_taken_back(store, place):
    """The tip stays where the conversation once went, also when the head comes to the reply again."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "oh hel", NOW)
    store.add(chat, them("there?"), parent=asked.reply, now=NOW)
    store.choose(chat, getattr(asked, place))
    store.write(asked.reply, "oh hell", NOW)
    store.finish(asked.reply, "oh hello", state="done", now=NOW)
    assert texts(store.path(chat)) == ["hi", "oh hello"]

    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "oh hello", "there?"]


def test_another_reply_is_where_forward_leads_from_now_on(store):
    """What was undone below the first one is found again by choosing that."""
    chat = talk(store, "hi", "hello", "and you", "fine")
    store.undo(chat, 1)
    asked, first = store.path(chat)
    again = store.ask(chat, None, parent=asked.id, now=NOW)
    store.finish(again.reply, "hey", state="done", now=NOW)
    store.undo(chat, 1)
    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hey"]

    store.choose(chat, first.id)
    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "hello", "and you", "fine"]


def test_another_reply_of_which_nothing_may_be_kept_leaves_the_conversation_where_it_stood(store):
    """Its first words were there already; the filter took them back in the end."""
    chat = talk(store, "hi", "hello")
    again = store.ask(chat, None, parent=store.path(chat)[0].id, now=NOW)
    store.write(again.reply, "oh", NOW)
    store.finish(again.reply, "", state="failed", now=NOW)

    assert texts(store.path(chat)) == ["hi", "hello"]


def test_what_was_said_below_a_reply_that_was_taken_back_is_still_reached(store):
    """By choosing, back and forth, and in a copy."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "oh", NOW)
    store.add(chat, them("there?"), parent=asked.reply, now=NOW)
    store.finish(asked.reply, "", state="failed", now=NOW)
    assert texts(store.path(chat)) == texts(store.path(store.fork(chat, NOW))) == ["hi", "there?"]
    assert (store.undo(chat, 2), store.redo(chat, 2)) == (1, 1)
    store.choose(chat, asked.message)

    assert store.redo(chat, 1) == 1
    assert texts(store.path(chat)) == ["hi", "there?"]


@pytest.mark.parametrize(
    "speak",
    [
        lambda store, chat, last: store.add(chat, them("and you"), parent=last, now=NOW),
        lambda store, chat, last: store.ask(chat, them("and you"), parent=last, now=NOW),
        lambda store, chat, last: store.ask(chat, None, parent=last, now=NOW),
    ],
)
def test_who_speaks_in_a_removed_conversation_wants_it_back(store, speak):
    """It was removed in another terminal while this one stood in it."""
    chat = talk(store, "hi")
    store.remove(chat, NOW)
    speak(store, chat, store.head(chat).id)

    assert store.session(chat).deleted is None
    assert store.latest() == (chat, "nela@1")


def test_a_reply_that_ends_does_not_bring_a_removed_conversation_back(store):
    """It was asked for before."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.remove(chat, NOW)
    store.finish(asked.reply, "hello", state="done", now=NOW)

    assert store.sessions() == ()
    assert texts(store.path(chat)) == ["hi", "hello"]


def test_a_living_reply_is_left_alone(store):
    """Ten seconds after its last sign of life it counts as dead, whatever it was."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "oh hello there", NOW)
    assert store.recover(later(10)) == ()
    store.beat(asked.reply, later(9))
    assert store.recover(later(19)) == ()

    (dead,) = store.recover(later(19.5))

    assert dead == (chat, "nela@1", asked.reply, 3)
    assert states(store, chat) == [("hi", "done"), ("oh hello there", "interrupted")]
    assert store.recover(later(60)) == ()


def test_a_reply_that_was_taken_for_dead_may_still_end(store):
    """A machine that slept for a minute loses nothing."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.recover(later(60))
    store.write(asked.reply, "oh", later(61))
    assert states(store, chat) == [("hi", "done"), ("oh", "streaming")]
    store.recover(later(90))
    store.finish(asked.reply, "oh hello", state="done", now=later(91))

    assert states(store, chat) == [("hi", "done"), ("oh hello", "done")]


def test_a_dead_reply_without_a_word_leaves_the_conversation_where_it_stood(store):
    """The reply before it is still the one that counts."""
    chat = talk(store, "hi", "hello")
    asked, _ = store.path(chat)
    again = store.ask(chat, None, parent=asked.id, now=NOW)

    assert store.recover(later(11)) == ((chat, "nela@1", again.reply, 0),)
    assert texts(store.path(chat)) == ["hi", "hello"]


def test_the_newest_dead_reply_is_told_first_and_a_removed_one_not_at_all(store):
    """Each voice can be asked about alone."""
    chats = [store.begin(voice, NOW) for voice in ("a@1", "a@1", "a@1", "b@1")]
    replies = [store.ask(chat, them("hi"), parent=None, now=NOW).reply for chat in chats]
    store.remove(chats[1], NOW)

    assert [dead.reply for dead in store.recover(later(11), voice="a@1")] == [replies[2], replies[0]]
    assert [dead.reply for dead in store.recover(later(11))] == [replies[3]]


def test_a_reply_whose_conversation_is_gone_cannot_end(store):
    """Another terminal removed it for good while it was written."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.purge(chat)
    other = talk(store, "another", "talk")
    store.write(asked.reply, "oh", NOW)
    with pytest.raises(NotFoundError, match="no reply"):
        store.finish(asked.reply, "oh", state="done", now=NOW)

    assert texts(store.path(other)) == ["another", "talk"]


def test_a_reply_of_the_client_may_begin_and_follow_itself(store):
    """A greeting, and the rest of a reply that was stopped."""
    chat = store.begin("nela@1", NOW)
    greeting = store.add(chat, us("welcome"), parent=None, now=NOW)
    more = store.ask(chat, None, parent=greeting, now=NOW)
    store.finish(more.reply, "and sit down", state="done", now=NOW)

    assert texts(store.path(chat)) == ["welcome", "and sit down"]
