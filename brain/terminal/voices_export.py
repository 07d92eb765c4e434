"""Writes a voice out as a character card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from brain.artifact import DATASET, check_name, read_manifest, versions
from brain.bundled import BUNDLED
from brain.dataset import parse_conversations, read_dataset
from brain.flags import note
from brain.origin import bundled_origin, kept_card
from brain.shelf import find_version
from brain.sources.write_card import v2_card
from brain.terminal.counted import counted
from brain.terminal.output_file import output_place, write_output

if TYPE_CHECKING:
    from pathlib import Path

    from brain.config import Settings
    from brain.models import LabeledConversation, Persona


def export_card(settings: Settings, voice: str, output: Path | None, *, examples: int, force: bool) -> None:
    """Writes the card, to standard output when no file is named. Raises NotFoundError, DataError."""
    name = voice.partition("@")[0]
    check_name(name)
    path = output_place(output, force=force)
    card = kept_card(settings.voices_dir, name)
    persona, conversations, label = _voice(settings, voice)
    document = v2_card(persona, conversations, card=card, version=label, examples=examples)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if path is None:
        click.echo(text.encode(errors="backslashreplace"))
    else:
        write_output(path, f"{text}\n".encode(errors="backslashreplace"))
        note(f"✓ {output}")
    shown = min(examples, len(conversations)) if card is None else 0
    if shown:
        note(f"It shows {counted(shown, 'real conversation')}: look at them before you pass it on.")
        note("  → --examples 0 shows none.")


def _voice(settings: Settings, voice: str) -> tuple[Persona, tuple[LabeledConversation, ...], str]:
    """Who it is, what it was compiled from, and how that version is called."""
    name = voice.partition("@")[0]
    if name == BUNDLED and not versions(settings.voices_dir, name):
        origin = bundled_origin()
        return origin.persona, origin.conversations, name
    folder = find_version(settings, voice)
    manifest = read_manifest(folder)
    file = folder / DATASET
    conversations = parse_conversations(file, read_dataset(file)) if manifest.rows else ()
    return manifest.persona, conversations, f"{name}@{folder.name}"
