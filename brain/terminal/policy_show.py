"""`persona policy show`: what is forbidden and what is allowed, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from brain.flags import errors_as_json, settings_flags

if TYPE_CHECKING:
    from pathlib import Path

    from brain.policy.policy import Policy


@click.command()
@click.option("--policy", metavar="FILE", help="The operator's policy.toml.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def show(ctx: click.Context, /, policy: str | None, as_json: bool) -> None:
    """Show what may never be said, what may, and what happens then."""
    with errors_as_json(as_json):
        from brain.bundled import policy_file
        from brain.config import load_settings
        from brain.policy.policy_file import load_policy

        path = policy_file(load_settings(settings_flags(ctx, policy=policy)))
        document = described(load_policy(path), path)
        if as_json:
            from brain.terminal.json_lines import as_line

            click.echo(as_line(document), nl=False)
        else:
            _print(document)


def described(policy: Policy, path: Path) -> dict[str, Any]:
    """The policy as `--json` gives it; the names of a platform are given by its id."""
    from brain.audit_log import policy_digest
    from brain.policy.policy import Categories

    own = {category.id: category for category in policy.category}
    forbidden = policy.forbidden_platforms
    return {
        "file": str(path),
        "version": policy.version,
        "sha256": policy_digest(policy),
        "categories": [
            {
                "id": name,
                "forbidden": policy.forbids(name),
                "own": name in own,
                "definition": own[name].definition if name in own else policy.definitions.get(name, ""),
                "platforms": sorted(each.id for each in forbidden if each.category == name and name not in own),
                "names": list(own[name].names) if name in own else [],
                "examples": list(own[name].examples) if name in own else [],
            }
            for name in (*Categories.model_fields, *own)
        ],
        "allowed": ["onlyfans", *policy.platforms.allow],
        "denied": list(policy.platforms.deny),
        "refusals_may_name": policy.refusals_may_name,
        "languages": list(policy.languages),
        "meetings": policy.meetings.model_dump(),
        "fallbacks": {name: len(lines) for name, lines in policy.fallbacks.items()},
    }


def _print(document: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from brain.terminal.console import build_console

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(ratio=1)
    for name, value in [*_head(document), *_categories(document), *_rest(document)]:
        table.add_row(Text(name), Text(value))
    build_console().print(table)


def _head(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [("policy", f"{document['file']}\nversion {document['version']}, SHA-256 {document['sha256'][:12]}…")]


def _categories(document: dict[str, Any]) -> list[tuple[str, str]]:
    rows = []
    for category in document["categories"]:
        lines = [f"never said: {category['definition']}" if category["forbidden"] else "not forbidden"]
        if category["platforms"]:
            named = f"{len(category['platforms'])} platforms: {', '.join(category['platforms'])}"
            lines.append(named if category["forbidden"] else f"but for {named}")
        if category["names"]:
            lines.append(f"word for word: {', '.join(category['names'])}")
        if category["examples"]:
            lines.append(f"examples for the judge: {len(category['examples'])}")
        rows.append((category["id"], "\n".join(lines)))
    return rows


def _rest(document: dict[str, Any]) -> list[tuple[str, str]]:
    bars = document["meetings"]
    extra = ", ".join(document["allowed"][1:])
    pools = ", ".join(f"{name} {count}" for name, count in document["fallbacks"].items())
    return [
        ("allowed", f"OnlyFans, under all its names{f'; {extra}' if extra else ''}"),
        ("also forbidden", ", ".join(document["denied"]) or "nothing more"),
        ("a refusal", f"may {'' if document['refusals_may_name'] else 'not '}name what it turns down"),
        ("languages", ", ".join(document["languages"])),
        ("meetings", f"blocked from {bars['block_at']} points on, a judge is asked from {bars['unsure_at']} on"),
        ("fallback lines", pools),
    ]
