"""`persona eval topics`: what the topic filter catches, what it lets through, and whom it annoys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from brain.flags import errors_as_json, model_options, note, settings_flags

if TYPE_CHECKING:
    from brain.config import Settings
    from evals.topics.examples import Half
    from evals.topics.findings import Examiner
    from evals.topics.results import TopicResult

BELOW = 3
_WORST = 10
_HALVES: dict[str, tuple[Half, ...]] = {"tune": ("tune",), "proof": ("proof",), "both": ("tune", "proof")}


@click.command("topics")
@click.option(
    "--set",
    "sets",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="This JSONL, not the packaged sets.",
)
@click.option(
    "--half",
    type=click.Choice(["tune", "proof", "both"]),
    default="both",
    show_default=True,
    help="Which half of them.",
)
@click.option(
    "--ordinary",
    multiple=True,
    metavar="PATH",
    help="Ordinary talk too: .txt, .csv[#COLUMN], .json, .jsonl or a folder.",
)
@click.option(
    "--judge", type=click.Choice(["off", "auto"]), default="off", show_default=True, help="Let a model judge doubts."
)
@click.option("--worst", type=click.IntRange(0), metavar="N", help=f"Mistakes to show of each kind  [{_WORST}].")
@click.option(
    "--min-recall", type=click.FloatRange(0, 1), metavar="X", help="Exit 3 when fewer violations are blocked."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document, with every mistake.")
@model_options
@click.pass_context
def topics_command(
    ctx: click.Context,
    /,
    sets: tuple[Path, ...],
    half: str,
    ordinary: tuple[str, ...],
    worst: int | None,
    min_recall: float | None,
    as_json: bool,
    **flags: Any,
) -> int:
    """Measure the topic filter: recall, precision, false alarms and speed, beside what they should be.

    On the packaged development set, on every forbidden name in some fifty disguises, and on ordinary messages. The
    messages of the half `proof` are shown only with `--half proof --worst N`.
    """
    from brain.config import load_settings

    with errors_as_json(as_json):
        settings = load_settings(settings_flags(ctx, **flags))
        result = _measured(settings, sets, _HALVES[half], ordinary)
    if half != "proof" or worst is None:
        halves = tuple(one.veil() if one.half == "proof" else one for one in result.halves)
        result = result.model_copy(update={"halves": halves})
    if as_json:
        click.echo(result.model_dump_json())
    else:
        from evals.topics.table import print_topics

        print_topics(result, worst=_WORST if worst is None else worst)
    return 0 if min_recall is None or _is_reached(result, min_recall) else BELOW


def _measured(
    settings: Settings, sets: tuple[Path, ...], halves: tuple[Half, ...], ordinary: tuple[str, ...]
) -> TopicResult:
    from brain.terminal.progress import Progress, stoppable
    from evals.topics.corpora import load_corpus
    from evals.topics.evaluation import Material, evaluate_topics
    from evals.topics.examples import load_sets
    from evals.topics.ordinary import made_up

    material = Material(load_sets(sets, halves), (made_up(), *map(load_corpus, ordinary)))
    examiner, judging = _examiner(settings)
    with stoppable("Stopped before the end; nothing was measured. Run it again."), Progress("messages") as progress:
        return evaluate_topics(material, examiner, judging=judging, watcher=progress)


def _examiner(settings: Settings) -> tuple[Examiner, bool]:
    """The filter of the settings; dspy is imported only for a judge."""
    from brain.bundled import policy_file
    from brain.policy.policy_file import load_policy
    from brain.policy.rules import Rules
    from evals.topics.findings import Examiner

    rules = Rules(load_policy(policy_file(settings)))
    if settings.judge == "off":
        return Examiner(rules), False
    from brain.judging import open_judge

    judge = open_judge(settings, say=note)
    return Examiner(rules, judge), judge is not None


def _is_reached(result: TopicResult, least: float) -> bool:
    """Over all halves together; without violations there is no recall, and that is a failure."""
    hits = sum(half.replies.blocked.hits for half in result.halves)
    count = sum(half.replies.blocked.of for half in result.halves)
    if count and hits / count >= least:
        return True
    found = f"{hits / count:.3f}" if count else "missing"
    click.echo(f"The recall is {found}, and --min-recall is {least:g}.", err=True)
    return False
