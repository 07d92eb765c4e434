"""`persona …`: every command imports late, so that `--help` and completion cost next to nothing."""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from brain.errors import PersonaError

INTERRUPTED = 130
_COMMANDS = {
    "chat": ("brain.terminal.chat_command:chat", "Talk to a voice in the terminal."),
    "ask": ("brain.terminal.ask_command:ask", "One reply on standard output."),
    "compile": ("optimizers.cli:compile_command", "Learn a voice from its real conversations."),
    "eval": ("evals.cli:eval_command", "Score a voice on its own conversations."),
    "score": ("evals.score_cli:score_command", "Score replies against a client's real ones."),
    "policy": ("brain.terminal.policy_command:policy", "Show what is forbidden, and try texts against it."),
    "audit": ("brain.terminal.audit_command:audit", "Read, check and export the log of what the filter did."),
    "doctor": ("brain.terminal.doctor_command:doctor", "Check what is installed and configured."),
}


class LazyGroup(click.Group):
    """Imports a command only when it runs; its name, help line and completion are known without."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With a suggestion for a mistyped name; click would look only among the commands it has imported."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near[0]}'?" if near else ""))
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"persona {version('persona-brain')}")
        ctx.exit()


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-V", "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
)
@click.option("--home", metavar="DIR", help="Keep everything in this folder instead of the user's own.")
@click.pass_context
def persona(ctx: click.Context, home: str | None) -> None:
    """Chat in a real person's own voice, learned from their conversations.

    Without a command: `chat` in a terminal, `ask` when text is piped in.
    """
    ctx.obj = {"home": home}
    if ctx.invoked_subcommand is None:
        name = "chat" if sys.stdin.isatty() else "ask"
        command = ctx.command.get_command(ctx, name) if isinstance(ctx.command, LazyGroup) else None
        assert command is not None, "both commands are ours"
        ctx.invoke(command)


def main() -> int:
    """Runs the command line; returns its exit code (see brain.errors)."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # or dspy asks the network for a price list
    from brain.errors import PersonaError

    try:
        result = persona.main(prog_name=_prog_name(), standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except click.ClickException as exc:
        exc.show()
        return exc.exit_code
    except PersonaError as exc:
        say_error(exc)
        return exc.exit_code


def say_error(error: PersonaError) -> None:
    """What happened and what next, on standard error."""
    click.echo(f"✗ {error.message}", err=True)
    if error.hint:
        click.echo(f"  → {error.hint}", err=True)


def _prog_name() -> str:
    return "python -m brain" if sys.argv and sys.argv[0].endswith("__main__.py") else "persona"


if __name__ == "__main__":
    raise SystemExit(main())
