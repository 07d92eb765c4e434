"""`persona doctor`: what is installed and configured, in words, with the fix for whatever is not."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import sys
from typing import TYPE_CHECKING

import click

from brain.errors import ConfigError
from brain.flags import settings_flags
from brain.sanitise import display
from brain.terminal.checks import Check

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGES = ("dspy", "numpy", "xllamacpp", "wordllama", "ollama", "together", "rich", "prompt-toolkit", "sqlalchemy")
_KEYS = ("TOGETHER_API_KEY", "OPENAI_API_KEY")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--probe", is_flag=True, help="Try now whether the model can judge replies: a dozen calls at most.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, probe: bool) -> int:
    """Check Python, packages, models, keys, folders and voices; say how to mend what is not right."""
    checks = list(_all_checks(settings_flags(ctx), probe=probe))
    if as_json:
        click.echo(json.dumps({"checks": [check._asdict() for check in checks]}, ensure_ascii=False))
    else:
        _show(checks)
    return max((check.exit_code for check in checks if check.good is False), default=0)


def _show(checks: list[Check]) -> None:
    from rich.text import Text

    from brain.terminal.console import build_console

    console = build_console()
    marks = {True: ("✓ ok", "green"), False: ("✗ no", "red"), None: ("· --", "dim")}
    for check in checks:
        console.print(Text.assemble(marks[check.good], f"  {check.name:<16} {display(check.found)}"))
        if check.fix and check.good is not True:
            console.print(Text(f"                       → {display(check.fix)}"))


def _all_checks(flags: dict[str, object], *, probe: bool) -> Iterator[Check]:
    from brain.config import settle
    from brain.setting_sources import read_sources
    from brain.terminal import model_checks, setup_checks

    yield _python()
    yield from map(_package, _PACKAGES)
    yield setup_checks.terminal_check(os.environ)
    try:
        sources = read_sources(flags)
        settings = settle(sources)
    except ConfigError as exc:
        yield Check("settings", False, exc.message, exc.hint, exc.exit_code)
        return
    yield from setup_checks.settings_checks(sources, os.environ)
    yield model_checks.model_check(settings)
    yield model_checks.weights_check()
    yield model_checks.embedder_check()
    yield model_checks.ollama_check()
    yield from map(model_checks.key_check, _KEYS)
    yield setup_checks.folder_check(settings.data_dir)
    yield setup_checks.store_check(settings)
    yield setup_checks.policy_check(settings)
    yield model_checks.judge_check(settings, probe=probe)
    yield setup_checks.voice_check(settings)


def _python() -> Check:
    good = sys.version_info >= (3, 11)
    return Check("Python", good, platform.python_version(), "Install Python 3.11 or newer.")


def _package(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", f"pip install {name}")
