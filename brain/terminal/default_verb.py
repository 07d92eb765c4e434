"""A noun of the command line, such as `sessions`: without a verb it lists what there is."""

from __future__ import annotations

import click

from brain.setting_words import nearest

_HELP = {"-h", "--help"}


class DefaultVerb(click.Group):
    """A group whose verb is `list` when none is given; options that come first belong to it."""

    default = "list"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        none = not args or (args[0].startswith("-") and not _HELP & {*args})
        if none and not ctx.resilient_parsing:  # a shell that completes wants the verbs
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With a suggestion for a mistyped verb."""
        if args and args[0] not in self.commands and not ctx.resilient_parsing:
            near = nearest(args[0], tuple(self.commands))
            ctx.fail(f"No such command '{args[0]}'." + (f" Did you mean '{near}'?" if near else ""))
        return super().resolve_command(ctx, args)
