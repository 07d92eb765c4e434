"""`persona completion`: the script that makes a shell complete commands, options and voices."""

from __future__ import annotations

import sys

import click

_PLACES = {
    "bash": "mkdir -p ~/.local/share/bash-completion/completions\n"
    "persona completion bash > ~/.local/share/bash-completion/completions/persona",
    "zsh": "mkdir -p ~/.zfunc\npersona completion zsh > ~/.zfunc/_persona\n"
    "# and in ~/.zshrc, before compinit: fpath+=~/.zfunc",
    "fish": "mkdir -p ~/.config/fish/completions\npersona completion fish > ~/.config/fish/completions/persona.fish",
}


@click.command(hidden=True)
@click.argument("shell", type=click.Choice(tuple(_PLACES)))
@click.pass_context
def completion(ctx: click.Context, /, shell: str) -> None:
    """Print the completion script of a shell, to be kept where the shell looks for it."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None, "click knows all three"
    click.echo(script(ctx.find_root().command, {}, "persona", "_PERSONA_COMPLETE").source())
    if shell == "bash":
        click.echo("COMP_WORDBREAKS=${COMP_WORDBREAKS//@/}  # or NAME@2 would be two words")
    if sys.stdout.isatty():
        click.echo(f"To install it, run this and open a new shell:\n\n{_PLACES[shell]}", err=True)
