"""`persona policy sanitise`: the two copies of a text, the one people see and the one that is searched."""

from __future__ import annotations

from typing import Any

import click

from brain.flags import errors_as_json
from brain.terminal.given_text import given_text

_EXAMPLE = '{"id": 1, "text": "hey"}'


@click.command()
@click.argument("text", required=False)
@click.option("--jsonl", metavar="FILE", help="Clean a text a line; - for standard input.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def sanitise(ctx: click.Context, /, text: str | None, jsonl: str | None, as_json: bool) -> int:
    """Show TEXT, or standard input when TEXT is - or missing, as people see it and as the rules read it.

    With --jsonl each line is {"id": …, "text": …}, and gets {"id", "display", "match"}, at once and in order. A line
    that cannot be read gets an error instead, the rest go on, and the exit code is then 65.
    """
    if jsonl is not None and text is not None:
        raise click.UsageError("--jsonl brings its own texts. Leave out TEXT.", ctx)
    with errors_as_json(as_json or jsonl is not None):
        if jsonl is not None:
            return _lines(jsonl)
        copies = _copies(given_text(text, hint='persona policy sanitise "hey"'))
        if as_json:
            from brain.terminal.json_lines import as_line

            click.echo(as_line(copies), nl=False)
        else:
            click.echo(f"display  {copies['display']}\nmatch    {copies['match']}")
        return 0


def _lines(source: str) -> int:
    from brain.terminal.json_lines import answer_lines
    from brain.terminal.policy_text import SanitiseLine

    def answer(line: SanitiseLine) -> dict[str, Any]:
        return {"id": line.id, **_copies(line.text)}

    return answer_lines(source, SanitiseLine, answer, example=_EXAMPLE)


def _copies(text: str) -> dict[str, str]:
    from brain.policy.fold import fold
    from brain.sanitise import display

    shown = display(text)
    return {"display": shown, "match": fold(shown).text}
