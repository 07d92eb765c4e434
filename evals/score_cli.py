"""`persona score`: how much replies that came from anywhere sound like a client, and whether they answer."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from brain.errors import DataError, NotFoundError
from brain.flags import note, settings_flags
from brain.shell_completion import complete_voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from brain.models import LabeledConversation
    from evals.reply_lines import BadLine, ReplyLine
    from evals.reply_scores import Measures

_HELD_UP = 200  # replies that are learned in about a second


@click.command("score")
@click.option(
    "--voice",
    metavar="VOICE",
    shell_complete=complete_voice,
    help="A compiled voice: NAME, NAME@VERSION or its folder.",
)
@click.option("--train", metavar="FILE", type=click.Path(path_type=Path), help="A client's conversations.json.")
@click.option(
    "--jsonl",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    required=True,
    help="The replies, one a line; - for standard input.",
)
@click.option(
    "--background",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Another client's conversations.json, to tell them apart too; may be repeated.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="The dice of the intervals.")
@click.pass_context
def score_command(
    ctx: click.Context, /, voice: str | None, train: Path | None, jsonl: str, background: tuple[Path, ...], seed: int
) -> int:
    """Score replies in groups against the client of a VOICE or of a --train FILE.

    A line is {"id": …, "reply": …, "context"?: [{"role": "user" or "assistant", "content": …}], "group"?: …}. It gets
    a line with flags and notes, in the same order; then each group gets one with its scores: 0 is the other party
    (for fit, a random reply of the client's), 1 the client's own. A bad line gets an error, and the rest go on; the
    exit code is then 65.
    """
    if (voice is None) == (train is None):
        raise click.UsageError("Give either --voice VOICE or --train FILE, to say whose voice it should be.", ctx)
    from brain.terminal.progress import stoppable

    with stoppable("Stopped; nothing more is scored. Run it again."):
        lines = _read(jsonl)
        conversations = _conversations(ctx, voice, train)
        return _print(lines, _measures(conversations, background, seed), seed)


def _read(source: str) -> list[ReplyLine | BadLine]:
    from evals.reply_lines import SHAPE, read_lines

    if source == "-":
        name = "standard input"
        content = b"" if sys.stdin.isatty() else sys.stdin.buffer.read()
    else:
        name = source
        try:
            content = Path(source).read_bytes()
        except OSError as exc:
            raise NotFoundError(
                f"{source}: cannot be read ({exc.strerror})", hint="Give a file of replies, one a line, or -."
            ) from exc
    lines = read_lines(content)
    if not lines:
        raise DataError(f"{name}: holds no reply", hint=f"Write one a line: {SHAPE}")
    return lines


def _conversations(ctx: click.Context, voice: str | None, train: Path | None) -> Sequence[LabeledConversation]:
    if train is not None:
        from brain.dataset import load_conversations

        return load_conversations(train)
    from brain.config import load_settings
    from brain.voices import open_artifact

    settings = load_settings(settings_flags(ctx, voice=voice))
    return open_artifact(settings, say=note).conversations()


def _measures(conversations: Sequence[LabeledConversation], background: Iterable[Path], seed: int) -> Measures:
    from brain.dataset import load_conversations
    from brain.lms.embedder import load_embedder
    from evals.fit import fit_measure
    from evals.reply_scores import Measures
    from evals.voice import voice_of

    others = [one.output for file in background for one in load_conversations(file)]
    if len(conversations) + len(others) >= _HELD_UP:
        note(f"Learning the voice from {len(conversations):,} replies…")
    voice = voice_of(conversations, background=others, seed=seed)
    return Measures(voice, fit_measure(conversations, load_embedder(), seed=seed))


def _print(lines: Sequence[ReplyLine | BadLine], measures: Measures, seed: int) -> int:
    """A document a line; returns the exit code."""
    from brain.terminal.progress import Progress
    from evals.reply_lines import BadLine
    from evals.reply_scores import score_lines

    groups = {json.dumps(line.group) for line in lines if not isinstance(line, BadLine)}
    try:
        with Progress("lines", quiet=sys.stdout.isatty() or None) as progress:
            progress.begin(len(lines) + len(groups))
            for document in score_lines(lines, measures, seed=seed):
                sys.stdout.write(_one_line(document))
                progress.tick()
        sys.stdout.flush()
    except BrokenPipeError:
        # What is still buffered has nowhere to go: https://docs.python.org/3/library/signal.html#note-on-sigpipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        note("Stopped: whatever read the output has closed it. Write to a file to keep everything.")
        return 0
    bad = sum(isinstance(line, BadLine) for line in lines)
    if bad:
        note(f"{bad} of {len(lines)} lines could not be scored; each says why.")
    return DataError.exit_code if bad else 0


def _one_line(document: dict[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=False)
    encodable = text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)
    return (text if encodable else json.dumps(document)) + "\n"
