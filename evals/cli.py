"""`persona eval`: what a voice scores on its own conversations, beside its baselines."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from brain.flags import errors_as_json, model_options, settings_flags

if TYPE_CHECKING:
    from evals.runner import Score

_FIGURES = (
    ("length", "length", 2),
    ("emoji", "emoji", 2),
    ("casing", "casing", 2),
    ("punctuation", "punctuation", 2),
    ("relevance", "relevance", 2),
    ("copy_rate", "copies", 2),
    ("violations", "forbidden", 2),
    ("seconds", "seconds a turn", 2),
    ("prompt_tokens", "prompt tokens", 0),
    ("completion_tokens", "tokens written", 0),
    ("lm_calls", "LM calls", 1),
)
_LEGEND = (
    "Length, emoji, casing, punctuation: distance from the client, 0 is theirs and 1 nothing alike.\n"
    "Relevance: 0.5 is a random reply of theirs, 1 the best. `real reply` is the ceiling."
)


@click.command("eval")
@click.argument("voice", required=False)
@click.option(
    "--limit", type=click.IntRange(0), default=40, show_default=True, help="Conversations to answer; 0 for half of all."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Which conversations, and the model's dice.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@model_options
@click.pass_context
def eval_command(ctx: click.Context, /, voice: str | None, limit: int, seed: int, as_json: bool, **flags: Any) -> None:
    """Score VOICE leave-one-out: it answers its own conversations without seeing the real reply.

    At most half of them are answered; the distances are measured from the client's other replies.
    """
    with errors_as_json(as_json):
        _evaluate(settings_flags(ctx, voice=voice, **flags), limit=limit, seed=seed, as_json=as_json)


def _evaluate(flags: dict[str, Any], *, limit: int, seed: int, as_json: bool) -> None:
    from brain.config import load_settings
    from brain.lms.build import build_model
    from brain.lms.embedder import load_embedder
    from brain.lms.quiet import silence_libraries
    from brain.session import Voice
    from brain.voices import build_program, build_rules, open_artifact
    from evals.runner import draw, run, score, systems

    silence_libraries()
    settings = load_settings(flags)
    model = build_model(settings)
    artifact = open_artifact(settings, say=lambda line: click.echo(line, err=True))
    program, without = (build_program(artifact, settings, model) for _ in range(2))
    without.replier.use(artifact.bank, 0)
    drawn = draw(artifact, limit=limit, seed=seed)
    chosen = systems(artifact, Voice(artifact.label, program), Voice("zero demos", without), model)
    progress = _Progress(len(drawn.cases) * len(chosen))
    answers = run(drawn.cases, chosen, seed=seed, tick=progress.tick)
    rules = build_rules(settings)
    scores = [score(name, drawn, given, rules=rules, embed=load_embedder()) for name, given in answers.items()]
    if as_json:
        told = {"voice": artifact.label, "model": model.spec, "k": artifact.manifest.k, "seed": seed}
        click.echo(json.dumps({**told, "scores": [one._asdict() for one in scores]}, ensure_ascii=False))
    else:
        _print_table(scores)


def _print_table(scores: list[Score]) -> None:
    """Figures down, systems across: it fits a window of 80 columns."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    table.add_column("")
    for one in scores:
        table.add_column(one.system, justify="right")
    for field, words, digits in _FIGURES:
        table.add_row(words, *(f"{getattr(one, field):.{digits}f}" for one in scores))
    console = Console()
    console.print(table)
    console.print(_LEGEND, style="dim")


class _Progress:
    """How far it is, on standard error: one line that rewrites itself in a terminal, else a plain line each tenth."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._told = max(total, 1), 0, 0

    def tick(self) -> None:
        self._done += 1
        tenth = 10 * self._done // self._total
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self._done} of {self._total} replies" + ("\n" if self._done == self._total else ""))
            sys.stderr.flush()
        elif tenth > self._told:
            click.echo(f"{tenth * 10} %: {self._done} of {self._total} replies", err=True)
        self._told = tenth
