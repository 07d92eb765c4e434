"""The flags that several commands share."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from brain.errors import PersonaError
from brain.sanitise import display
from brain.shell_completion import complete_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


NO_INPUT = "brain.no_input"  # where the group keeps its flags: https://click.palletsprojects.com/en/stable/api/#click.Context.meta
QUIET = "brain.quiet"
INTERRUPTED = 130  # the exit code after Ctrl-C: 128 and the number of the signal


def note(line: str) -> None:
    """A line on standard error that --quiet drops: what is being done, what was found. An error is never a note."""
    if not is_quiet():
        click.echo(display(line), err=True)


def say_error(error: PersonaError) -> None:
    """What happened and what next, on standard error."""
    click.echo(f"✗ {display(error.message)}", err=True)
    if error.hint:
        click.echo(f"  → {display(error.hint)}", err=True)


def is_quiet() -> bool:
    """Whether --quiet was given: no notes and no progress."""
    return _given(QUIET)


def may_ask() -> bool:
    """Whether somebody is there to answer a question: a terminal, and not --no-input."""
    return sys.stdin.isatty() and sys.stderr.isatty() and takes_input()


def takes_input() -> bool:
    """Whether --no-input was not given; where no terminal is, a program may still be started that asks by itself."""
    return not _given(NO_INPUT)


def agreed(question: str, *, sure: bool, unasked: PersonaError, declined: str, default: bool = False) -> bool:
    """Whether the user says yes to a question; nobody is asked who is `sure`.

    After a no, `declined` tells that nothing was done. Raises `unasked` where nobody is there to answer.
    """
    if sure:
        return True
    if not may_ask():
        raise unasked
    if click.confirm(question, default=default, err=True):
        return True
    note(declined)
    return False


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
        click.echo(json.dumps({"error": exc.as_document()}))
        raise click.exceptions.Exit(exc.exit_code) from exc
