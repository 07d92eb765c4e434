"""`persona voices`: the voices there are, and how one comes, goes and becomes the one you talk to."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brain.flags import errors_as_json, settings_flags
from brain.shell_completion import complete_voice
from brain.terminal.default_verb import DefaultVerb

if TYPE_CHECKING:
    from brain.config import Settings

_FILE = click.Path(path_type=Path)
_DAY = 24 * 60
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
_yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask.")
_voice_argument = click.argument("voice", metavar="NAME[@N]", shell_complete=complete_voice)


@click.group(cls=DefaultVerb)
def voices() -> None:
    """List, add, choose, export and remove voices.

    NAME is a voice, NAME@N one of its versions.
    """


@voices.command("list", short_help="List the voices.")
@click.option("--removed", is_flag=True, help="Those that were removed and can be restored.")
@_json_option
@click.pass_context
def list_voices(ctx: click.Context, /, removed: bool, as_json: bool) -> None:
    """List the voices; the one you talk to by default is marked."""
    with errors_as_json(as_json):
        settings = _settings(ctx)
        if removed:
            from brain.terminal.voices_removed import list_removed

            list_removed(settings.voices_dir, as_json=as_json)
            return
        from brain.shelf import shelf
        from brain.terminal.voices_list import print_shelf

        found = shelf(settings)
        if as_json:
            click.echo(json.dumps({"voices": [voice.model_dump(mode="json") for voice in found]}))
        else:
            print_shelf(found)


@voices.command(short_help="Tell all about a voice.")
@click.argument("voice", required=False, metavar="[NAME[@N]]", shell_complete=complete_voice)
@_json_option
@click.pass_context
def show(ctx: click.Context, /, voice: str | None, as_json: bool) -> None:
    """Tell all about a voice: what it was made of, what it learned, and what it scored."""
    with errors_as_json(as_json):
        settings = _settings(ctx)
        from brain.shelf import describe
        from brain.terminal.voices_show import conversations_with, print_description

        found = describe(settings, voice or settings.voice)
        talks = conversations_with(settings, found.name)
        if as_json:
            click.echo(json.dumps({**found.model_dump(mode="json"), "conversations": talks}))
        else:
            print_description(found, talks)


@voices.command(short_help="Make a voice of a file.")
@click.argument("file", type=_FILE)
@click.option("--name", help="What the voice will be called; small letters, digits, - and _.")
@click.option("--client", metavar="WHO", help="Which speaker of a chat export is the client.")
@click.option(
    "--gap",
    type=click.IntRange(1, 365 * _DAY),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="After so long a silence in a chat export a new conversation begins.",
)
@_yes_option
@click.pass_context
def add(ctx: click.Context, /, file: Path, name: str | None, client: str | None, gap: int, yes: bool) -> None:
    """Make a voice of FILE: conversations, a character card, or the export of a chat.

    Taken are conversations.json, OpenAI chat JSONL, ShareGPT JSON, character cards (V1, V2 and V3; JSON or PNG) and
    the chat exports of WhatsApp and Telegram. What was found is shown before it is used.
    """
    from brain.terminal.voices_add import add_voice

    add_voice(_settings(ctx), file, name=name, client=client, gap=timedelta(minutes=gap), sure=yes)


@voices.command(short_help="Choose the voice to talk to by default.")
@_voice_argument
@click.pass_context
def use(ctx: click.Context, /, voice: str) -> None:
    """Talk to this voice by default. NAME@N goes back to an older version."""
    from brain.terminal.voices_use import use_voice

    use_voice(ctx, _settings(ctx), voice)


@voices.command()
@_voice_argument
@click.option("--now", is_flag=True, help="For good, what was removed of it before as well.")
@_yes_option
@click.pass_context
def rm(ctx: click.Context, /, voice: str, now: bool, yes: bool) -> None:
    """Remove a voice or a version. It can be restored, unless it is removed --now."""
    from brain.terminal.voices_removed import purge_voice, remove_voice

    if now:
        purge_voice(_settings(ctx), voice, sure=yes)
    else:
        remove_voice(_settings(ctx), voice)


@voices.command()
@click.argument("voice", metavar="NAME[@N]")
@click.pass_context
def restore(ctx: click.Context, /, voice: str) -> None:
    """Bring a removed voice or version back."""
    from brain.terminal.voices_removed import restore_voice

    restore_voice(_settings(ctx).voices_dir, voice)


@voices.command(short_help="Write a voice out as a character card.")
@_voice_argument
@click.option(
    "--card", is_flag=True, expose_value=False, help="As a character card, V2: the one form there is, and the default."
)
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write here; - is standard output, the default.")
@click.option(
    "--examples",
    type=click.IntRange(0, 100),
    default=8,
    show_default=True,
    help="Exchanges to show in it, of a voice that was no card before.",
)
@click.option("--force", is_flag=True, help="Replace the FILE if there is one.")
@click.pass_context
def export(ctx: click.Context, /, voice: str, output: Path | None, examples: int, force: bool) -> None:
    """Write a voice out as a character card for other programs.

    A voice that came from a card leaves as that card, with everything that was in it.
    """
    from brain.terminal.voices_export import export_card

    export_card(_settings(ctx), voice, output, examples=examples, force=force)


def _settings(ctx: click.Context) -> Settings:
    from brain.config import load_settings

    return load_settings(settings_flags(ctx))
