"""Ordinary messages of our own making: what the bundled talk says, its sentences put together anew, and templates.

The same messages every time. Where the fans of the bundled talk ask for something forbidden (`data/raised.txt`, read by
people), their message is a true hit and no ordinary one.
"""

from __future__ import annotations

import json
import random
import re
import tomllib
from typing import TYPE_CHECKING

from brain.bundled import bundled_data
from brain.models import LabeledConversation
from evals.topics.corpora import Corpus
from evals.topics.examples import PACKAGED
from evals.topics.text_files import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RECOMBINED = 2_000
_EACH_TEMPLATE = 24  # messages at most, so that no template counts for much
_LEAST_WORDS = 3
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_SLOT = re.compile(r"\{(\w+)\}")


def made_up(*, seed: int = 0) -> Corpus:
    """Well over 5,000 distinct messages; `sources` tells how many are of which making."""
    raised = frozenset(read_text(PACKAGED / "raised.txt").split("\n"))
    fans, replies = _bundled()
    said = [text for text in fans if text not in raised]
    templates = tomllib.loads(read_text(PACKAGED / "everyday.toml"))
    chance = random.Random(seed)
    parts = {
        "bundled fans": said,
        "bundled replies": replies,
        "sentences recombined": recombined((said, replies), RECOMBINED, chance),
        "templates filled": [text for line in templates["lines"] for text in filled(line, templates["words"], chance)],
    }
    seen: set[str] = set()
    distinct: dict[str, list[str]] = {name: [] for name in parts}
    for name, texts in parts.items():
        for text in texts:
            if text not in seen:
                seen.add(text)
                distinct[name].append(text)
    together = tuple(text for texts in distinct.values() for text in texts)
    return Corpus("made up", together, {name: len(texts) for name, texts in distinct.items()})


def recombined(parties: Iterable[Sequence[str]], count: int, chance: random.Random) -> list[str]:
    """New messages of two sentences that the same party wrote, at most `count`; each party wrote two or more."""
    sentences = [
        [part for text in said for part in _SENTENCE_END.split(text) if len(part.split()) >= _LEAST_WORDS]
        for said in parties
    ]
    made: set[str] = set()
    for _ in range(4 * count):
        if len(made) == count:
            break
        first, second = chance.sample(chance.choice(sentences), 2)
        made.add(f"{first}{'' if first[-1] in '.!?' else '.'} {second}")
    return sorted(made)


def filled(template: str, words: Mapping[str, Sequence[str]], chance: random.Random) -> list[str]:
    """A template with its slots filled in at most 24 ways; one without slots stands for itself."""
    if not _SLOT.search(template):
        return [template]
    tried = (_SLOT.sub(lambda slot: chance.choice(words[slot.group(1)]), template) for _ in range(2 * _EACH_TEMPLATE))
    return list(dict.fromkeys(tried))[:_EACH_TEMPLATE]


def _bundled() -> tuple[list[str], list[str]]:
    """What the fans wrote and what the client wrote, each message once, in order."""
    fans: dict[str, None] = {}
    replies: dict[str, None] = {}
    for row in json.loads(read_text(bundled_data() / "conversations.json")):
        labeled = LabeledConversation.model_validate(row)
        for message in labeled.chat_history.messages:
            (replies if message.from_creator else fans)[message.content] = None
        replies[labeled.output] = None
    return list(fans), list(replies)
