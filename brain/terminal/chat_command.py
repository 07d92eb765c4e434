"""`persona chat`: paints first, loads afterwards."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from brain.flags import candidates_option, model_options, settings_flags


@click.command()
@click.argument("voice", required=False)
@click.option("-c", "--continue", "resume", is_flag=True, help="Go on with the last conversation.")
@candidates_option
@model_options
@click.pass_context
def chat(ctx: click.Context, /, voice: str | None, resume: bool, **flags: Any) -> None:
    """Talk to VOICE (a name, NAME@VERSION or an artifact's folder; default: the bundled voice)."""
    terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    from brain.terminal.paint import paint, restore, terminal_attributes

    before = terminal_attributes()
    try:
        if terminal:
            paint()
        from brain.config import load_settings
        from brain.terminal.start import run_chat

        run_chat(lambda: load_settings(settings_flags(ctx, voice=voice, **flags)), resume=resume, terminal=terminal)
    finally:
        restore(before)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # a thread may still load or read for seconds; everything said is on disk, and nobody waits for it
