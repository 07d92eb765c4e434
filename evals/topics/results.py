"""What a measurement of the topic filter found; `persona eval topics --json` prints it."""

from __future__ import annotations

from math import sqrt
from typing import Literal

from brain.models import Value
from evals.topics.examples import Half, Said

_Z = 1.959964  # of a normal distribution, for 95 %


class Share(Value):
    """`hits` of `of`, with the 95 % interval of the share after Wilson (1927); without cases there is no share."""

    hits: int
    of: int
    value: float | None = None
    low: float = 0.0
    high: float = 1.0


def share(hits: int, of: int) -> Share:
    """The share and how sure it is. Raises ValueError unless 0 <= hits <= of."""
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of} is no share")
    if of == 0:
        return Share(hits=0, of=0)
    value, spread = hits / of, _Z * _Z / of
    middle = (value + spread / 2) / (1 + spread)
    half = _Z * sqrt(value * (1 - value) / of + spread / (4 * of)) / (1 + spread)
    return Share(hits=hits, of=of, value=value, low=max(0.0, middle - half), high=min(1.0, middle + half))


class Slice(Value):
    """The figures of some messages. A message counts as noticed when it is blocked or a judge would be asked.

    `blocked` and `noticed` are shares of the violations; `alarms` of the harmless ones that were blocked, `doubts` of
    those only noticed. `precision` is the share of violations among all blocked; without violations there is none.
    """

    name: str
    blocked: Share
    noticed: Share
    precision: Share
    alarms: Share
    doubts: Share


class Shown(Value):
    """A message that was judged wrongly, or is to be looked at; what has no label has no id, category or language."""

    text: str
    rule: str | None
    confidence: float
    evidence: str
    noticed: bool
    id: str = ""
    category: str = ""
    technique: str = ""
    language: str = ""
    context: tuple[Said, ...] = ()


class HalfResult(Value):
    """The figures of one half. `replies` are about what is sent, `raised` about what the other person wrote.

    `misses` are violations that were not blocked, the ones nobody would even doubt first; `alarms` are harmless
    messages that were blocked, the surest first. Both are empty where they are `veiled`, so that a proof stays one.
    """

    half: Half
    names: Slice
    meetings: Slice
    replies: Slice
    categories: tuple[Slice, ...]
    name_techniques: tuple[Slice, ...]
    meeting_techniques: tuple[Slice, ...]
    languages: tuple[Slice, ...]
    raised: tuple[Slice, ...]
    safety: tuple[Slice, ...]
    misses: tuple[Shown, ...]
    alarms: tuple[Shown, ...]
    left_out: dict[str, int]
    veiled: bool = False

    def veil(self) -> HalfResult:
        """The same figures without a message."""
        return self.model_copy(update={"misses": (), "alarms": (), "veiled": True})


class DisguiseResult(Value):
    """How many disguised names were caught, for one technique; `bar` is the share that should be."""

    technique: str
    blocked: Share
    noticed: Share
    bar: float
    misses: tuple[str, ...]


class OrdinaryResult(Value):
    """What was flagged in ordinary messages; real mentions are among them in talk that people had.

    `sources` tells how many messages came from where. `names` and `meetings` are the shares blocked by that layer.
    """

    name: str
    sources: dict[str, int]
    blocked: Share
    names: Share
    meetings: Share
    doubts: Share
    flagged: tuple[Shown, ...]


class Bar(Value):
    """A figure that should reach a bar: at least it, or at most. `reached` is None where there is no figure.

    `half` is empty for what is not measured on labelled messages. Of what is no share, `what` tells the unit.
    """

    what: str
    half: str
    figure: float | None
    bar: float
    least: bool = True
    is_share: bool = True
    reached: bool | None = None


class Speed(Value):
    """Milliseconds a message, by the wall clock."""

    messages: int
    p50: float
    p95: float


class TopicResult(Value):
    """Everything that `persona eval topics` measures. `notes` say what was left out, and why."""

    policy: str
    judge: Literal["off", "auto"]
    halves: tuple[HalfResult, ...]
    disguised_names: int
    disguises: tuple[DisguiseResult, ...]
    ordinary: tuple[OrdinaryResult, ...]
    speed: Speed
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
