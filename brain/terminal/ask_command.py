"""`persona ask`: one reply on standard output and nothing else, as text, as one JSON document, or a document a line."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from brain.errors import DataError
from brain.flags import candidates_option, errors_as_json, model_options, note, settings_flags
from brain.patience import patiently_now
from brain.shell_completion import complete_voice

if TYPE_CHECKING:
    from brain.answering import Voice
    from brain.audit_log import Recorder
    from brain.lms.build import Model
    from brain.models import Turn
    from brain.terminal.opening import Wish

_WAITS = 1  # for a rate limit: whoever asks one question can ask it again


@click.command()
@click.argument("text", required=False)
@click.option(
    "--as",
    "voice",
    metavar="VOICE",
    shell_complete=complete_voice,
    help="Who answers (default: the voice you chose).",
)
@click.option("-c", "--continue", "latest", is_flag=True, help="Go on with the last conversation, and keep this in it.")
@click.option("-r", "--resume", "words", metavar="WORDS", help="Or with the one these words find, or this id.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document with the reply and why.")
@click.option("--jsonl", is_flag=True, help="Read a request a line, write a document a line.")
@candidates_option
@model_options
@click.pass_context
def ask(
    ctx: click.Context,
    /,
    text: str | None,
    voice: str | None,
    latest: bool,
    words: str | None,
    as_json: bool,
    jsonl: bool,
    **flags: Any,
) -> int:
    """One reply to TEXT, or to standard input when TEXT is - or missing; kept only with -c or -r.

    With --jsonl each line of standard input (or of the file TEXT) is a request: {"id": …, "messages": [{"role":
    "user" or "assistant", "content": …, "timestamp"?: …}], "now"?: ISO 8601}. A line that fails gets an error document,
    the rest go on, and the exit code is that of the first such line.
    """
    if jsonl and (latest or words):
        raise click.UsageError("A request of --jsonl carries its own conversation: leave out -c and -r.")
    with errors_as_json(as_json or jsonl):
        if latest or words:
            from brain.terminal.opening import Wish

            return _ask_in(ctx, text, voice, Wish(latest, words), as_json=as_json, flags=flags)
        return _ask(ctx, text, voice, as_json=as_json, jsonl=jsonl, flags=flags)


def _ask_in(
    ctx: click.Context, text: str | None, voice: str | None, wish: Wish, *, as_json: bool, flags: dict[str, Any]
) -> int:
    """Asks in a conversation of the store, where message and reply are kept as in a chat."""
    import asyncio

    from brain.config import load_settings
    from brain.safety.notices import Notices
    from brain.terminal.opening import open_chat

    given = _given(text)
    opening = open_chat(load_settings(settings_flags(ctx, voice=voice, **flags)), wish=wish, say=note)
    session = opening.session
    with closing(session.store), closing(session.model):
        turn = asyncio.run(session.say(given, tell=note))
    notice = Notices.of(session.voice.program.persona).start
    _say(turn, notice, as_json=as_json, more={"session": session.conversation})
    return 0


def _ask(
    ctx: click.Context, text: str | None, voice: str | None, *, as_json: bool, jsonl: bool, flags: dict[str, Any]
) -> int:
    from brain.answering import answer_now
    from brain.audit_log import build_recorder
    from brain.config import load_settings
    from brain.lms.build import build_model
    from brain.lms.quiet import silence_libraries
    from brain.models import Conversation, Message
    from brain.safety.notices import Notices
    from brain.session import local_now, readable
    from brain.voices import open_voice

    silence_libraries()
    settings = load_settings(settings_flags(ctx, voice=voice, **flags))
    if not jsonl:
        message = Message(from_creator=False, content=readable(_given(text)), timestamp=local_now())
    with closing(build_model(settings)) as model:
        opened = open_voice(settings, model, say=note)
        record = build_recorder(settings, opened.program.filter.rules.policy, warn=note)
        if jsonl:
            return _answer_lines(text, opened, model, record)
        conversation, now = Conversation(messages=(message,)), local_now()
        turn = patiently_now(
            lambda: answer_now(opened, model, conversation, now),
            tell=note,
            most=_WAITS,
            guess=sys.stderr.isatty(),  # a script knows from the exit code that it may ask again
        )
        record(turn, None)
    _say(turn, Notices.of(opened.program.persona).start, as_json=as_json)
    return 0


def _say(turn: Turn, notice: str, *, as_json: bool, more: dict[str, Any] | None = None) -> None:
    if as_json:
        click.echo(json.dumps({**_document(turn), "notice": notice, **(more or {})}))
        return
    if sys.stderr.isatty():
        click.echo(notice, err=True)
    click.echo(turn.reply)


def _given(text: str | None) -> str:
    if text is not None and text != "-":
        return text
    if sys.stdin.isatty():
        raise DataError("There is nothing to answer.", hint='persona ask "how was your day?"')
    return sys.stdin.buffer.read().decode(errors="replace")


def _answer_lines(source: str | None, voice: Voice, model: Model, record: Recorder) -> int:
    from brain.answering import answer_now
    from brain.session import local_now
    from brain.terminal.json_lines import answer_lines
    from brain.terminal.requests import EXAMPLE, Request

    def answer(request: Request) -> dict[str, Any]:
        conversation, now = request.conversation(), request.now or local_now()
        turn = patiently_now(partial(answer_now, voice, model, conversation, now), tell=note)
        record(turn, None)
        return {"id": request.id, **_document(turn)}

    return answer_lines(source or "-", Request, answer, example=EXAMPLE)


def _document(turn: Turn) -> dict[str, Any]:
    return {
        "reply": turn.reply,
        "voice": turn.voice,
        "model": turn.model,
        "situation": turn.situation,
        "verdict": turn.verdict.model_dump(include={"allowed", "category", "layer", "action"}),
        "demos": [demo.model_dump(include={"id", "similarity"}) for demo in turn.demos],
        "usage": turn.usage.model_dump(),
    }
