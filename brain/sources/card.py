r"""Character cards: V1, V2 and V3, as JSON or inside a PNG.

https://github.com/malfoyslastname/character-card-spec-v2 and https://github.com/kwaroran/character-card-spec-v3:

    {"spec": "chara_card_v2", "spec_version": "2.0", "data": {"name": "Ada", "description": "…", "personality": "…",
     "scenario": "…", "first_mes": "…", "mes_example": "<START>\n{{user}}: hi\n{{char}}: oh hello", …}}

V1 is the inner object alone. The card is kept whole and untouched beside the voice, with whatever extensions it has.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from brain.dataset import parse_json
from brain.errors import DataError
from brain.models import Persona
from brain.naming import voice_name
from brain.sanitise import display
from brain.sources.dialogue import Said, labeled
from brain.sources.png import text_of
from brain.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORM = "a character card"
CARD_KEYS = ("description", "personality", "scenario", "first_mes", "mes_example")
_SPECS = {"chara_card_v2": "V2", "chara_card_v3": "V3"}
_KEYWORDS = ("ccv3", "chara")  # V3 goes ahead of the V2 that older programs read
_DEEPEST = 100
_LONG = 4_000  # characters; about a thousand tokens
_START = re.compile(r"^[ \t]*(?:<START>|END_OF_DIALOG[ \t]*$)", re.IGNORECASE | re.MULTILINE)
_CHAR = re.compile(r"\{\{char\}\}|<(?:char|bot)>", re.IGNORECASE)
_USER = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
_COMMENT = re.compile(r"\{\{//[^{}]*\}\}")
_CLIENT, _OTHER = "client", "other"


class _Fields(NamedTuple):
    """The texts of a card that a voice is made of."""

    name: str
    called: str
    description: str
    personality: str
    scenario: str
    examples: str


def is_card(document: object) -> TypeGuard[dict[str, Any]]:
    """Whether a JSON document is a card of any version."""
    if not isinstance(document, dict):
        return False
    if isinstance(document.get("data"), dict):
        return _version(document) != "V1" or ("name" in document["data"] and _is_flat(document["data"]))
    return "name" in document and _is_flat(document)


def read_png_card(path: Path, content: bytes) -> Source:
    """The card inside a picture. Raises DataError when there is none, or it cannot be read."""
    failure = DataError(
        f"{path}: is a picture without a character card inside",
        hint="Take the original file; a copy from a chat or a web page has often lost it.",
    )
    for keyword in _KEYWORDS:
        try:
            if packed := text_of(path, content, keyword):
                return _unpacked(path, packed)
        except DataError as exc:
            failure = exc
    raise failure


def _unpacked(path: Path, packed: bytes) -> Source:
    try:
        card = base64.b64decode(b"".join(packed.split()), validate=True)
    except binascii.Error as exc:
        raise DataError(f"{path}: the card inside the picture is damaged ({exc})", hint="Download it again.") from exc
    document = parse_json(f"{path} (the card inside)", card)
    if not is_card(document):
        raise DataError(f"{path}: what is inside the picture is no character card", hint="Take another file.")
    return read_card(path, document)


def read_card(path: Path, card: dict[str, Any]) -> Source:
    """Who the card is about, and its example dialogue. Raises DataError when it names nobody, or is nested too deep."""
    if _depth_exceeds(card, _DEEPEST):
        raise DataError(f"{path}: the card is nested too deep", hint="No card needs that; take another file.")
    fields = _fields(card)
    if not fields.name:
        raise DataError(f"{path}: the card has no name", hint='Give it a "name".')
    found = labeled(_examples(fields), _CLIENT)
    return Source(
        f"{FORM} ({_version(card)})",
        found.conversations,
        card_persona(card),
        card=card,
        notes=tuple(_notes(fields, replies=found.replies)),
    )


def card_persona(card: Mapping[str, Any]) -> Persona:
    """Who the card is about; its id is made of the name. The card has a name."""
    fields = _fields(card)
    facts = [f"{label}: {text}" for label, text in _labeled(fields) if text]
    return Persona(
        name=fields.name, id=voice_name(fields.name) or "voice", about=fields.description, facts=tuple(facts)
    )


def _notes(fields: _Fields, *, replies: int) -> Iterator[str]:
    if not replies:
        yield "It has no example dialogue: the voice begins with its description alone."
    size = len(fields.description) + len(fields.personality) + len(fields.scenario)
    if size > _LONG:
        yield f"It describes the character in {size:,} characters, and every reply reads them all: shorter is faster."


def _labeled(fields: _Fields) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("Personality", fields.personality), ("Scenario", fields.scenario)


def _version(card: Mapping[str, Any]) -> str:
    spec = card.get("spec")
    return _SPECS.get(spec, "V1") if isinstance(spec, str) else "V1"


def _is_flat(fields: Mapping[str, Any]) -> bool:
    return sum(key in fields for key in CARD_KEYS) >= 2


def _fields(card: Mapping[str, Any]) -> _Fields:
    inner: Mapping[str, Any] = card["data"] if isinstance(card.get("data"), dict) else card

    def text(key: str) -> str:
        value = inner.get(key)
        return display(value).strip() if isinstance(value, str) else ""

    name = " ".join(text("name").split())
    called = " ".join(text("nickname").split()) or name
    plain = {key: _filled(text(key), called, "the other person") for key in ("description", "personality", "scenario")}
    return _Fields(name, called, **plain, examples=text("mes_example"))


def _filled(text: str, called: str, user: str) -> str:
    text = _CHAR.sub(lambda _: called, _COMMENT.sub("", text))
    return _USER.sub(lambda _: user, text)


def _examples(fields: _Fields) -> list[list[Said]]:
    """The example dialogues, split where a line begins with <START>; a line without a speaker goes on with the last."""
    names = {"{{char}}": _CLIENT, "<bot>": _CLIENT, "<char>": _CLIENT, "{{user}}": _OTHER, "<user>": _OTHER}
    names |= {"you": _OTHER, "user": _OTHER, fields.name.casefold(): _CLIENT, fields.called.casefold(): _CLIENT}
    dialogues: list[list[Said]] = []
    for block in _START.split(fields.examples):
        dialogue: list[Said] = []
        for line in block.strip("\n").split("\n"):
            name, colon, text = line.partition(":")
            speaker = names.get(name.strip().casefold()) if colon else None
            if speaker:
                dialogue.append(Said(speaker, text.strip()))
            elif dialogue:
                dialogue[-1] = dialogue[-1]._replace(text=f"{dialogue[-1].text}\n{line}")
        filled = (said._replace(text=_filled(said.text, fields.called, "you").strip()) for said in dialogue)
        dialogues.append([said for said in filled if said.text])
    return dialogues


def _depth_exceeds(value: object, most: int) -> bool:
    level: list[object] = [value]
    for _ in range(most):
        level = [inner for one in level for inner in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.values()]
    return value if isinstance(value, list) else []
