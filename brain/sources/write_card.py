"""Writes a voice as a character card V2.

https://github.com/malfoyslastname/character-card-spec-v2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brain.sources.card import card_persona

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.models import LabeledConversation, Persona

_EMPTY: dict[str, Any] = {
    "name": "",
    "description": "",
    "personality": "",
    "scenario": "",
    "first_mes": "",
    "mes_example": "",
    "creator_notes": "",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": [],
    "tags": [],
    "creator": "",
    "character_version": "",
    "extensions": {},
}


def v2_card(
    persona: Persona,
    conversations: Sequence[LabeledConversation],
    *,
    card: Mapping[str, Any] | None = None,
    version: str = "",
    examples: int = 8,
) -> dict[str, Any]:
    """The card of a voice.

    With `card`, the one it came from, everything there stays: only who it is about is told anew, where that has changed
    since. Otherwise `examples` conversations at most, evenly spaced, become its example dialogue.
    """
    if card is None:
        told = {"mes_example": _dialogue(conversations, examples), "character_version": version}
        return _sealed({}, {**_EMPTY, **_described(persona), **told})
    outer, inner = (card, card["data"]) if isinstance(card.get("data"), dict) else ({}, card)
    changed = card_persona(card).model_copy(update={"id": persona.id}) != persona
    return _sealed(outer, {**_EMPTY, **inner, **(_described(persona) if changed else {})})


def _sealed(outer: Mapping[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    return {**outer, "spec": "chara_card_v2", "spec_version": "2.0", "data": fields}


def _described(persona: Persona) -> dict[str, str]:
    about = "\n".join(line for line in (persona.about, *persona.facts, *persona.limits) if line)
    return {"name": persona.name, "description": about, "personality": "; ".join(persona.style), "scenario": ""}


def _dialogue(conversations: Sequence[LabeledConversation], most: int) -> str:
    step = -(-len(conversations) // most) if most else 1
    chosen = conversations[::step][:most]
    return "\n".join(f"<START>\n{_lines(one)}" for one in chosen)


def _lines(labeled: LabeledConversation) -> str:
    said = [(message.from_creator, message.content) for message in labeled.chat_history.messages]
    return "\n".join(f"{'{{char}}' if own else '{{user}}'}: {text}" for own, text in [*said, (True, labeled.output)])
