"""The flags that several commands share."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from brain.errors import PersonaError
from brain.shell_completion import complete_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


NO_INPUT = "brain.no_input"  # where the group keeps its flags: https://click.palletsprojects.com/en/stable/api/#click.Context.meta
QUIET = "brain.quiet"


def note(line: str) -> None:
    """A line on standard error that --quiet drops: what is being done, what was found. An error is never a note."""
    if not is_quiet():
        click.echo(line, err=True)


def is_quiet() -> bool:
    """Whether --quiet was given: no notes and no progress."""
    return _given(QUIET)


def may_ask() -> bool:
    """Whether somebody is there to answer a question: a terminal, and not --no-input."""
    return sys.stdin.isatty() and sys.stderr.isatty() and not _given(NO_INPUT)


def _given(flag: str) -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.meta.get(flag))


def settings_flags(ctx: click.Context, **flags: Any) -> dict[str, Any]:
    """The flags of a command together with the group's own."""
    return {**(ctx.find_root().obj or {}), **flags}


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The flags that choose a model, the same for every command that needs one."""
    options = (
        click.option(
            "-m",
            "--model",
            help="embedded[:FILE], ollama/NAME, together/NAME or openai/NAME.",
            shell_complete=complete_model,
        ),
        click.option("--api-base", metavar="URL", help="An OpenAI-compatible server, with its /v1."),
        click.option("--temperature", type=float, help="0 always picks the likeliest word; 2 is wild."),
        click.option("--policy", type=click.Path(), metavar="FILE", help="The operator's policy.toml."),
    )
    for option in reversed(options):
        command = option(command)
    return command


candidates_option = click.option(
    "--candidates", type=click.IntRange(1, 16), metavar="N", help="Drafts of each reply; the best by ear is said."
)


@contextmanager
def errors_as_json(wanted: bool) -> Iterator[None]:
    """With --json an error is the one document on standard output, and its exit code is kept."""
    try:
        yield
    except PersonaError as exc:
        if not wanted:
            raise
        click.echo(json.dumps({"error": exc.as_document()}, ensure_ascii=False))
        raise click.exceptions.Exit(exc.exit_code) from exc
