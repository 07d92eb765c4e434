"""`persona chat`: paints first, loads afterwards."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from brain.flags import candidates_option, model_options, settings_flags
from brain.shell_completion import complete_voice


@click.command()
@click.argument("voice", required=False, shell_complete=complete_voice)
@click.option("-c", "--continue", "latest", is_flag=True, help="Go on with the last conversation.")
@click.option(
    "-r", "--resume", "words", metavar="WORDS", help="Go on with the conversation these words find, or its id."
)
@click.option("--off-record", is_flag=True, help="Write nothing of this talk anywhere.")
@candidates_option
@model_options
@click.pass_context
def chat(
    ctx: click.Context, /, voice: str | None, latest: bool, words: str | None, off_record: bool, **flags: Any
) -> None:
    """Talk to VOICE (a name, NAME@VERSION or an artifact's folder; default: the bundled voice)."""
    if off_record and (latest or words):
        raise click.UsageError("A talk off the record begins anew: leave out -c and -r.")
    terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    from brain.terminal.paint import paint, restore, terminal_attributes, wipe_prompt

    before = terminal_attributes()
    try:
        if terminal:
            paint()
        from brain.config import load_settings
        from brain.errors import PersonaError
        from brain.terminal.opening import Wish
        from brain.terminal.start import run_chat

        try:
            settings = load_settings(settings_flags(ctx, voice=voice, **flags))
        except PersonaError:
            if terminal:
                wipe_prompt()
            raise
        run_chat(settings, wish=Wish(latest, words, off_record), terminal=terminal)
    finally:
        restore(before)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a thread may still load or read for seconds; everything said is on disk, and nobody waits for it
