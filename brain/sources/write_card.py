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
    before = _described(card_persona(card))
    changed = {key: text for key, text in _described(persona).items() if text != before[key]}
    twins = {key: text for key, text in changed.items() if key in outer}  # for programs that read no more than V1
    return _sealed({**outer, **twins}, {**_EMPTY, **inner, **changed})


def _sealed(outer: Mapping[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    return {**outer, "spec": "chara_card_v2", "spec_version": "2.0", "data": fields}


def _described(persona: Persona) -> dict[str, str]:
    """The persona's own words by the card's keys: what the reader of cards has put into facts goes back there."""
    facts: dict[str, list[str]] = {"Personality": [], "Scenario": [], "": []}
    for fact in persona.facts:
        label, _, text = fact.partition(": ")
        facts[label if label in facts else ""].append(text if label in facts else fact)
    return {
        "name": persona.name,
        "description": "\n".join(line for line in (persona.about, *facts[""], *persona.limits) if line),
        "personality": "; ".join((*facts["Personality"], *persona.style)),
        "scenario": "\n".join(facts["Scenario"]),
    }


def _dialogue(conversations: Sequence[LabeledConversation], most: int) -> str:
    step = max(-(-len(conversations) // max(most, 1)), 1)
    chosen = conversations[::step][:most]
    return "\n".join(f"<START>\n{_lines(one)}" for one in chosen)


def _lines(labeled: LabeledConversation) -> str:
    said = [(message.from_creator, message.content) for message in labeled.chat_history.messages]
    return "\n".join(f"{'{{char}}' if own else '{{user}}'}: {text}" for own, text in [*said, (True, labeled.output)])
