"""`persona compile`: a voice from its conversations."""

from __future__ import annotations

from pathlib import Path

import click

from brain.flags import settings_flags

_TOLD_EVERY = 10_240


@click.command("compile")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--name", help="What the voice will be called; small letters, digits, - and _.")
@click.option(
    "--persona", metavar="FILE", type=click.Path(path_type=Path), help="Its persona.toml (default: beside FILE)."
)
@click.option("-k", type=click.IntRange(0, 64), help="Demos shown to the model each turn.")
@click.option("--policy", metavar="FILE", help="The operator's policy.toml.")
@click.pass_context
def compile_command(
    ctx: click.Context, file: Path | None, name: str | None, persona: Path | None, k: int | None, policy: str | None
) -> None:
    """Learn a voice from FILE, a conversations.json; without FILE, the bundled voice again.

    Every compile saves a new version: NAME@1, NAME@2 and so on. No model is asked and nothing leaves this machine.
    """
    from brain.config import load_settings
    from brain.voices import BUNDLED, bundled_data
    from optimizers.compile import compile_voice
    from optimizers.knn_few_shot import DEFAULT_K

    if file is not None and name is None:
        raise click.UsageError(f"The voice needs a name: persona compile {file} --name NAME")
    settings = load_settings(settings_flags(ctx, policy=policy))
    folder = compile_voice(
        settings,
        file or bundled_data() / "conversations.json",
        name=name or BUNDLED,
        persona=persona,
        k=DEFAULT_K if k is None else k,
        notes={"bundled": True} if file is None and name is None else None,
        tick=_tell,
    )
    label = f"{folder.parent.name}@{folder.name}"
    click.echo(f"✓ {label} is ready: {folder}")
    click.echo(f"  → persona chat {folder.parent.name}")


def _tell(done: int) -> None:
    """A line on standard error for every ten batches: fewer are embedded before anyone could ask."""
    if done % _TOLD_EVERY == 0:
        click.echo(f"{done:,} messages embedded", err=True)
