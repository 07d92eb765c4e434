"""From replies to figures: one system's answers, judged together and one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evals.context import contradictions
from evals.fit import echoes
from evals.guards import COPIES, repetition
from evals.results import Gap, Judgement, SystemScore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.models import Verdict
    from brain.policy.rules import Rules
    from evals.cases import Case
    from evals.copying import Copies
    from evals.measures import Judged, Measures
    from evals.results import Answer
    from evals.voice import VoiceScore

COPIES_ALLOWED = 0.04
ECHO, CONTEXT, FORBIDDEN, UNREADABLE = "echo", "context", "forbidden", "unreadable"
_CONTEXT = 6
_MISSES = 0.25


class Judge(NamedTuple):
    """All that replies are judged by: `seen` are the replies that the program learned from."""

    measures: Measures
    rules: Rules
    seen: Copies
    seed: int = 0


class Scored(NamedTuple):
    """A system's figures, what is said of each answer, and what is needed to compare it with another."""

    score: SystemScore
    judgements: tuple[Judgement, ...]
    judged: Judged


def score_answers(
    cases: Sequence[Case], answers: Sequence[Answer], judge: Judge, *, system: str = "ours", name: str = ""
) -> Scored:
    """The figures of answers to these prompts, one a prompt. Raises ValueError without a prompt."""
    replies = [answer.reply for answer in answers]
    measures = judge.measures
    judged = measures.judge(cases, replies)
    voice = measures.voice.score(replies, seed=judge.seed)
    estimate = measures.estimate(judged, seed=judge.seed)
    fit = None if measures.fit.refused else estimate.fit
    told = voice.voice is not None and fit is not None
    judgements = _judgements(cases, answers, judge, judged)
    flagged = {flag: sum(flag in one.flags for one in judgements) / len(answers) for flag in (CONTEXT, FORBIDDEN, ECHO)}
    copies = float(judge.seen.among(replies).mean())
    score = SystemScore(
        system=system,
        name=name or system,
        replies=len(replies),
        voice=voice.voice,
        voice_low=voice.low,
        voice_high=voice.high,
        style_only=voice.style_only,
        fit=fit,
        headline=estimate.value if told else None,
        low=estimate.low if told else None,
        high=estimate.high if told else None,
        copies=copies,
        echoes=flagged[ECHO],
        empty=sum(not reply.strip() for reply in replies) / len(replies),
        distinct=1 - repetition(replies),
        context_violations=flagged[CONTEXT],
        filter_violations=flagged[FORBIDDEN],
        lm_calls=_mean(answers, "lm_calls"),
        prompt_tokens=_mean(answers, "prompt_tokens"),
        completion_tokens=_mean(answers, "completion_tokens"),
        seconds=_mean(answers, "seconds"),
        flags=_group_flags(voice, copies, len(replies)),
        explanations=voice.explanations,
    )
    return Scored(score, judgements, judged)


def with_gap(scored: Scored, ours: Scored, judge: Judge) -> SystemScore:
    """The figures, and how far ours are ahead of them."""
    score, best = scored.score, ours.score
    if score.headline is None or best.headline is None:
        return score
    low, high = judge.measures.gap(ours.judged, scored.judged, seed=judge.seed)
    return score.model_copy(update={"ours_ahead_by": Gap(value=best.headline - score.headline, low=low, high=high)})


def _judgements(
    cases: Sequence[Case], answers: Sequence[Answer], judge: Judge, judged: Judged
) -> tuple[Judgement, ...]:
    replies = [answer.reply for answer in answers]
    copied = judge.seen.among(replies)
    repeated = echoes([case.message for case in cases], replies)
    found = []
    for at, (case, answer) in enumerate(zip(cases, answers, strict=True)):
        names, notes = judge.measures.voice.flags(answer.reply)
        told = {name: note for name, note in zip(names, notes, strict=False) if name != COPIES}
        rest = notes[len(names) :]
        if answer.trouble:
            told[UNREADABLE] = answer.trouble
        if copied[at]:
            told[COPIES] = "word for word from a reply it learned from"
        if repeated[at] and answer.reply.strip():
            told[ECHO] = "repeats the message"
        if case.dated and (wrong := contradictions(answer.reply, case.now)):
            told[CONTEXT] = "; ".join(wrong)
        if not (verdict := judge.rules.check(answer.reply, case.conversation.messages[-_CONTEXT:])).allowed:
            told[FORBIDDEN] = _forbidden(verdict)
        notes = (*told.values(), *rest)
        if answer.reply.strip() and judged.ranks[at] < _MISSES and ECHO not in told:
            notes = (*notes, "suits other messages better than this one")
        if answer.reply.strip() and judged.heard.u[at] < _MISSES:
            notes = (*notes, "sounds like the other party")
        found.append(
            Judgement(
                voice_rank=float(judged.heard.u[at]),
                fit_rank=float(judged.ranks[at]),
                words=len(answer.reply.split()),
                flags=tuple(told),
                notes=notes,
            )
        )
    return tuple(found)


def _forbidden(verdict: Verdict) -> str:
    return f"the policy forbids it ({verdict.category}: {verdict.evidence!r})"


def _group_flags(voice: VoiceScore, copies: float, count: int) -> tuple[str, ...]:
    rest = tuple(flag for flag in voice.flags if flag != COPIES)
    return (COPIES, *rest) if copies > COPIES_ALLOWED and copies * count >= 2 else rest


def _mean(answers: Sequence[Answer], field: str) -> float:
    return float(np.mean([getattr(answer, field) for answer in answers]))
