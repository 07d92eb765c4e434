"""Markdown is drawn where a reply surely has it, and nothing is lost where it has not."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from brain.terminal.markdown import blocks
from brain.terminal.render import Screen

BOLD, SLANTED, CODE = "\x1b[1m", "\x1b[3m", "\x1b[36m"


def drawn(text: str, *, width: int = 80, colours: str | None = "standard") -> str:
    """A reply as the terminal gets it, without the name beside it."""
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=True, color_system=colours, highlight=False)
    Screen(console).sentence("Ada", text, first=False)
    return "\n".join(line.removeprefix("     ") for line in file.getvalue().removesuffix("\n").split("\n"))


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "2*3*4 is 24, and 5**2 and 3**2",
        "snake_case_name and __init__ and _private",
        "f(*args, **kwargs) and f(**a, **b)",
        ":) :( *_* ^_^ >:( >.< <3 -_-",
        "¯\\_(ツ)_/¯",
        "1. first of may i…",
        "1984. what a year\n1986. better",
        "- hm",
        "- one\n- two\nbye now",
        "1) one\n2) two",
        "# 1 fan",
        "#hashtag\n\nwords",
        ">:(\n>:)",
        "> quoted\nlol",
        "hello\n---\n***\n* * *",
        "don`t worry, i won`t",
        "`runs over\nthe line`",
        "~~~ vibes ~~~",
        "- ~~~ vibes ~~~\n- more",
        "```\nnever closed",
        "~~struck~~ <b>html</b> &amp; \\* <https://a.example>",
        "[sigh](softly) [x][y] ![image](https://a.example/b.png)",
        "[note]: https://a.example\n[note]",
        "a | b\nno table | here",
        "**spoiler**s and un**believ**able",
        "    four spaces",
        "so\n\n\nmuch room",
    ],
)
def test_what_is_not_surely_markdown_is_shown_as_it_was_written(text: str) -> None:
    """Every character of it, and no colour."""
    assert drawn(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("that is **so** true", f"that is {BOLD}so\x1b[0m true"),
        ("*waves* hi", f"{SLANTED}*waves*\x1b[0m hi"),
        ("你好**世界**吗", f"你好{BOLD}世界\x1b[0m吗"),
        ("_really_", f"{SLANTED}_really_\x1b[0m"),
        ("`pip`", f"{CODE}pip\x1b[0m"),
        ("***all* of it**", f"\x1b[1;3m*all*\x1b[0m{BOLD} of it\x1b[0m"),
        ("use `pip`, ok", f"use {CODE}pip\x1b[0m, ok"),
        ("- one\n- two", " • one\n • two"),
        ("- one\n  - inner\n  - more\n- two", " • one\n    • inner\n    • more\n • two"),
        ("9. nine\n10. ten", " 9. nine\n10. ten"),
        ("see:\n\n> quoted **words**\n> here", f"see:\n\n▌ quoted {BOLD}words\x1b[0m\n▌ here"),
        ("# Title\n\nwords", "\x1b[1;4mTitle\x1b[0m\n\nwords"),
        ("```python\nif x:\n    y()\n```\ndone", f"{CODE}if x:\x1b[0m\n{CODE}    y()\x1b[0m\ndone"),
        ("one\ntwo **three**\nfour", f"one\ntwo {BOLD}three\x1b[0m\nfour"),
    ],
)
def test_what_surely_is_markdown_is_drawn(text: str, shown: str) -> None:
    """In place, with the line breaks of the writer; emphasis keeps its stars."""
    assert drawn(text) == shown


def test_a_table_stands_in_columns() -> None:
    """As wide as its words."""
    heading, rule, row = drawn("| tea | minutes |\n|---|---|\n| assam | 4 |").split("\n")

    assert re.sub(r"\x1b\[[0-9;]*m", "", heading).split() == ["tea", "minutes"]
    assert set(rule.strip()) == {"─"}
    assert row == " assam  4"


def test_a_table_that_does_not_fit_is_shown_as_it_was_written() -> None:
    """Rather than cut off."""
    table = "| a | b |\n|---|---|\n| " + "x" * 30 + " | " + "y" * 30 + " |"

    assert "".join(drawn(table, width=30).split()) == "".join(table.split())


def test_a_link_shows_where_it_leads() -> None:
    """No address is hidden under a text, nor under an escape code."""
    text = drawn("look at [my bank](https://evil.example/login) now")

    assert "my bank (" in text
    assert "https://evil.example/login" in text
    assert "\x1b]8" not in text


def test_long_code_is_folded_not_cut() -> None:
    """All of it stays."""
    assert drawn(f"```\n{'x' * 200}\n```", width=60).count("x") == 200


def test_without_colours_everything_is_as_it_was_written() -> None:
    """Piped, NO_COLOR or TERM=dumb."""
    text = "# Title\n\n- **one**\n- [two](https://a.example)"

    assert drawn(text, colours=None) == text


def test_a_screen_reader_hears_what_was_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """ACCESSIBLE=1."""
    monkeypatch.setenv("ACCESSIBLE", "1")

    assert drawn("- **one**\n- two") == "- **one**\n- two"


PIECES = st.sampled_from(
    [*"*_`[]()#>|-+.:~\\!12ab \n\t", "**", "```", "\n\n", "- ", "1. ", "https://a.example", "word"]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.integers(2, 90))
def test_no_letter_is_ever_lost(text: str, width: int) -> None:
    """Whatever marks a reply is made of, in any window; and its blocks, put together, are the reply."""
    assert "\n".join(block.source for block in blocks(text)) == text
    shown = re.sub(r"\x1b\[[0-9;]*m", "", drawn(text, width=width))

    assert sorted(filter(str.isalnum, shown)) == sorted(filter(str.isalnum, text))


ORDINARY = {
    "words": "oh i know what you mean, it was raining all day and biscuit would not leave the sofa. " * 8,
    "short lines": "ok\nsure thing\nhaha yes\nsee you then\n" * 15,
    "list": "\n".join(f"- item {number} is **bold** and short" for number in range(25)),
    "code": "try:\n\n```python\n" + "def f(x):\n    if x:\n        return x + 1\n    return None\n\n" * 10 + "```",
    "table": "| tea | minutes | when |\n|---|---|---|\n" + "| assam | 4 | in the morning |\n" * 16,
    "cjk": "你好世界，今天天气很好，我们去公园走走吧。" * 25,
}


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY.keys())
def test_no_more_than_three_bytes_are_written_for_one(text: str) -> None:
    """Indentation and colour codes counted."""
    file = io.StringIO()
    console = Console(file=file, width=80, force_terminal=True, color_system="truecolor", highlight=False)
    Screen(console).reply("Nela", text)

    assert len(text) >= 500
    assert len(file.getvalue().encode()) <= 3 * len(text.encode())
