"""`persona audit`: what the filter did, and whether the log of it is whole. It holds no words unless it was told to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brain.errors import DataError
from brain.flags import errors_as_json, settings_flags
from brain.terminal.audit_export import FORMATS, write_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.audit import Audit, AuditEntry

_FILE = click.Path(path_type=Path)
_file_argument = click.argument("file", required=False, type=_FILE)
_json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
_since_option = click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), metavar="DATE", help="From then on, in UTC."
)


@click.group()
def audit() -> None:
    """Read, check and export the log of what the filter did.

    Every turn is one line: when, in which conversation (hashed), under which policy, what the rules said and what was
    done. FILE is the log of the current user unless another one is given.
    """


@audit.command()
@_file_argument
@click.option("--expect", metavar="HASH", help="A hash noted earlier; the log must still hold that entry.")
@_json_option
@click.pass_context
def verify(ctx: click.Context, /, file: Path | None, expect: str | None, as_json: bool) -> int:
    """Check that no line of the log was changed, removed, moved or put in.

    That its end was cut off shows only against a hash that was noted elsewhere: keep the last hash this command
    prints, and give it with --expect next time. The exit code is 65 when something is wrong.
    """
    with errors_as_json(as_json):
        from brain.audit import verify as follow
        from brain.terminal.json_lines import as_line

        path = file or _current(ctx)
        found = follow(path, expect=expect)
    if as_json:
        click.echo(as_line({"file": str(path), "sound": found.sound, **found.model_dump(mode="json")}), nl=False)
    else:
        _tell(path, found)
    return 0 if found.sound else DataError.exit_code


@audit.command()
@_file_argument
@_since_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True, help="What to write.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write here instead of to standard output.")
@click.pass_context
def export(ctx: click.Context, /, file: Path | None, since: datetime | None, form: str, output: Path | None) -> int:
    """Write out the entries of the log, oldest first.

    Lines that were changed are left out; the exit code is then 65.
    """
    from brain.audit import verify as follow

    path = file or _current(ctx)
    found = follow(path)
    write_entries(_entries(path, since), form, output)
    if not found.sound:
        click.echo(f"✗ {path}: {_wrong(found)}", err=True)
        return DataError.exit_code
    return 0


@audit.command()
@_file_argument
@_since_option
@click.option("-n", "--last", type=click.IntRange(0), default=20, show_default=True, help="How many turns to list.")
@_json_option
@click.pass_context
def show(ctx: click.Context, /, file: Path | None, since: datetime | None, last: int, as_json: bool) -> None:
    """Count what was found and done, safety routes apart, and list the last turns."""
    with errors_as_json(as_json):
        from brain.audit import verify
        from brain.terminal.audit_show import counted, print_counts

        counts = counted(_entries(file or _current(ctx), since), last=last)
        if as_json:
            click.echo(counts.model_dump_json())
        else:
            print_counts(counts)
            if not verify(file or _current(ctx)).sound:
                click.echo("✗ This log is not whole: persona audit verify says where.", err=True)


def _current(ctx: click.Context) -> Path:
    from brain.audit_log import log_path
    from brain.config import load_settings

    return log_path(load_settings(settings_flags(ctx)))


def _entries(path: Path, since: datetime | None) -> Iterator[AuditEntry]:
    from brain.audit import entries

    start = since.replace(tzinfo=UTC) if since else None
    return (entry for entry in entries(path) if start is None or entry.time >= start)


def _tell(path: Path, found: Audit) -> None:
    span = f", {found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC" if found.first and found.last else ""
    click.echo(f"✓ {path}: whole" if found.sound else f"✗ {path}: {_wrong(found)}")
    click.echo(f"  sound entries: {found.entries:,}{span}")
    if found.torn:
        click.echo(f"  torn by a process that was stopped while it wrote: {found.torn}")
    if found.entries:
        click.echo(f"  last hash: {found.head}")


def _wrong(found: Audit) -> str:
    return f"line {found.broken:,} {found.why}" if found.broken else found.why
