"""Finding a conversation by words, title or id; both databases find the same."""

from __future__ import annotations

import pytest
from fakes import them
from store.talks import NOW, later, talk

from brain.errors import NotFoundError
from brain.store.search import excerpt


def ids(found):
    return [each.session.id for each in found]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("the kettle is on", "kettle"),
        ("the kettle is on", "KETT"),
        ("the kettle is on", "on kettle"),
        ("Crème BRÛLÉE tonight", "creme brulee"),
        ("creme brulee tonight", "Crème"),
        ("ПРИВЕТ из Одессы", "привет одес"),
        ("tea/coffee, your choice", "coffee"),
        ("it's a well-known song", "well-known"),
        ("write to ada@example.org", "example"),
        ("明日は東京に行きます", "東京"),
        ("東京は雨です", "東京"),
        ("พรุ่งนี้ไปเชียงใหม่", "เชียงใหม่"),
        ("somewhere over the rainbow", "bow"),
        ("WUNDERSCHÖNEN Tag", "schön"),
        ("the price is 50%", "0%"),
        ("see you at 8 🎉", "🎉"),
        ("a_b c", "a_b"),
    ],
)
def test_words_find_what_has_them(store, said, wanted):
    """Beginnings of words, any case, with or without accents, parts of words, and scripts without blanks."""
    chat = talk(store, said)
    talk(store, "nothing of the sort")

    assert ids(store.search(wanted)) == [chat]


@pytest.mark.parametrize(
    "wanted",
    ['"', "'", "\"kettle", "kettle'", "a OR", "NEAR(", "AND", "NOT x", "*", "^kettle", "content:x", "(", "-", "\\", "%",
     "_", "x:*", "& |", "!", "<->", "\0", "\ud83d", "", "  ", "a\nb", ";--", "{", ":words", "%s"],
)  # fmt: skip
def test_nothing_that_is_typed_is_an_order(store, wanted):
    """Quotes and operators are looked for like anything else."""
    talk(store, "good morning")

    assert store.search(wanted) == ()


def test_all_words_must_stand_in_one_message(store):
    """Two halves in two messages are not it."""
    talk(store, "rain today", "tea tomorrow")

    assert store.search("rain tea") == ()


def test_the_newest_message_speaks_for_its_conversation(store):
    """One line a conversation, the newest conversation first, of all voices or of one."""
    older = talk(store, "tea one", "tea two", voice="a@1")
    newer = talk(store, "more tea", voice="b@1", at=later(60))

    both = store.search("tea")

    assert ids(both) == [newer, older]
    assert [each.excerpt for each in both] == ["more tea", "tea two"]
    assert both[1].message == store.path(older)[-1].id
    assert ids(store.search("tea", voice="a@1")) == [older]
    assert ids(store.search("tea", limit=1)) == [newer]
    assert store.search("tea", limit=0) == ()


def test_a_title_is_found_before_what_was_said(store):
    """By a part of it too; the message is where the words stand, or where the conversation stands."""
    said = talk(store, "about the harvest", at=later(60))
    titled = talk(store, "hi", "hello")
    store.rename(titled, "Harvest time")

    one, two = store.search("harv")

    assert (one.session.id, one.excerpt) == (titled, "hello")
    assert (two.session.id, two.excerpt) == (said, "about the harvest")
    assert ids(store.search("vest")) == [titled, said]


def test_a_reply_is_found_when_it_is_whole_and_as_it_is(store):
    """Not while it grows, and not by words that were there on the way."""
    chat = store.begin("nela@1", NOW)
    asked = store.ask(chat, them("hi"), parent=None, now=NOW)
    store.write(asked.reply, "kettle", NOW)
    assert store.search("kettle") == ()
    store.recover(later(60))
    assert ids(store.search("kettle")) == [chat]
    store.finish(asked.reply, "teapot", state="done", now=NOW)

    assert store.search("kettle") == ()
    assert ids(store.search("teapot")) == [chat]


def test_branches_are_found_too(store):
    """What was undone can be looked for, since nothing is lost."""
    chat = talk(store, "old way", "yes")
    store.undo(chat, 1)

    (found,) = store.search("old")

    assert (found.session.id, found.excerpt) == (chat, "old way")


def test_an_excerpt_is_one_line_around_the_words():
    """With a sign where something is left out."""
    text = "one two three four five six seven eight\nnine ten eleven twelve " + "and so on " * 12

    assert excerpt("short\n\n enough", ["short"]) == "short enough"
    assert excerpt(text, ["eleven"]).startswith("… six seven eight nine ten eleven twelve and")
    assert excerpt(text, ["eleven"]).endswith(" …")
    assert excerpt(text, ["nowhere"]).startswith("one two")
    assert "\n" not in excerpt(text, ["eleven"])
    assert len(excerpt("x" * 1000, ["x"])) < 120


def test_find_takes_an_id_a_title_the_beginning_of_an_id_or_words(store):
    """In this order; of several the newest."""
    talk(store, "all about tea")
    newer, titled = talk(store, "tea again", at=later(60)), talk(store, "hi", at=later(-60))
    store.rename(titled, "Tea")

    assert store.find(newer) == store.find(f" {newer[:5].upper()} ") == newer
    assert store.find("TEA") == titled
    assert store.find("tea again") == store.find("agai") == newer
    store.rename(titled, newer[:3])
    assert store.find(newer[:3]) == titled
    store.rename(titled, newer)
    assert store.find(newer) == newer
    assert store.find(newer[:4]) == newer


def test_a_whole_id_is_found_whatever_was_said(store):
    """Also when it was removed, and another conversation speaks of it."""
    gone = talk(store, "hi")
    store.rename(talk(store, f"what about {gone}?"), gone)
    store.remove(gone, NOW)

    assert store.find(gone, removed=True) == store.find(gone, removed=None) == gone
    assert store.find(gone) != gone


@pytest.mark.parametrize(
    "pasted",
    ["tea " + " ".join(f"w{n}" for n in range(1200)), "tea" * 20_000, "tea " * 1200, "tea-" * 1200, "茶" * 20_000],
)
def test_a_paste_can_be_looked_for(store, pasted):
    """Its first words and letters count; no database takes any number of them."""
    chat = talk(store, pasted)
    talk(store, "nothing of the sort")

    assert ids(store.search(pasted)) == [chat]
    assert store.find(pasted) == chat
    with pytest.raises(NotFoundError):
        store.find(pasted, removed=True)


def test_what_begins_two_ids_means_neither(store):
    """Nor do two letters mean any; then it is looked for as words."""
    chats = [talk(store, "hi") for _ in range(40)]
    shared = next(one[:1] for one in chats if sum(other[:1] == one[:1] for other in chats) > 1)
    for wanted in (shared, chats[0][:2]):
        with pytest.raises(NotFoundError, match="no conversation") as caught:
            store.find(wanted)

    assert caught.value.hint == "persona sessions shows them."


def test_find_among_the_removed(store):
    """By id or title alone; of all, those that are still there come first."""
    gone, there = talk(store, "spring tea"), talk(store, "autumn tea")
    for chat in (gone, there):
        store.rename(chat, "Tea")
    store.remove(gone, NOW)

    assert store.find("tea") == store.find("tea", removed=None) == there
    assert (
        store.find("tea", removed=True) == store.find(gone[:6], removed=True) == store.find(gone, removed=None) == gone
    )
    for wanted, removed in ((gone, False), ("spring", None), ("spring", True), (there, True)):
        with pytest.raises(NotFoundError):
            store.find(wanted, removed=removed)
