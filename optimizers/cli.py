"""`persona compile`: a voice from its conversations."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from brain.flags import INTERRUPTED, may_ask, model_options, note, settings_flags
from brain.shell_completion import complete_voice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.config import Settings
    from brain.lms.build import Model
    from brain.models import Draft, LabeledConversation
    from brain.modules.chat import ChatProgram
    from brain.origin import Origin
    from optimizers.listening import Listening
    from optimizers.optimize import Optimization

_METHODS = ("knn", "search", "bootstrap", "mipro", "gepa")
_HEARD = 60  # drafts: with 60 the best of four rose from 0.44 to 0.96 on the bundled voice, 48 held-out messages


def _complete_source(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """A voice there is, else a file; a shell cannot mix the two."""
    return complete_voice(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]


@click.command("compile")
@click.argument("source", metavar="[FILE|VOICE]", required=False, shell_complete=_complete_source)
@click.option("--name", help="What the voice will be called; small letters, digits, - and _.")
@click.option(
    "--persona", metavar="FILE", type=click.Path(path_type=Path), help="Its persona.toml (default: beside FILE)."
)
@click.option("-k", type=click.IntRange(0, 64), help="Demos shown to the model each turn.")
@click.option(
    "--with",
    "method",
    type=click.Choice(_METHODS),
    default="knn",
    show_default=True,
    help="What makes it better; all but knn ask the model, many times.",
)
@click.option(
    "--listen",
    type=click.IntRange(0),
    metavar="N",
    help="Drafts of the model to listen to first, an LM call each (default: 60 on the embedded model, else 0).",
)
@click.option("--prompts", type=click.IntRange(8), default=40, show_default=True, help="Conversations it practises on.")
@click.option(
    "--seconds", "bar", type=float, default=2.0, show_default=True, help="How long 19 turns in 20 may take at most."
)
@click.option("--budget", type=click.IntRange(1), metavar="N", help="LM calls at most.")
@click.option("--reflection-model", "reflection", metavar="SPEC", help="Proposes instructions (default: the model).")
@click.option(
    "--seed",
    type=click.IntRange(0, 1_000_000),
    default=0,
    show_default=True,
    help="Which conversations, and the model's dice.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask before it begins.")
@model_options
@click.pass_context
def compile_command(
    ctx: click.Context,
    /,
    source: str | None,
    name: str | None,
    persona: Path | None,
    k: int | None,
    listen: int | None,
    method: str,
    **flags: Any,
) -> int:
    """Learn a voice from FILE, a conversations.json, or VOICE again from what it was made of; else the bundled voice.

    Lessons kept with /keep are learned too. Every compile saves a new version: NAME@1, NAME@2 and so on. First the
    model is listened to: what sounds like it, and not like the client, is what the voice must avoid. That is all that
    knn asks of it. The others practise on one half of the conversations, and `persona eval` reports on the other. What
    they will cost is said first; stopped with Ctrl-C the best so far is saved, and the same command goes on where it
    was.
    """
    from brain.artifact import read_manifest
    from brain.bundled import bundled_data
    from brain.config import load_settings
    from brain.terminal.progress import Progress, stoppable
    from optimizers.compile import compile_voice
    from optimizers.knn_few_shot import DEFAULT_K

    wanted = {flag: flags.pop(flag) for flag in ("prompts", "bar", "budget", "reflection", "seed")}
    yes = flags.pop("yes")
    settings = load_settings(settings_flags(ctx, **flags))
    name, origin = _origin(settings.voices_dir, source, name, persona)
    optimization = None if method == "knn" else _optimization(settings, {"method": method, **wanted}, yes=yes)
    with stoppable("Stopped; no voice was saved. The same command begins again."), Progress() as progress:
        folder = compile_voice(
            settings,
            origin,
            name=name,
            k=DEFAULT_K if k is None else k,
            listening=_listening(settings, listen, bundled=origin.where.parent == bundled_data()),
            optimize=optimization,
            watcher=progress,
        )
    label = f"{folder.parent.name}@{folder.name}"
    click.echo(f"✓ {label} is ready: {folder}")
    _tell_lessons(read_manifest(folder).notes)
    if optimization is not None:
        return _how_it_ended(optimization, label)
    click.echo(f"  → persona chat {folder.parent.name}")
    return 0


def _origin(voices: Path, source: str | None, name: str | None, persona: Path | None) -> tuple[str, Origin]:
    """What the voice will be called, and what it is compiled from."""
    from brain.artifact import DATASET, is_name, versions
    from brain.bundled import BUNDLED, bundled_data
    from brain.origin import kept_origin, read_origin

    if source is not None and name is not None:
        return name, read_origin(Path(source), name, persona=persona)
    voice = source or name
    if voice is None or (source is None and not versions(voices, voice)):
        voice = voice or BUNDLED
        return voice, read_origin(bundled_data() / DATASET, voice, persona=persona)
    if is_name(voice.partition("@")[0]) and "@" in voice:
        raise click.UsageError(f"A voice is compiled without a version: persona compile {voice.partition('@')[0]}")
    if not is_name(voice) or (Path(voice).is_file() and not versions(voices, voice)):
        raise click.UsageError(f"The voice needs a name: persona compile {voice} --name NAME")
    return voice, kept_origin(voices, voice, persona=persona)


def _tell_lessons(notes: Mapping[str, Any]) -> None:
    """How many of the user's lessons the voice has learned."""
    learned, left_out = notes.get("lessons", 0), notes.get("lessons_left_out", 0)
    if learned:
        note(f"  {learned} {'lesson' if learned == 1 else 'lessons'} of yours in it")
    if left_out:
        note(f"  {left_out} of your lessons left out: the policy forbids the reply")


def _listening(settings: Settings, count: int | None, *, bundled: bool) -> Listening | None:
    """Which model to hear: the chosen one, or for the bundled voice what the embedded model said once."""
    from brain.bundled import bundled_data
    from brain.lms.build import EMBEDDED, build_model
    from brain.lms.quiet import silence_libraries
    from optimizers.listening import Listening, kept_drafts

    spec = settings.model or EMBEDDED
    if bundled and count is None and spec == EMBEDDED:
        return kept_drafts(bundled_data() / "drafts.jsonl", EMBEDDED)
    wanted = (_HEARD if spec == EMBEDDED else 0) if count is None else count
    if not wanted:
        return None
    silence_libraries()

    def drafts(program: ChatProgram, conversations: Sequence[LabeledConversation]) -> Sequence[Draft]:
        with closing(build_model(settings)) as model:
            return _heard(program, model, conversations, wanted)

    return Listening(spec, drafts)


def _heard(
    program: ChatProgram, model: Model, conversations: Sequence[LabeledConversation], wanted: int
) -> Sequence[Draft]:
    """Its drafts; those it has given so far when it fails or is stopped."""
    from brain.errors import PersonaError
    from brain.terminal.progress import Progress
    from optimizers.listening import listen

    count = min(wanted, len(program.replier.bank))
    drafts: list[Draft] = []
    ended = ""
    with Progress("drafts") as progress:
        progress.say(f"Listening to {model.spec}: {count} drafts, about a second each (Ctrl-C skips the rest)")
        progress.begin(count)
        try:
            for draft in listen(program, model, conversations, count=wanted, tell=progress.say):
                drafts.append(draft)
                progress.tick()
        except KeyboardInterrupt:
            ended = f"Stopped listening after {len(drafts)} drafts; the voice is compiled with those."
        except PersonaError as exc:
            ended = f"✗ {exc.message} The voice is compiled with the {len(drafts)} drafts heard so far."
    if ended:
        click.echo(ended, err=True)
    return drafts


def _optimization(settings: Settings, wanted: dict[str, Any], *, yes: bool) -> Optimization:
    from brain.lms.quiet import silence_libraries
    from brain.terminal.progress import Progress
    from optimizers.instructions import check_installed
    from optimizers.optimize import Optimization, Options

    silence_libraries()
    check_installed(wanted["method"])
    agree = (lambda: None) if yes else _agree if may_ask() else None
    return Optimization(settings, Options(**wanted), agree=agree, watcher=Progress())


def _agree() -> None:
    """Ends the command when the answer is no."""
    if not click.confirm("Go on?", default=True, err=True):
        note("Nothing was compiled.")
        raise click.exceptions.Exit(0)


def _how_it_ended(optimization: Optimization, label: str) -> int:
    """Says what was found, or what stopped it; the exit code."""
    found = optimization.found
    assert found is not None, "the voice was compiled with it"
    before, after = (found.scores.get(name) for name in ("practice_headline_before", "practice_headline"))
    if before is not None and after is not None:
        doubt = ", in doubt" if "in_doubt" in found.notes["optimizer"] else ""
        click.echo(
            f"  {optimization.changed}: headline {after:.2f} on its practice prompts, {before:.2f} before{doubt}"
        )
    else:
        click.echo("  Nothing better than the default was found.")
    click.echo(f"  → persona eval {label}")
    if found.why is None:
        return 0
    click.echo(f"✗ Stopped early, the best so far is saved: {found.why}", err=True)
    if found.failure and found.failure.hint:
        click.echo(f"  → {found.failure.hint}", err=True)
    click.echo("  → The same command goes on from there.", err=True)
    if found.interrupted:
        return INTERRUPTED
    return found.failure.exit_code if found.failure else 0
