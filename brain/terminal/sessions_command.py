"""`persona sessions`: the conversations that were kept, and their ways out, in and away."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brain.flags import errors_as_json, settings_flags
from brain.places import DEFAULT_VOICE, stored_name, voice_names
from brain.shell_completion import complete_voice
from brain.terminal.default_verb import DefaultVerb
from brain.transcripts.forms import FORMS, Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.config import Settings
    from brain.store.store import Store

_ALL = 2**31 - 1
_FILE = click.Path(path_type=Path)
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
_session_argument = click.argument("session")


_voice_option = click.option(
    "-v", "--voice", metavar="NAME", shell_complete=complete_voice, help="Only those with this voice."
)


@click.group(cls=DefaultVerb)
def sessions() -> None:
    """List, search, read, export, import and remove conversations.

    SESSION is an id, the beginning of one, a title, or words that were said; of several the newest is taken.
    """


@sessions.command("list")
@_voice_option
@click.option("-n", "--limit", type=click.IntRange(1), default=50, show_default=True, help="How many, newest first.")
@click.option("--removed", is_flag=True, help="Those that were removed and can be restored.")
@_json_option
@click.pass_context
def list_sessions(ctx: click.Context, /, voice: str | None, limit: int, removed: bool, as_json: bool) -> None:
    """List conversations, the newest first."""
    with errors_as_json(as_json), _store(ctx) as store:
        found = store.sessions(voice=voice and stored_name(voice), limit=limit + 1, removed=removed)
    from brain.terminal.sessions_list import print_sessions, sessions_document

    if as_json:
        click.echo(sessions_document(found[:limit]))
    else:
        print_sessions(found, limit=limit, removed=removed, voice=voice)


@sessions.command()
@click.argument("words", nargs=-1, required=True)
@_voice_option
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many at most.")
@_json_option
@click.pass_context
def search(ctx: click.Context, /, words: tuple[str, ...], voice: str | None, limit: int, as_json: bool) -> None:
    """Find conversations in which WORDS were said, or which have them in their title."""
    with errors_as_json(as_json), _store(ctx) as store:
        found = store.search(" ".join(words), voice=voice and stored_name(voice), limit=limit)
    from brain.terminal.sessions_found import found_document, print_found

    if as_json:
        click.echo(found_document(found))
    else:
        print_found(found, words)


@sessions.command()
@_session_argument
@_json_option
@click.pass_context
def show(ctx: click.Context, /, session: str, as_json: bool) -> None:
    """Read a conversation.

    With --json it comes with every branch.
    """
    with errors_as_json(as_json), _store(ctx) as store:
        from brain.terminal.session_transcripts import taken_from

        transcript = taken_from(store, store.find(session))
    from brain.terminal.sessions_show import print_transcript, transcript_document

    if as_json:
        click.echo(transcript_document(transcript))
    else:
        print_transcript(transcript)


@sessions.command()
@click.argument("session", required=False)
@click.option("-f", "--format", "form", type=click.Choice(FORMS), help="md, unless the FILE's ending says another.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write here; - is standard output, the default.")
@click.option("--all", "everything", is_flag=True, help="All conversations, as json or jsonl.")
@_voice_option
@click.option("--force", is_flag=True, help="Replace the FILE if there is one.")
@click.pass_context
def export(
    ctx: click.Context,
    /,
    session: str | None,
    form: Form | None,
    output: Path | None,
    everything: bool,
    voice: str | None,
    force: bool,
) -> None:
    """Write out a conversation, or all of them.

    json keeps everything, branches too, but not the exact messages that the model was sent. jsonl is the chat format of
    OpenAI, tavern that of SillyTavern. md and html are for people.
    """
    if bool(session) == everything:
        raise click.UsageError("Give a SESSION, or --all.", ctx)
    from brain.terminal.sessions_export import export_sessions, form_of

    chosen = form_of(form, output, everything=everything)
    with _store(ctx) as store:
        kept = store.sessions(voice=voice and stored_name(voice), limit=_ALL) if everything else ()
        wanted = [each.id for each in kept] if everything else [store.find(session or "")]
        export_sessions(store, wanted, chosen, output, force=force)


@sessions.command("import")
@click.argument("file")
@click.option("--as", "voice", metavar="VOICE", shell_complete=complete_voice, help="With whom the talk was.")
@click.pass_context
def import_sessions(ctx: click.Context, /, file: str, voice: str | None) -> None:
    """Read conversations from FILE, or from standard input for - .

    Taken are our own json, OpenAI's chat jsonl and SillyTavern's chats. Their ids are printed, one a line.
    """
    from brain.terminal.sessions_import import read_file, take_in

    settings = _settings(ctx)
    read = read_file(file, voice=stored_name(voice or settings.voice), always=voice is not None)
    with _store(ctx) as store:
        take_in(store, read, voices=(DEFAULT_VOICE, *voice_names(settings.home)))


@sessions.command()
@_session_argument
@click.argument("title", nargs=-1, required=True)
@click.pass_context
def rename(ctx: click.Context, /, session: str, title: tuple[str, ...]) -> None:
    """Give a conversation a TITLE."""
    from brain.terminal.sessions_change import rename_session

    with _store(ctx) as store:
        rename_session(store, session, " ".join(title))


@sessions.command()
@click.argument("sessions", nargs=-1, required=True, metavar="SESSION...")
@click.option("--now", is_flag=True, help="For good: no trace is left on the disk.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def rm(ctx: click.Context, /, sessions: tuple[str, ...], now: bool, yes: bool) -> None:
    """Remove conversations. They can be restored, unless they are removed --now."""
    from brain.terminal.sessions_change import purge_sessions, remove_sessions

    with _store(ctx) as store:
        if now:
            purge_sessions(store, sessions, sure=yes)
        else:
            remove_sessions(store, sessions)


@sessions.command()
@_session_argument
@click.pass_context
def restore(ctx: click.Context, /, session: str) -> None:
    """Bring a removed conversation back."""
    from brain.terminal.sessions_change import restore_session

    with _store(ctx) as store:
        restore_session(store, session)


def _settings(ctx: click.Context) -> Settings:
    from brain.config import load_settings

    return load_settings(settings_flags(ctx))


@contextmanager
def _store(ctx: click.Context) -> Iterator[Store]:
    from brain.store.store import Store

    store = Store(_settings(ctx).store_url)
    try:
        yield store
    finally:
        store.close()
