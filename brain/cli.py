"""`persona …`: every command imports late, so that `--help` and completion cost next to nothing."""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from brain.flags import INTERRUPTED, NO_INPUT, QUIET, say_error
from brain.places import cache_dir, home_of
from brain.setting_words import nearest
from brain.shell_completion import complete_folder

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class _Listed(NamedTuple):
    """A command as it is known before it is imported; one in no section is not shown."""

    section: str
    where: str
    does: str


_COMMANDS = {
    "chat": _Listed("Talk", "brain.terminal.chat_command:chat", "Talk to a voice in the terminal."),
    "ask": _Listed("Talk", "brain.terminal.ask_command:ask", "One reply on standard output."),
    "compile": _Listed("Voices", "optimizers.cli:compile_command", "Learn a voice from its real conversations."),
    "eval": _Listed("Voices", "evals.cli:eval_command", "Score a voice on its own conversations."),
    "score": _Listed("Voices", "evals.score_cli:score_command", "Score replies against a client's real ones."),
    "voices": _Listed("Voices", "brain.terminal.voices_command:voices", "List, add, choose and remove voices."),
    "sessions": _Listed(
        "What is said", "brain.terminal.sessions_command:sessions", "Find, read, export and remove conversations."
    ),
    "policy": _Listed(
        "What is said", "brain.terminal.policy_command:policy", "Show what is forbidden, and try texts against it."
    ),
    "audit": _Listed(
        "What is said", "brain.terminal.audit_command:audit", "Read, check and export the log of what the filter did."
    ),
    "config": _Listed("Setup", "brain.terminal.config_command:config", "Show and change settings."),
    "doctor": _Listed("Setup", "brain.terminal.doctor_command:doctor", "Check what is installed and configured."),
    "completion": _Listed("", "brain.terminal.completion_command:completion", "Print a shell's completion script."),
}
_SHOWN = tuple(name for name, listed in _COMMANDS.items() if listed.section)


class LazyGroup(click.Group):
    """Imports a command only when it runs; its name, help line and completion are known without."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_SHOWN)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name].where.partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        longest = max(map(len, _SHOWN))
        for section in dict.fromkeys(listed.section for listed in _COMMANDS.values() if listed.section):
            with formatter.section(section):
                formatter.write_dl(
                    [(f"{name:{longest}}", each.does) for name, each in _COMMANDS.items() if each.section == section]
                )

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Commands and the group's own options; click would import every command for its help line."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=_COMMANDS[name].does) for name in _SHOWN if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With a suggestion for a mistyped name; click would look only among the commands it has imported."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            near = nearest(args[0], _SHOWN)
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near}'?" if near else ""))
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
@click.option(
    "--home",
    metavar="DIR",
    help="Keep everything in this folder instead of the user's own.",
    shell_complete=complete_folder,
)
@click.option("--no-color", is_flag=True, help="Nothing coloured, bold or dim, as with NO_COLOR=1.")
@click.option("--no-input", is_flag=True, help="Never ask; what would be asked fails, or takes the careful answer.")
@click.option("-q", "--quiet", is_flag=True, help="No notes on standard error; errors are still told.")
@click.pass_context
def persona(ctx: click.Context, /, home: str | None, no_color: bool, no_input: bool, quiet: bool) -> None:
    """Chat in a real person's own voice, learned from their conversations.

    Without a command: `chat` in a terminal, `ask` when text is piped in.
    """
    ctx.obj = {"home": home}
    ctx.meta.update({NO_INPUT: no_input, QUIET: quiet})
    if no_color:
        os.environ["NO_COLOR"] = "1"
    folder = home_of(ctx.obj, os.environ)
    os.environ.setdefault("DSPY_CACHEDIR", str(cache_dir(folder) / "dspy"))  # not in a folder of its own
    if ctx.invoked_subcommand is None:
        name = "chat" if sys.stdin.isatty() else "ask"
        command = ctx.command.get_command(ctx, name) if isinstance(ctx.command, LazyGroup) else None
        assert command is not None, "both commands are ours"
        ctx.invoke(command)


def main() -> int:
    """Runs the command line; returns its exit code (see brain.errors)."""
    os.umask(0o077)  # whatever is written, by us or by a library, holds private talk
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")  # or dspy asks the network for a price list
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # where it is not UTF-8, some letters do not fit
    from brain.errors import PersonaError, UnavailableError

    try:
        result = persona.main(prog_name=_prog_name(), standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Abort:
        return INTERRUPTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except click.ClickException as exc:
        exc.show()
        if {"--json", "--jsonl"} & {*sys.argv}:
            _usage_as_json(exc)
        return exc.exit_code
    except PersonaError as exc:
        say_error(exc)
        return exc.exit_code
    except OSError as exc:  # a full disk, or a folder of ours that is none
        what = f"{exc.filename}: {exc.strerror}" if exc.filename else str(exc.strerror or exc)
        say_error(UnavailableError(what, hint="Check its permissions and the room on the disk."))
        return UnavailableError.exit_code


def _usage_as_json(error: click.ClickException) -> None:
    """The one document that --json promises, also for a command line that click refuses."""
    document = {"code": "usage", "message": error.format_message(), "hint": "", "retry_after": None}
    click.echo(json.dumps({"error": document}))


def _prog_name() -> str:
    return "python -m brain" if sys.argv and sys.argv[0].endswith("__main__.py") else "persona"


if __name__ == "__main__":
    raise SystemExit(main())
