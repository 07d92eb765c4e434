"""Scores replies in groups: a document a reply, then a document a group."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from evals.fit import echoes
from evals.reply_lines import BadLine
from evals.typicality import SMALLEST_GROUP
from evals.voice import FEWEST_EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evals.fit import FitMeasure
    from evals.reply_lines import ReplyLine
    from evals.voice import VoiceMeasure

    Document = dict[str, Any]

ECHO = "echo"
_NATURAL_ECHOES = 0.05  # real people of the development set: at most 0.01 of the replies


class Measures(NamedTuple):
    """Fitted on one client."""

    voice: VoiceMeasure
    fit: FitMeasure


def score_lines(lines: Sequence[ReplyLine | BadLine], measures: Measures, *, seed: int = 0) -> Iterator[Document]:
    """`{"id", "flags", "notes"}` for each reply and `{"id", "error"}` for each bad line, in order, then the groups.

    Groups come in the order of their first reply. The same seed gives the same intervals.
    """
    groups: dict[str, list[ReplyLine]] = {}
    for line in lines:
        if isinstance(line, BadLine):
            yield {"id": line.id, "error": line.error}
            continue
        flags, notes = measures.voice.flags(line.reply)
        if _echoes(line):
            flags, notes = (*flags, ECHO), (*notes, "mostly repeats the message it answers")
        yield {"id": line.id, "flags": list(flags), "notes": list(notes)}
        groups.setdefault(json.dumps(line.group), []).append(line)  # as JSON has it: 1 is not true, nor 1.0
    for replies in groups.values():
        yield _group(replies, measures, seed)


def _group(lines: Sequence[ReplyLine], measures: Measures, seed: int) -> Document:
    told = measures.voice.score([line.reply for line in lines], seed=seed)
    answers = [line for line in lines if line.conversation.messages]
    flags, explanations = list(told.flags), list(told.explanations)
    if _too_many(sum(map(_echoes, answers)), len(answers)):
        flags.append(ECHO)
    fit = None
    if answers and measures.fit.refused:
        explanations.append(measures.fit.refused)
    elif len(answers) >= SMALLEST_GROUP and measures.voice.n >= FEWEST_EXAMPLES:
        conversations = [line.conversation for line in answers]
        fit = measures.fit.scale(measures.fit.ranks(conversations, [line.reply for line in answers]))
    return {
        "group": lines[0].group,
        "n": told.n,
        **{name: _rounded(getattr(told, name)) for name in ("voice", "low", "high", "style_only")},
        "fit": _rounded(fit),
        **{name: _rounded(getattr(told, name)) for name in ("copy_rate", "repetition")},
        "flags": flags,
        "explanations": explanations,
        "refused": told.refused,
    }


def _echoes(line: ReplyLine) -> bool:
    return bool(echoes([line.conversation.last_from_other], [line.reply])[0])


def _too_many(count: int, total: int) -> bool:
    return count >= min(2, max(total, 1)) and count > _NATURAL_ECHOES * total


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
