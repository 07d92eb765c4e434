"""Character cards of every version, read and written."""

from __future__ import annotations

import base64
import copy
import json
from typing import TYPE_CHECKING

import pytest
from sources.files import CARD, chunk, packed, pairs, png, read

from brain.errors import DataError
from brain.models import LabeledConversation, Persona
from brain.sources.write_card import v2_card

if TYPE_CHECKING:
    from pathlib import Path

FLAT = CARD["data"]
V3 = {**CARD, "spec": "chara_card_v3", "spec_version": "3.0"}


def test_a_card_tells_who_it_is_and_how_they_talk(tmp_path: Path) -> None:
    """Its macros are filled in; example dialogue becomes labelled conversations, each reply one."""
    source = read(tmp_path, json.dumps(CARD))

    assert source.persona == Persona(
        name="Ada",
        id="ada",
        about="Ada mends clocks and likes the other person.",
        facts=("Personality: patient, dry", "Scenario: A workshop."),
    )
    assert pairs(source) == [
        (["is it fixed?"], "nearly\nask me tomorrow"),
        ([">hello you", "hi", "you there?"], "always"),
    ]
    assert source.card == CARD


@pytest.mark.parametrize(
    ("card", "form"),
    [(FLAT, "V1"), (CARD, "V2"), (V3, "V3"), ({"data": FLAT}, "V1"), ({**CARD, "spec": "newer"}, "V1")],
)
def test_every_version_of_the_form_is_read(tmp_path: Path, card: dict[str, object], form: str) -> None:
    """V1 is the flat object; an unknown version is read as far as it is known."""
    source = read(tmp_path, json.dumps(card))

    assert source.form == f"a character card ({form})"
    assert source.persona is not None
    assert source.persona.name == "Ada"
    assert len(source.conversations) == 2


def test_a_nickname_is_what_the_card_calls_its_character(tmp_path: Path) -> None:
    """As V3 has it; the name stays the name."""
    card = copy.deepcopy(V3)
    card["data"] |= {"nickname": "Addie", "mes_example": "{{user}}: who?\nAddie: {{char}}, of course"}

    source = read(tmp_path, json.dumps(card))

    assert source.persona is not None
    assert (source.persona.name, source.persona.about[:5]) == ("Ada", "Addie")
    assert pairs(source) == [(["who?"], "Addie, of course")]


def test_a_card_without_example_dialogue_is_still_somebody(tmp_path: Path) -> None:
    """That is said."""
    card = {**CARD, "data": {**FLAT, "mes_example": ""}}

    source = read(tmp_path, json.dumps(card))

    assert source.conversations == ()
    assert "no example dialogue" in source.notes[0]


def test_a_long_description_is_told(tmp_path: Path) -> None:
    """It costs time with every reply."""
    source = read(tmp_path, json.dumps({**CARD, "data": {**FLAT, "description": "word " * 1000}}))

    assert "every reply reads them all" in source.notes[0]


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt"])
def test_a_picture_carries_a_card_in_any_of_its_texts(tmp_path: Path, kind: bytes) -> None:
    """`ccv3` goes ahead of `chara`; compressed or not."""
    import zlib

    def text(keyword: bytes, body: bytes) -> bytes:
        if kind == b"zTXt":
            return chunk(kind, keyword + b"\0\0" + zlib.compress(body))
        if kind == b"iTXt":
            return chunk(kind, keyword + b"\0\1\0en\0Card\0" + zlib.compress(body))
        return chunk(kind, keyword + b"\0" + body)

    older = {**CARD, "data": {**FLAT, "name": "Old Ada"}}

    both = read(tmp_path, png(text(b"ccv3", packed(V3)), text(b"chara", packed(older))))
    alone = read(tmp_path, png(text(b"chara", packed(older))))

    assert both.card == V3
    assert alone.card == older


@pytest.mark.parametrize(
    ("card", "told"),
    [
        ({**CARD, "data": {**FLAT, "name": "  "}}, "the card has no name"),
        ({**CARD, "data": {**FLAT, "extensions": json.loads("[" * 300 + "]" * 300)}}, "nested too deep"),
    ],
)
def test_a_card_that_cannot_be_used_says_why(tmp_path: Path, card: dict[str, object], told: str) -> None:
    """One line each."""
    with pytest.raises(DataError, match=told):
        read(tmp_path, json.dumps(card))


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        (b"not base64!", "is damaged"),
        (base64.b64encode(b"{"), "is not JSON"),
        (base64.b64encode(b'{"a": 1}'), "is no character card"),
    ],
)
def test_a_picture_with_something_else_inside_says_so(tmp_path: Path, inside: bytes, told: str) -> None:
    """Nothing of it is used."""
    with pytest.raises(DataError, match=told):
        read(tmp_path, png(chunk(b"tEXt", b"chara\0" + inside)))


@pytest.mark.parametrize("broken", [b"tEXtccv3\0not base64!", b"zTXtccv3\0\0junk", b"zTXtnote\0\0junk"])
def test_a_text_that_is_broken_does_not_hide_a_good_card(tmp_path: Path, broken: bytes) -> None:
    """Neither a newer card nor something else."""
    picture = png(chunk(broken[:4], broken[4:]), chunk(b"tEXt", b"chara\0" + packed(CARD)))

    assert read(tmp_path, picture).card == CARD


@pytest.mark.parametrize("card", [FLAT, CARD, V3, {**CARD, "made_with": "another program"}])
def test_what_came_from_a_card_leaves_with_all_that_was_in_it(tmp_path: Path, card: dict[str, object]) -> None:
    """Extensions, greetings and unknown keys untouched, as a V2 card."""
    source = read(tmp_path, json.dumps(card))
    assert source.persona is not None

    written = v2_card(source.persona.model_copy(update={"id": "other"}), source.conversations, card=source.card)

    assert (written["spec"], written["spec_version"]) == ("chara_card_v2", "2.0")
    assert {key: written["data"][key] for key in FLAT} == FLAT
    assert written.get("made_with") == card.get("made_with")


def test_a_persona_that_has_changed_since_is_told_anew(tmp_path: Path) -> None:
    """The rest of the card stays."""
    source = read(tmp_path, json.dumps(CARD))
    assert source.persona is not None
    changed = source.persona.model_copy(update={"about": "Ada sells clocks.", "style": ("short",)})

    written = v2_card(changed, source.conversations, card=source.card)["data"]

    assert written == {**FLAT, "description": "Ada sells clocks.", "personality": "patient, dry; short"}


def test_only_what_has_changed_is_told_anew(tmp_path: Path) -> None:
    """Macros stay where nothing did; the twins that stand beside `data` for older programs change with it."""
    card = {**CARD, "name": "Ada", "description": "old", "personality": "patient, dry"}
    source = read(tmp_path, json.dumps(card))
    assert source.persona is not None
    changed = source.persona.model_copy(update={"facts": ("Scenario: A workshop.", "Personality: kind", "Born: 1815")})

    written = v2_card(changed, (), card=source.card)

    assert written["data"]["personality"] == written["personality"] == "kind"
    assert written["data"]["scenario"] == "A workshop."
    assert written["data"]["description"] == written["description"]
    assert written["description"].endswith("likes the other person.\nBorn: 1815")
    assert "scenario" not in written


def test_a_voice_that_was_no_card_becomes_one_that_reads_back(tmp_path: Path) -> None:
    """Every key that V2 asks for is there; a few conversations become its example dialogue."""
    rows = [
        {"chat_history": {"messages": [{"from_creator": False, "content": f"hi {number}"}]}, "output": f"yo\n{number}"}
        for number in range(20)
    ]
    conversations = [LabeledConversation.model_validate(row) for row in rows]
    persona = Persona(name="Zoë", id="zoe", about="Bakes.", facts=("Rye only.",), style=("short", "no capitals"))

    written = v2_card(persona, conversations, version="zoe@3", examples=4)
    again = read(tmp_path, json.dumps(written))

    assert set(written["data"]) == {*FLAT}
    assert written["data"]["character_version"] == "zoe@3"
    assert written["data"]["personality"] == "short; no capitals"
    assert pairs(again) == [([f"hi {number}"], f"yo\n{number}") for number in (0, 5, 10, 15)]
    assert v2_card(persona, conversations, examples=0)["data"]["mes_example"] == ""
    assert v2_card(persona, [])["data"]["mes_example"] == ""


def test_example_dialogues_begin_at_any_line_that_says_start(tmp_path: Path) -> None:
    """Also where the first words follow on that line; what ends one is no part of it."""
    text = "<START>{{user}}: hi\n{{char}}: hello\nEND_OF_DIALOG\n<start> {{user}}: so?\n{{char}}: nearly"

    source = read(tmp_path, json.dumps({**CARD, "data": {**FLAT, "mes_example": text}}))

    assert pairs(source) == [(["hi"], "hello"), (["so?"], "nearly")]
