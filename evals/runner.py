"""Runs an evaluation: the program and its baselines on the same prompts, judged by what none of them has seen.

What the program saw and what the report uses never overlap. The labelled conversations of the artifact are split in
blocks of five into a practice and a proof half (evals/halves.py). The program is learned anew from the practice half,
by the artifact's own recipe and instructions; an optimizer looks at the practice half alone. Prompts are drawn from the
proof half, and the measures are fitted on what is left of it; or the prompts come from another file of the same client,
and the measures are fitted on the whole proof half.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from brain.patience import patiently_now
from brain.session import local_now
from brain.watcher import Unwatched
from evals.answer_log import digest
from evals.copying import Copies
from evals.measures import Measures
from evals.results import EvalResult, JudgedAnswer, PromptResult
from evals.scores import Judge, Scored, score_answers, with_gap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.policy.rules import Rules
    from brain.watcher import Watcher
    from evals.answer_log import AnswerLog
    from evals.cases import Case
    from evals.ground import Ground
    from evals.planning import Plan
    from evals.results import Answer
    from evals.systems import System

_SEEDS = 64  # a turn may use several, one a draft
_SHOWN_BEFORE = 6


def answer_all(
    cases: Sequence[Case],
    systems: Sequence[System],
    log: AnswerLog,
    *,
    seed: int,
    watcher: Watcher | None = None,
) -> dict[str, list[Answer]]:
    """Every system's answers to all the prompts; what the log has is not asked again. `watcher` hears of each.

    A rate limit is waited out, and the watcher told; raises what the model fails with for good.
    """
    watcher = watcher or Unwatched()
    given: dict[str, list[Answer]] = {}
    for system in systems:
        given[system.id] = []
        for number, case in enumerate(cases):
            answered = partial(_answered, system, case, _SEEDS * (seed + number), log)
            given[system.id].append(patiently_now(answered, tell=watcher.say))
            watcher.tick()
    return given


def missing(cases: Sequence[Case], systems: Sequence[System], log: AnswerLog, *, seed: int) -> int:
    """How many LM calls the answers that the log lacks will take, if every turn is a normal one."""
    return sum(
        system.lm_calls
        for system in systems
        for number, case in enumerate(cases)
        if log.get(_key(system, case, _SEEDS * (seed + number))) is None
    )


def evaluated(
    ground: Ground,
    plan: Plan,
    systems: Sequence[System],
    answers: Mapping[str, Sequence[Answer]],
    *,
    rules: Rules,
    seed: int,
) -> EvalResult:
    """The figures of every system, and what is said of every answer. Raises DataError when nothing can be fitted."""
    measures = Measures.of(plan.measured_on, ground.bank.embed, seed=seed)
    seen = [ground.bank.row(at).reply for at in range(len(ground.bank))]
    judge = Judge(measures, rules, Copies(seen), seed)
    scored = {
        system.id: score_answers(plan.cases, answers[system.id], judge, system=system.id, name=system.name)
        for system in systems
    }
    ours = next(iter(scored.values()))
    return EvalResult(
        voice=ground.artifact.label,
        model=ground.model.spec,
        created=local_now(),
        seed=seed,
        practice=len(ground.practice),
        measured_on=len(plan.measured_on),
        heldout=plan.heldout,
        refused=measures.refused,
        spread=measures.voice.spread,
        separability=measures.voice.separability,
        scores=tuple(one.score if one is ours else with_gap(one, ours, judge) for one in scored.values()),
        prompts=_prompts(plan.cases, answers, scored),
        own_words=tuple(len(one.output.split()) for one in plan.measured_on),
        own_voice_ranks=tuple(map(float, measures.voice.own_heard().u)),
        own_fit_ranks=tuple(map(float, measures.fit.real)),
        notes=plan.notes,
    )


def _answered(system: System, case: Case, seed: int, log: AnswerLog) -> Answer:
    if not system.lm_calls:
        return system.answer(case, seed)
    key = _key(system, case, seed)
    if (kept := log.get(key)) is not None:
        return kept
    answer = system.answer(case, seed)
    log.add(key, answer)
    return answer


def _key(system: System, case: Case, seed: int) -> str:
    return digest(system.id, system.key, seed, case.conversation.model_dump(mode="json"), case.now.isoformat())


def _prompts(
    cases: Sequence[Case], answers: Mapping[str, Sequence[Answer]], scored: Mapping[str, Scored]
) -> tuple[PromptResult, ...]:
    return tuple(
        PromptResult(
            id=case.id,
            now=case.now if case.dated else None,
            before=_before(case),
            message=case.message,
            real=case.real,
            answers=tuple(
                JudgedAnswer(system=id, answer=answers[id][number], judgement=one.judgements[number])
                for id, one in scored.items()
            ),
        )
        for number, case in enumerate(cases)
    )


def _before(case: Case) -> tuple[tuple[bool, str], ...]:
    turns = list(case.conversation.messages)
    while turns and not turns[-1].from_creator:
        turns.pop()
    return tuple((turn.from_creator, turn.content) for turn in turns[-_SHOWN_BEFORE:])
