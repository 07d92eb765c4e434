"""What each rule of the filter found, in words."""

from __future__ import annotations

_RULES = {
    "platform": "names the platform {}",
    "category": "has a word of the category {}",
    "handoff:elsewhere": "leads to another place without naming it",
    "handoff:pointer": "may point to another place without naming it",
    "handoff:agreed": "agrees to go to another place, as the other person asked",
    "contact:given": "gives a phone number or an e-mail address",
    "contact:asked": "asks for a phone number or an e-mail address",
    "meeting:contact": "gives a phone number, a step towards meeting",
    "meeting:agreed": "agrees to meet, as the other person asked",
    "meeting:ask": "asks to meet in person",
    "meeting": "sounds like meeting in person ({})",
    "asked:in_person": "answers somebody who asked to meet",
    "asked:social_platforms": "answers somebody who asked to go to another place",
    "meeting:address": "gives a street address",
    "leak": "gives away words of the prompt",
    "empty": "has no text",
    "denial": "denies that an AI writes",
    "crisis": "speaks of danger, and gets fixed words with help lines",
    "minor": "says that they are under 18, which ends the talk",
    "ai_question": "asks whether an AI writes, and gets an honest answer",
    "judge": "is against the policy, says the judge",
}


def rule_in_words(rule: str) -> str:
    """What a rule found, to go on from "it"."""
    kind, _, detail = rule.partition(":")
    words = _RULES.get(rule) or _RULES.get(kind, f"is against the rule {rule}")
    return words.format(detail.replace("-", ", "))
