"""`persona policy check`: whether a text may be said, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from brain.flags import errors_as_json, note, settings_flags
from brain.terminal.given_text import given_text

if TYPE_CHECKING:
    from brain.models import Message
    from brain.terminal.policy_text import Checker, Speaker

NOT_ALLOWED = 3
_HINT = 'persona policy check "see you on the other app"'


@click.command()
@click.argument("text", required=False)
@click.option(
    "--role",
    type=click.Choice(["reply", "fan"]),
    default="reply",
    show_default=True,
    help="Whose text it is: a reply to be sent, or what the other person wrote.",
)
@click.option("--context", metavar="FILE", help="What was said before: a message a line, as in --jsonl, oldest first.")
@click.option("--jsonl", metavar="FILE", help="Check a text a line; - for standard input.")
@click.option(
    "--judge",
    type=click.Choice(["off", "auto"]),
    default="off",
    show_default=True,
    help="With auto an able model is asked where the rules are unsure.",
)
@click.option("-m", "--model", help="The model that judges, with --judge auto.")
@click.option("--policy", metavar="FILE", help="The operator's policy.toml.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def check(
    ctx: click.Context,
    /,
    text: str | None,
    role: Speaker,
    context: str | None,
    jsonl: str | None,
    as_json: bool,
    **flags: Any,
) -> int:
    """Say whether TEXT, or standard input when TEXT is - or missing, may be sent, and which rule says so.

    The exit code is 0 when it may, and 3 when it may not.

    With --jsonl each line is {"id": …, "text": …, "role"?: "reply" or "fan", "context"?: [{"role": "user" or
    "assistant", "content": …}]}, and gets a line with id, allowed, unsure, category, layer, rule, evidence and
    confidence, at once and in order. A line that cannot be read gets an error instead, the rest go on, and the exit
    code is then 65, else 0.
    """
    if jsonl is not None and (text is not None or context is not None):
        raise click.UsageError("--jsonl brings its own texts and contexts. Leave out TEXT and --context.", ctx)
    with errors_as_json(as_json or jsonl is not None):
        checker = _checker(settings_flags(ctx, **flags))
        if jsonl is not None:
            return _check_lines(jsonl, checker, role)
        return _check_one(given_text(text, hint=_HINT), checker, role, _turns(context), as_json=as_json)


def _checker(flags: dict[str, Any]) -> Checker:
    from brain.bundled import policy_file
    from brain.config import load_settings
    from brain.policy.policy_file import load_policy
    from brain.policy.rules import Rules
    from brain.safety.routes import Routes
    from brain.terminal.policy_judge import judge_for
    from brain.terminal.policy_text import Checker

    settings = load_settings(flags)
    rules = Rules(load_policy(policy_file(settings)))
    return Checker(
        rules,
        Routes(settings.voice.partition("@")[0]),
        judge_for(settings, say=note),
    )


def _check_one(text: str, checker: Checker, role: Speaker, context: tuple[Message, ...], *, as_json: bool) -> int:
    found = checker.check(text, role, context)
    if as_json:
        from brain.terminal.json_lines import as_line
        from brain.terminal.policy_text import as_document

        click.echo(as_line(as_document(found.verdict)), nl=False)
    else:
        from brain.terminal.policy_explain import explain

        explain(found, fan=role == "fan")
    return 0 if found.verdict.allowed else NOT_ALLOWED


def _check_lines(source: str, checker: Checker, role: Speaker) -> int:
    from brain.terminal.json_lines import answer_lines
    from brain.terminal.policy_text import EXAMPLE, CheckLine, as_document, spoken

    def answer(line: CheckLine) -> dict[str, Any]:
        found = checker.check(line.text, line.role or role, spoken(line.context or ()))
        return {"id": line.id, **as_document(found.verdict)}

    return answer_lines(source, CheckLine, answer, example=EXAMPLE)


def _turns(path: str | None) -> tuple[Message, ...]:
    from brain.terminal.json_lines import opened, read_line
    from brain.terminal.policy_text import TURN_EXAMPLE, TurnLine, spoken

    if path is None:
        return ()
    with opened(path) as lines:
        numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    return spoken(read_line(line, number, TurnLine, example=TURN_EXAMPLE) for number, line in numbered)
