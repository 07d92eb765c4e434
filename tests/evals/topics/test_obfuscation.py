"""Disguises: each is what it says, differs from the name, and comes out the same for the same seed."""

from __future__ import annotations

import base64
import random
import unicodedata

import pytest

from evals.topics.letterforms import INVISIBLE
from evals.topics.obfuscation import SHORTEST, TECHNIQUES

NAMES = ("skype", "tiktok", "instagram", "facebook", "whatsapp", "pinterest")
BY_NAME = {technique.name: technique for technique in TECHNIQUES}


def disguised(technique: str, name: str, seed: int = 0) -> str:
    return BY_NAME[technique].write(name, random.Random(seed))


def test_every_technique_has_a_name_of_its_own():
    """It is how its figures are found."""
    assert len(BY_NAME) == len(TECHNIQUES)
    assert all(technique.shortest >= SHORTEST for technique in TECHNIQUES)
    assert {technique.name for technique in TECHNIQUES if technique.bar < 0.9} == {"reversed"}


@pytest.mark.parametrize("technique", TECHNIQUES, ids=lambda technique: technique.name)
def test_the_same_seed_makes_the_same_disguise(technique):
    """And nearly always another than the plain name."""
    fitting = [name for name in NAMES if len(name) >= technique.shortest]

    first = [technique.write(name, random.Random(seed)) for name in fitting for seed in range(5)]
    again = [technique.write(name, random.Random(seed)) for name in fitting for seed in range(5)]

    assert first == again
    plain = [name for name in fitting for _ in range(5)]
    assert sum(hidden != name for hidden, name in zip(first, plain, strict=True)) >= 0.9 * len(plain)


@pytest.mark.parametrize("style", ["bold", "script", "fraktur", "monospace", "circled", "wide", "raised"])
def test_compatible_styles_read_back_as_the_name(style):
    """By the compatibility form that Unicode gives them."""
    assert [unicodedata.normalize("NFKC", disguised(style, name)) for name in NAMES] == list(NAMES)


@pytest.mark.parametrize("technique", ["zero width", "any invisible"])
def test_invisible_marks_leave_every_letter(technique):
    """And stand between all of them."""
    for name in NAMES:
        hidden = disguised(technique, name)
        assert hidden.translate(dict.fromkeys(map(ord, INVISIBLE))) == name
        assert len(hidden) == 2 * len(name) - 1


def test_what_is_spelled_out_or_split_keeps_its_letters():
    """Only signs, spaces and emoji are added."""
    for technique in TECHNIQUES:
        if technique.name.startswith(("letters", "split")):
            for name in NAMES:
                hidden = technique.write(name, random.Random(1))
                assert "".join(char for char in hidden if char.isascii() and char.isalpha()) == name


def test_a_split_leaves_two_letters_on_either_side():
    """A lone letter at an end would be a slip."""
    pieces = [disguised("split by a dot", "skype", seed).split(".") for seed in range(20)]

    assert {tuple(map(len, piece)) for piece in pieces} == {(2, 3), (3, 2)}


def test_one_slip_is_one_slip():
    """The first letter stays, and the length changes by one at most."""
    for seed in range(50):
        hidden = disguised("one slip", "pinterest", seed)
        assert hidden[0] == "p"
        assert abs(len(hidden) - len("pinterest")) <= 1


def test_codes_read_back():
    """Reversed, rot13 and base64."""
    assert disguised("reversed", "tiktok") == "kotkit"
    assert disguised("rot13", "tiktok") == "gvxgbx"
    assert base64.b64decode(disguised("base64", "tiktok")) == b"tiktok"


def test_leet_is_digits_and_signs_are_signs():
    """Whatever has another form is changed by the full technique."""
    assert disguised("all leet", "tiktok") == "71k70k"
    assert not set("ais") & set(disguised("all leet", "whatsapp") + disguised("all leet", "pinterest"))
    assert all(char.isdigit() or char in NAMES[2] for char in disguised("some leet", NAMES[2]))
