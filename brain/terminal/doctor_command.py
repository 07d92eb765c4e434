"""`persona doctor`: what is installed and configured, in words, with the fix for whatever is not."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from brain.errors import ConfigError, PersonaError
from brain.flags import settings_flags

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from brain.config import Settings

_PACKAGES = ("dspy", "numpy", "xllamacpp", "wordllama", "ollama", "together", "rich", "prompt-toolkit", "sqlalchemy")
_WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_OLLAMA = "127.0.0.1:11434"
_UNAVAILABLE = 69
_KEYS = ("TOGETHER_API_KEY", "OPENAI_API_KEY")


class Check(NamedTuple):
    """One line: `good` is None for what is neither right nor wrong, such as a key that nobody needs."""

    name: str
    good: bool | None
    found: str
    fix: str = ""
    exit_code: int = _UNAVAILABLE


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--probe", is_flag=True, help="Try now whether the model can judge replies: a dozen calls at most.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool, probe: bool) -> int:
    """Check Python, packages, models, keys, folders and voices; say how to mend what is not right."""
    checks = _all_checks(settings_flags(ctx), probe=probe)
    if as_json:
        click.echo(json.dumps({"checks": [check._asdict() for check in checks]}, ensure_ascii=False))
    else:
        _show(checks)
    return max((check.exit_code for check in checks if check.good is False), default=0)


def _show(checks: list[Check]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    marks = {True: ("✓ ok", "green"), False: ("✗ no", "red"), None: ("· --", "dim")}
    for check in checks:
        console.print(Text.assemble(marks[check.good], f"  {check.name:<16} {check.found}"))
        if check.fix and check.good is not True:
            console.print(Text(f"                       → {check.fix}"))


def _all_checks(flags: dict[str, object], *, probe: bool) -> list[Check]:
    from brain.config import load_settings

    checks = [_python(), *map(_package, _PACKAGES)]
    try:
        settings = load_settings(flags)
    except ConfigError as exc:
        return [*checks, Check("settings", False, exc.message, exc.hint, exc.exit_code)]
    parts: tuple[Callable[[], list[Check]], ...] = (
        lambda: [_model(settings)],
        _weights,
        _embedder,
        _ollama,
        lambda: [_key(name) for name in _KEYS],
        lambda: [_folder(settings.data_dir)],
        lambda: [_policy(settings)],
        lambda: [_judge(settings, probe=probe)],
        lambda: [_voice(settings)],
    )
    for part in parts:
        checks += part()
    return checks


def _python() -> Check:
    good = sys.version_info >= (3, 11)
    return Check("Python", good, platform.python_version(), "Install Python 3.11 or newer.")


def _package(name: str) -> Check:
    try:
        return Check(name, True, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name, False, "not installed", f"pip install {name}")


def _model(settings: Settings) -> Check:
    from brain.lms.build import EMBEDDED, build_model
    from brain.lms.ollama import installed_models

    spec = settings.model or EMBEDDED
    engine, _, name = spec.partition("/")
    host = os.environ.get("OLLAMA_HOST")
    models = installed_models(host) if engine == "ollama" or not settings.model else ()
    if engine == "ollama" and models is None:
        return Check("model", False, f"{spec}: Ollama isn't answering at {host or _OLLAMA}", "Start it: ollama serve")
    if engine == "ollama" and not {name, f"{name}:latest"} & {*(models or ())}:
        return Check("model", False, f"{spec}: not on this Ollama", f"ollama pull {name}")
    try:
        model = build_model(settings)
    except PersonaError as exc:
        return Check("model", False, exc.message, exc.hint, exc.exit_code)
    better = f"; better here: {', '.join(f'ollama/{one}' for one in models[:3])}" if model.small and models else ""
    return Check("model", True, f"{spec}{better}")


def _weights() -> list[Check]:
    from brain.lms.embedded import WEIGHTS_HINT, default_weights

    try:
        path = default_weights()
    except PersonaError as exc:
        return [Check("model file", False, exc.message, exc.hint, exc.exit_code)]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = f"{path.name}, {path.stat().st_size / 1e6:.0f} MB, SHA-256 {digest[:8]}…"
    if digest != _WEIGHTS_SHA256:
        return [Check("model file", False, f"{found}: not the file we know", f"Install it again: {WEIGHTS_HINT}")]
    return [Check("model file", True, found)]


def _embedder() -> list[Check]:
    from brain.lms.embedder import load_embedder

    try:
        return [Check("embedder", True, load_embedder().id)]
    except Exception as exc:  # a broken package may raise anything
        return [Check("embedder", False, f"does not load ({exc})", "pip install --force-reinstall wordllama")]


def _ollama() -> list[Check]:
    from brain.lms.ollama import installed_models

    host = os.environ.get("OLLAMA_HOST")
    where = host or _OLLAMA
    models = installed_models(host)
    if models is None:
        return [Check("Ollama", None, f"no answer at {where}", "Start it with `ollama serve`, if you want it.")]
    if not models:
        return [Check("Ollama", None, f"answers at {where}, but has no model", "ollama pull qwen3:4b")]
    return [Check("Ollama", True, f"{where}: {', '.join(models)}")]


def _key(name: str) -> Check:
    if os.environ.get(name):
        return Check(name, True, "set")
    return Check(name, None, "not set", f"export {name}=… to use it")


def _folder(path: Path) -> Check:
    nearest = next(parent for parent in (path, *path.parents) if parent.exists())
    if os.access(nearest, os.W_OK) and nearest.is_dir():
        return Check("data folder", True, f"{path}{'' if path.exists() else ' (made on first use)'}")
    return Check("data folder", False, f"{path} cannot be written", "Set PERSONA_HOME to a folder of yours.", 78)


def _policy(settings: Settings) -> Check:
    from brain.voices import build_rules

    try:
        build_rules(settings)
    except PersonaError as exc:
        return Check("policy", False, exc.message, exc.hint, exc.exit_code)
    return Check("policy", True, str(settings.policy or "the bundled policy.toml"))


def _judge(settings: Settings, *, probe: bool) -> Check:
    from brain.lms.quiet import silence_libraries
    from brain.terminal.judge_line import judge_line

    silence_libraries()
    return Check("judge", *judge_line(settings, probe=probe, say=lambda line: click.echo(line, err=True)))


def _voice(settings: Settings) -> Check:
    from brain.artifact import find_artifact, load_artifact, versions
    from brain.bundled import BUNDLED
    from brain.lms.embedder import load_embedder

    if settings.voice == BUNDLED and not versions(settings.voices_dir, BUNDLED):
        return Check("voice", None, f"{BUNDLED}: not compiled yet", "The first chat does it, or: persona compile")
    try:
        artifact = load_artifact(find_artifact(settings.voices_dir, settings.voice), load_embedder())
    except PersonaError as exc:
        return Check("voice", False, exc.message, exc.hint, exc.exit_code)
    manifest, k = artifact.manifest, artifact.manifest.recipe.k
    return Check(
        "voice",
        True,
        f"{artifact.label}: {manifest.rows:,} replies, k={k}, {manifest.created:%Y-%m-%d}",
    )
