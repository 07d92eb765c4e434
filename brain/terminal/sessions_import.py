"""Takes conversations in from a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brain.errors import DataError, NotFoundError
from brain.flags import note
from brain.terminal.counted import counted
from brain.terminal.progress import Progress
from brain.terminal.session_transcripts import planted
from brain.transcripts.reading import MAX_BYTES, Reading, read_transcripts

if TYPE_CHECKING:
    from collections.abc import Collection

    from brain.store.store import Store

_STDIN = "-"
_ALL = 2**31 - 1


def read_file(file: str, *, voice: str, always: bool) -> Reading:
    """The conversations of a file, or of standard input for "-".

    They are with `voice` where the file does not say with whom; with `always`, all are. Raises NotFoundError when there
    is no such file, and DataError, with place and fix, when it cannot be used.
    """
    now = datetime.now().astimezone()
    source = "standard input" if file == _STDIN else file
    reading = read_transcripts(_bytes(file), source, voice=voice, now=now)
    if not always:
        return reading
    return reading._replace(
        transcripts=tuple(transcript.model_copy(update={"voice": voice}) for transcript in reading.transcripts)
    )


def take_in(store: Store, reading: Reading, *, voices: Collection[str]) -> None:
    """Stores the conversations under new ids, printed one a line; what is worth knowing goes to standard error.

    One that is here already, as it was when the file was written, is not stored again.
    """
    here = {(info.voice, info.created, info.messages, info.first) for info in store.sessions(limit=_ALL)}
    note(f"{reading.form}: {counted(len(reading.transcripts), 'conversation')}")
    together = sys.stdout.isatty() and sys.stderr.isatty()  # the ids would end up on the line of the bar
    with Progress("conversations") as progress:
        if not together:
            progress.begin(len(reading.transcripts))
        for transcript in reading.transcripts:
            first = next((entry.content for entry in transcript.path if not entry.from_creator), "")
            if (transcript.voice, transcript.created, len(transcript.path), first) in here:
                progress.say(f"  Here already: {transcript.heading}")
                progress.tick()
                continue
            click.echo(planted(store, transcript))
            progress.say(f"  {transcript.heading} ({transcript.voice}, {counted(len(transcript.path), 'message')})")
            progress.tick()
    for what, number in reading.left_out.items():
        note(f"Left out: {counted(number, what)}")
    if any(entry.turn for transcript in reading.transcripts for entry in transcript.entries):
        note("Not in such a file: the exact messages that the model was sent. /why tells the rest.")
    for voice in sorted({transcript.voice for transcript in reading.transcripts} - {*voices}):
        note(f"There is no voice {voice} here yet; --as VOICE gives what is imported to another.")


def _bytes(file: str) -> bytes:
    try:
        if file == _STDIN:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(file).open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except FileNotFoundError as exc:
        raise NotFoundError(f"{file}: no such file", hint="Give the path of a file that exists.") from exc
    except IsADirectoryError as exc:
        raise DataError(f"{file}: is a folder", hint="Give the path of the file inside it.") from exc
    except OSError as exc:
        raise DataError(f"{file}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc
