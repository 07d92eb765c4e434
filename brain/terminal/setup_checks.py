"""What `persona doctor` says of this user's own: settings, folders, store, policy, voice and terminal."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from brain.errors import PersonaError
from brain.terminal.checks import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from brain.config import Settings
    from brain.setting_sources import Source


def settings_checks(sources: Sequence[Source], environ: Mapping[str, str]) -> Iterator[Check]:
    """The files that settings are read from, and variables that were meant to be settings."""
    from brain.setting_sources import strange_variables
    from brain.terminal.config_show import strange_words

    read = [source for source in sources if source.path and source.values]
    for source in read:
        yield Check("settings", True, f"{source.path}: {', '.join(source.values)}")
    if not read:
        yield Check("settings", None, "no file of settings", "persona config set NAME VALUE makes one.")
    for name in strange_variables(environ):
        yield Check("settings", None, strange_words(name), f"unset {name}, or spell it as persona config does.")


def store_check(settings: Settings) -> Check:
    """Whether the conversations can be read; a new store is left to the first chat to make."""
    from brain.store.store import Store
    from brain.store.tables import SCHEMA_VERSION

    file = settings.data_dir / "persona.db"
    if settings.database_url is None and not file.exists():
        return Check("store", True, f"{file} (made on first use)")
    try:
        store = Store(settings.store_url)
        place = store.place
        store.close()
    except PersonaError as exc:
        return Check("store", False, exc.message, exc.hint, exc.exit_code)
    return Check("store", True, f"{place}, schema {SCHEMA_VERSION}")


def terminal_check(environ: Mapping[str, str]) -> Check:
    """What a chat makes of this terminal."""
    size = shutil.get_terminal_size()
    facts = [
        f"{size.columns}x{size.lines}" if sys.stdout.isatty() else "not a terminal",
        f"TERM={environ.get('TERM', 'not set')}",
        sys.stdout.encoding,
        *(f"{name} is set" for name in ("NO_COLOR", "ACCESSIBLE") if environ.get(name)),
    ]
    plain = sys.stdout.encoding.lower().replace("-", "") != "utf8"
    return Check("terminal", None if plain else True, ", ".join(facts), "Set LANG to a UTF-8 locale." if plain else "")


def folder_check(path: Path) -> Check:
    """Whether what is kept can be written."""
    nearest = next(parent for parent in (path, *path.parents) if parent.exists())
    if os.access(nearest, os.W_OK) and nearest.is_dir():
        return Check("data folder", True, f"{path}{'' if path.exists() else ' (made on first use)'}")
    return Check("data folder", False, f"{path} cannot be written", "Set PERSONA_HOME to a folder of yours.", 78)


def policy_check(settings: Settings) -> Check:
    """Whether the policy in force can be used."""
    from brain.voices import build_rules

    try:
        build_rules(settings)
    except PersonaError as exc:
        return Check("policy", False, exc.message, exc.hint, exc.exit_code)
    return Check("policy", True, str(settings.policy or "the bundled policy.toml"))


def voice_check(settings: Settings) -> Check:
    """Whether the voice is compiled and can be loaded."""
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
