"""`persona eval`: how near a voice comes to the client, beside what it must beat and the client's own replies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from brain.errors import DataError
from brain.flags import errors_as_json, model_options, note, settings_flags
from brain.shell_completion import complete_voice

if TYPE_CHECKING:
    from evals.results import EvalResult

BELOW = 3
_REPORT = "report.html"
_FILE = click.Path(path_type=Path)
_TOPICS = "topics"


class _EvalCommand(click.Command):
    """`eval VOICE`; the word `topics` in its place is a command of its own, and a voice of that name is `topics@1`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args and args[0] == _TOPICS:
            from evals.topics.command import topics_command

            return topics_command.make_context(f"{info_name} {_TOPICS}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("eval", cls=_EvalCommand)
@click.argument("voice", required=False, shell_complete=complete_voice)
@click.option("--limit", type=click.IntRange(0), default=40, show_default=True, help="Prompts; 0 for all there are.")
@click.option(
    "--seed",
    type=click.IntRange(0, 1_000_000),
    default=0,
    show_default=True,
    help="Which prompts, and the model's dice.",
)
@click.option(
    "--systems",
    default="",
    metavar="A,B",
    help="Which to run beside the voice: zero, nearest, other, echo, real (the usual ones), labelled, raw.",
)
@click.option("--all", "everything", is_flag=True, help="Also what takes many LM calls: labelled and raw KNN.")
@click.option("--candidates", type=click.IntRange(2, 16), metavar="N", help="Also the voice with the best of N drafts.")
@click.option(
    "--against",
    metavar="VOICE@N",
    shell_complete=complete_voice,
    help="Compare with another version, on the same prompts.",
)
@click.option("--heldout", type=_FILE, metavar="FILE", help="Prompts from this conversations.json instead.")
@click.option("--other", type=_FILE, metavar="FILE", help="Also the program learned from another client's file.")
@click.option("--fresh", is_flag=True, help="Ask everything again; what was answered before does not count.")
@click.option("--min", "least", type=float, metavar="X", help="Exit 3 when the headline is below X, or there is none.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option(
    "--report",
    is_flag=False,
    flag_value=_REPORT,
    type=_FILE,
    metavar="[FILE]",
    help=f"Also a page with plots and every reply  [{_REPORT}].",
)
@click.option("--mlflow", metavar="URI", help="Also log to this MLflow server or folder.")
@model_options
@click.pass_context
def eval_command(
    ctx: click.Context,
    /,
    voice: str | None,
    least: float | None,
    as_json: bool,
    report: Path | None,
    mlflow: str | None,
    systems: str,
    **flags: Any,
) -> int:
    """Score VOICE on conversations it has not seen, beside its baselines and the client's real replies.

    The file it was compiled from is split in halves: the program is learned anew from one, prompts and measures are of
    the other. Answers are kept as they come: stopped with Ctrl-C, the same command goes on where it was.

    `eval topics` measures the topic filter instead; see `eval topics --help`.
    """
    from evals.mlflow_log import load_mlflow, log_result

    if report and report.suffix not in {".html", ".htm"}:
        raise click.UsageError(f"--report takes a file that ends in .html, not {str(report)!r}. VOICE comes before it.")
    with errors_as_json(as_json):
        logger = load_mlflow() if mlflow else None  # before hours of work, not after
        names = tuple(name.strip() for name in systems.split(",") if name.strip())
        if report and not report.absolute().parent.is_dir():
            raise DataError(f"{report.parent}: no such folder", hint="Make it, or give another --report FILE.")
        result = _evaluated(ctx, voice, names, flags)
        _print(result, as_json=as_json)
        if report:
            _write(result, report)
        if mlflow:
            log_result(result, mlflow, report, logger)
    headline = result.scores[0].headline
    if least is not None and (headline is None or headline < least):
        found = "missing" if headline is None else f"{headline:.3f}"
        click.echo(f"The headline is {found}, and --min is {least:g}.", err=True)
        return BELOW
    return 0


def _evaluated(ctx: click.Context, voice: str | None, systems: tuple[str, ...], flags: dict[str, Any]) -> EvalResult:
    from brain.config import load_settings
    from brain.lms.quiet import silence_libraries
    from brain.terminal.progress import Progress
    from evals.evaluation import Wanted, evaluate

    silence_libraries()
    own = {name: flags.pop(name) for name in Wanted._fields if name in flags}
    settings = load_settings(settings_flags(ctx, voice=voice, **flags))
    with Progress("replies") as progress:
        return evaluate(settings, Wanted(systems=systems, **own), progress)


def _write(result: EvalResult, path: Path) -> None:
    from evals.report import write_report

    write_report(result, path)
    note(f"✓ {path}")


def _print(result: EvalResult, *, as_json: bool) -> None:
    if as_json:
        click.echo(result.model_dump_json())
    else:
        from evals.table import print_result

        print_result(result)
