"""What a transcript says of itself."""

from __future__ import annotations

from transcripts.talks import one_of, reply, transcript, user


def test_the_heading_is_the_title_or_the_first_words():
    """On one line and not longer than a line."""
    talk = one_of("so\n\nmany " + "words " * 50)

    assert talk.heading.startswith("so many words")
    assert len(talk.heading) == 60
    assert talk.heading.endswith("…")
    assert transcript(user(1, None, "hi"), title="The market").heading == "The market"
    assert transcript(reply(1, None, "hello")).heading == ""
