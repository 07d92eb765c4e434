"""How many disguised names the filter still finds: every full name of the lexicon, every technique, whole sentences.

Where a name stands is taken from the rules' own evidence on the plain sentence. A sentence that the rules do not
block in plain writing is left out: what a disguise costs is to be seen, not what was missed before. No judge is asked:
finding names is for the rules alone.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.typos import slips_between
from evals.topics.measure import NAMES
from evals.topics.obfuscation import SHORTEST, TECHNIQUES
from evals.topics.results import DisguiseResult, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from brain.policy.policy import Policy
    from brain.policy.rules import Rules
    from evals.topics.examples import TopicExample
    from evals.topics.obfuscation import Technique

_FRAMES = (
    "add me on {} babe",
    "my {} is waiting for you",
    "i posted the whole story on {} last night",
    "do you have {}? would be so much easier to talk there",
    "honestly i'm way more active on my {} account these days 🙈",
    "good morning you, coffee first and then i'll answer everyone on {}",
    "follow my {} and tell me which picture you like best",
    "ok so my {} handle is the same as here, come say hi",
    "escríbeme por {} y hablamos con calma",
    "schreib mir einfach auf {}, da bin ich öfter",
    "tu peux me suivre sur {} si tu veux",
    "me chama no {} que eu respondo na hora",
    "scrivimi su {} quando vuoi",
)
_SENTENCES = 3  # of each name; every technique is tried on all of them


class Carrier(NamedTuple):
    """A sentence that names a platform, and where; `derived` if the name is an inflection or a slip of another."""

    text: str
    start: int
    end: int
    derived: bool = False

    @property
    def name(self) -> str:
        """The name as it stands there, in small letters."""
        return self.text[self.start : self.end].lower()

    def hidden(self, technique: Technique, chance: random.Random) -> str:
        """The same sentence with the name in disguise."""
        return self.text[: self.start] + technique.write(self.name, chance) + self.text[self.end :]


def full_names(policy: Policy) -> tuple[str, ...]:
    """Every forbidden name in one word of five letters a to z or more; of words with another sense, only full names."""
    found = set()
    for platform in policy.forbidden_platforms:
        if platform.category in NAMES and not platform.exact:
            words = (word.name for word in platform.words if word.name == platform.id)
            found |= {*platform.names, *platform.apart, *words}
    return tuple(sorted(name for name in found if _can_hide(name)))


def carriers(rules: Rules, examples: Iterable[TopicExample] = (), *, seed: int = 0) -> tuple[Carrier, ...]:
    """A few sentences for each full name, and the plain examples that name a platform."""
    found: list[Carrier] = []
    names = full_names(rules.policy)
    ids = {platform.id for platform in rules.policy.forbidden_platforms}
    for name in names:
        derived = name not in ids and _is_derived(name, names)
        frames = random.Random(f"{seed}:{name}").sample(_FRAMES, len(_FRAMES))
        framed = (_carrier(rules, frame.format(name)) for frame in frames)
        fitting = [carrier._replace(derived=derived) for carrier in framed if carrier and carrier.name == name]
        found += fitting[:_SENTENCES]
    plain = (_carrier(rules, example.text) for example in examples if _is_plain(example))
    return (*found, *(carrier for carrier in plain if carrier))


def measure_disguises(
    rules: Rules, sentences: Sequence[Carrier], *, seed: int = 0, techniques: Sequence[Technique] = TECHNIQUES
) -> Iterator[DisguiseResult]:
    """The share of the sentences that are caught, one technique after another."""
    for technique in techniques:
        chance = random.Random(f"{seed}:{technique.name}")
        fitting = [one for one in sentences if len(one.name) >= technique.shortest]
        fitting = [one for one in fitting if technique.of_derived or not one.derived]
        hidden = [(carrier, carrier.hidden(technique, chance)) for carrier in fitting]
        tried = [text for carrier, text in hidden if text != carrier.text]
        verdicts = [rules.check(text) for text in tried]
        caught = [not verdict.allowed for verdict in verdicts]
        noticed = [not verdict.allowed or verdict.unsure for verdict in verdicts]
        yield DisguiseResult(
            technique=technique.name,
            blocked=share(sum(caught), len(tried)),
            noticed=share(sum(noticed), len(tried)),
            bar=technique.bar,
            misses=tuple(text for text, hit in zip(tried, caught, strict=True) if not hit),
        )


def _is_plain(example: TopicExample) -> bool:
    return example.violation and example.technique == "plain" and example.category in NAMES and not example.context


def _carrier(rules: Rules, text: str) -> Carrier | None:
    verdict = rules.check(text)
    is_name = not verdict.allowed and (verdict.rule or "").startswith("platform:")
    return Carrier(text, verdict.start, verdict.end) if is_name and _can_hide(verdict.evidence) else None


def _is_derived(name: str, names: Iterable[str]) -> bool:
    others = (other for other in names if other != name and other[0] == name[0])
    return any(name.startswith(other) or slips_between(name, other) <= 2 for other in others)


def _can_hide(name: str) -> bool:
    return len(name) >= SHORTEST and name.isascii() and name.isalpha()
