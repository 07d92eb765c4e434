"""Chooses the voice one talks to by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.artifact import find_artifact, versions
from brain.bundled import BUNDLED
from brain.config_file import set_setting
from brain.errors import DataError
from brain.flags import note, settings_flags
from brain.places import is_path

if TYPE_CHECKING:
    import click

    from brain.config import Settings


def use_voice(ctx: click.Context, settings: Settings, voice: str) -> None:
    """Writes it into the user's settings; comments there stay. Raises NotFoundError when there is no such voice."""
    from brain.config import load_settings

    if is_path(voice):
        raise DataError(f"{voice!r} is a folder, not a name.", hint="persona config set voice FOLDER takes it.")
    if voice != BUNDLED or versions(settings.voices_dir, BUNDLED):
        found = find_artifact(settings.voices_dir, voice)
        voice = f"{found.parent.name}@{found.name}" if "@" in voice else voice
    set_setting(settings.config_file, "voice", voice)
    now = load_settings(settings_flags(ctx))
    if now.voice == voice:
        note(f"✓ {voice} is the voice you talk to now.")
        note("  → persona chat")
    else:
        note(f"✓ {voice} is written down, but {now.origins.get('voice')} says {now.voice!r} and goes ahead of it.")
