"""Markdown for people: no message can pass for another, and none comes to life."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from transcripts.talks import NASTY, one_of, reply, transcript, user

from brain.transcripts.markdown import write_markdown

READER = MarkdownIt("commonmark")
MARKS = ["<script>", "</p>", "<!--", "`", "```", "~~~", "\\", "![", "](x)", ">", "1.", "a"]
PIECES = st.lists(st.sampled_from([*MARKS, "\n", "\t", "    ", "- "]), min_size=1)


def markdown(talk):
    return "".join(write_markdown(talk))


def kinds(text):
    """Every kind of token a reader of Markdown that allows HTML would see."""
    tokens = READER.parse(text)
    return [child.type for token in tokens for child in [token, *(token.children or [])]]


def test_it_reads_as_a_talk():
    """Title, facts, then who said what and when; a reply that is not whole says so."""
    talk = transcript(user(1, None, "hi\nyou"), reply(2, 1, "hel", "stopped"), title="The *market*")

    assert markdown(talk) == (
        "# The \\*market\\*\n"
        "\n"
        "With nela · 2026-05-04 12:30 · 2 messages · session 7f3ka1b2\n"
        "\n"
        "**You** · 2026-05-04 12:30\n"
        "\n"
        "> hi  \n"
        "> you\n"
        "\n"
        "**nela** · 2026-05-04 12:30 *(stopped)*\n"
        "\n"
        "> hel\n"
    )


@pytest.mark.parametrize("content", NASTY)
def test_a_message_cannot_leave_its_quotation(content):
    """What looks like a heading or a speaker stays inside."""
    tokens = READER.parse(markdown(one_of("hi", content)))
    outside = [token for token in tokens if token.level == 0]

    assert [token.type for token in outside].count("blockquote_open") == 2
    assert [token.type for token in outside].count("heading_open") == 1


@pytest.mark.parametrize("content", NASTY)
def test_no_html_and_no_picture_comes_to_life(content):
    """A script would run, and a picture would tell its server who reads."""
    assert not {"html_block", "html_inline", "image"} & {*kinds(markdown(one_of(content)))}


@given(PIECES)
def test_nothing_comes_to_life_however_it_is_put_together(pieces):
    """Fences, lists, tabs and backslashes shift what counts as code."""
    content = "a" + "".join(pieces)

    assert not {"html_block", "html_inline", "image"} & {*kinds(markdown(one_of(content)))}


def test_code_stays_as_it_was_written():
    """Inside a fence a backslash would be seen."""
    code = "if a < b:\n    print('<b>')"
    tokens = READER.parse(markdown(one_of(f"look:\n```python\n{code}\n```")))

    assert [token.content for token in tokens if token.type == "fence"] == [f"{code}\n"]


def test_a_heart_stays_a_heart():
    """Only what a reader would take for a tag is touched."""
    assert "> i <3 you & 2 < 3\n" in markdown(one_of("i <3 you & 2 < 3"))


def test_only_where_it_stands_is_shown():
    """Other branches are in the JSON."""
    talk = transcript(user(1, None, "hi"), reply(2, 1, "first try"), reply(3, 1, "second try"))

    assert "first try" not in markdown(talk)
    assert re.findall(r"^> .*$", markdown(talk), re.M) == ["> hi", "> second try"]


def test_an_empty_conversation_is_a_page_too():
    """It may only have a title."""
    assert markdown(transcript()).startswith("# Empty conversation\n")
