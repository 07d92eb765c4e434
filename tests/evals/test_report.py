"""The page: self-contained, and safe whatever the replies say."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
from html.parser import HTMLParser

import pytest
from eval_samples import HOSTILE, a_result, a_score

from brain.errors import DataError
from evals.report import page, write_report


class Elements(HTMLParser):
    """Every element with its attributes, and all the text that people see."""

    def __init__(self, document):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self._inside = [], [], []
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag):
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data):
        if self._inside and self._inside[-1] not in ("script", "style"):
            self.texts.append(data)

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def document():
    return page(a_result())


@pytest.fixture(scope="module")
def parsed(document):
    return Elements(document)


def test_nothing_is_fetched(document, parsed):
    """No address anywhere, and a policy that would refuse one."""
    assert not re.search(r"https?://|@import|url\(", document)
    for _, attributes in parsed.elements:
        assert not {"src", "srcset", "action", "data", "style"} & attributes.keys()
        assert attributes.get("href", "#").startswith("#")
    policy = next(meta["content"] for meta in parsed.named("meta") if "http-equiv" in meta)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize("kind", ["style", "script"])
def test_only_its_own_style_and_script_may_run(document, kind):
    """Named by the hash of what stands in the page."""
    (content,) = re.findall(rf"<{kind}>(.*?)</{kind}>", document, re.DOTALL)

    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()

    assert f"{kind}-src 'sha256-{digest}'" in document


def test_a_hostile_reply_is_text(document, parsed):
    """It is shown as it was written, and is no element; what no person sees is dropped."""
    assert len(parsed.named("script")) == 1
    assert parsed.named("img") == []
    assert "<script>alert(1)</script>" in " ".join(parsed.texts)
    assert "\x1b" not in document
    assert "\u202e" not in document
    assert not any(name.startswith("on") for _, attributes in parsed.elements for name in attributes)


def test_a_hostile_name_is_text():
    """A voice, a file or a flag may be called anything."""
    result = a_result(voice=HOSTILE, model=HOSTILE, heldout=HOSTILE, notes=(HOSTILE,))

    assert len(Elements(page(result)).named("script")) == 1


def test_every_reply_stands_beside_the_real_one(parsed):
    """With its ranks, its flags and what was said before."""
    text = " ".join(" ".join(parsed.texts).split())

    for said in ("how was the market?", "sold out by noon", "it went well", "asleep again", "no idea", "nothing"):
        assert said in text
    assert "Saturday, 23:10" in text
    assert "2 turns before" in text
    assert "voice 0.90 · fit 0.20 · 3 words" in text
    flagged = [one for one in parsed.named("div") if one.get("data-flags")]
    assert [one["data-system"] for one in flagged] == ["zero"]


def test_the_headline_is_told_in_words(parsed):
    """Better only where it is, with the interval."""
    text = " ".join(" ".join(parsed.texts).split())

    assert "0.50 between 0.40 and 0.60" in text
    assert "Better than zero demos." in text
    assert "No clear difference from nearest reply." in text
    assert "too long: median 31 words, theirs 14" in text


def test_pictures_have_words(parsed):
    """Every plot says in words what it shows, or is hidden from those who listen."""
    pictures = parsed.named("svg")

    assert len(pictures) > 10
    assert all(one.get("aria-label") or one.get("aria-hidden") == "true" for one in pictures)


def test_controls_have_labels_and_wait_for_the_script(parsed):
    """Without a script every reply is there to read, and nothing pretends to filter."""
    form = next(one for one in parsed.named("form"))

    assert "hidden" in form
    assert len(parsed.named("label")) == len(parsed.named("input")) + len(parsed.named("select")) == 4


def test_a_refusal_takes_the_place_of_the_number():
    """And the page is whole without a single score."""
    scores = (a_score("ours", "ada@1", None), a_score("real", "real reply", None))

    text = " ".join(Elements(page(a_result(refused="too few examples", scores=scores))).texts)

    assert "No headline:" in text
    assert "too few examples" in text


def test_only_its_owner_may_read_it(tmp_path):
    """It holds private replies; a place that cannot be written is told."""
    write_report(a_result(), tmp_path / "report.html")

    assert stat.S_IMODE((tmp_path / "report.html").stat().st_mode) == 0o600
    with pytest.raises(DataError, match="cannot be written"):
        write_report(a_result(), tmp_path)
