"""One page that needs nothing else and lets nothing run."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from transcripts.talks import NASTY, one_of, reply, transcript, user

from brain.transcripts.html import write_html


class Page(HTMLParser):
    """The tags of a page and the words of its messages."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.messages, self.attributes = [], [], []
        self._inside = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.extend(attrs)
        self._inside = tag == "p" and ("dir", "auto") in attrs
        if self._inside:
            self.messages.append("")

    def handle_endtag(self, _tag):
        self._inside = False

    def handle_data(self, data):
        if self._inside:
            self.messages[-1] += data


def html(talk):
    return "".join(write_html(talk))


@pytest.mark.parametrize("content", NASTY)
def test_a_message_is_text_and_nothing_else(content):
    """Every character of it is shown, and none of it is markup."""
    page = Page(html(transcript(user(1, None, content), reply(2, 1, content), title=content, voice=content)))

    assert page.messages == [content, content]
    assert page.tags.count("article") == 2
    assert "script" not in page.tags
    assert "img" not in page.tags


def test_the_page_asks_for_nothing():
    """No script, no picture, no font, no link; and a browser is told to refuse them."""
    page = Page(html(one_of("hi", "hello")))

    assert not {"script", "link", "img", "iframe", "a"} & {*page.tags}
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes
    assert "url(" not in html(one_of("hi"))


def test_a_reply_that_is_not_whole_says_so():
    """One that nobody checked too."""
    stopped = html(transcript(user(1, None, "hi"), reply(2, 1, "hel", "stopped")))
    killed = html(transcript(user(1, None, "hi"), reply(2, 1, "hel", "interrupted")))

    assert '<div class="mark">stopped</div>' in stopped
    assert '<div class="mark">cut off</div>' in killed


def test_it_is_readable_in_the_dark_and_on_paper():
    """Both have their own colours."""
    page = html(one_of("hi"))

    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert page.startswith("<!DOCTYPE html>")
