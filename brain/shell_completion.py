"""What a shell may complete a word to. It is asked at every press of Tab, so nothing heavy is imported."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from click.shell_completion import CompletionItem

from brain.places import DEFAULT_VOICE, home_of, voice_names, voice_versions, voices_dir
from brain.setting_words import FIELDS_OF_A_FILE, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

    import click

Items = list[CompletionItem[str]]
_MODELS = {
    "embedded": "the small model that is always there",
    "ollama/": "a model on an Ollama server",
    "together/": "Together's API",
    "openai/": "OpenAI, or a server like it with --api-base",
}


def complete_voice(ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """The voices there are, and after an @ the versions of one, newest first."""
    home = _home(ctx)
    name, at, _ = incomplete.partition("@")
    if at:
        numbers = reversed(voice_versions(voices_dir(home) / name)) if name in voice_names(home) else ()
        found = [f"{name}@{number}" for number in numbers]
    else:
        found = sorted({DEFAULT_VOICE, *voice_names(home)})
    return [CompletionItem(voice) for voice in found if voice.startswith(incomplete)]


def complete_model(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """The engines; which models they have, only they could say."""
    return [CompletionItem(spec, help=words) for spec, words in _MODELS.items() if spec.startswith(incomplete)]


def complete_setting(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """The settings that may stand in a file."""
    found = (name for name in FIELDS_OF_A_FILE if name.startswith(incomplete))
    return [CompletionItem(name, help=SETTINGS[name].meaning) for name in found]


def complete_value(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """What the setting that stands before it may be, where that is a short list."""
    name = str(ctx.params.get("name") or "").replace("-", "_")
    if name == "voice":
        return complete_voice(ctx, param, incomplete)
    if name in {"model", "judge_model"}:
        return complete_model(ctx, param, incomplete)
    if name == "policy":
        return [CompletionItem(incomplete, type="file")]
    choices = SETTINGS[name].choices if name in SETTINGS else ()
    return [CompletionItem(choice) for choice in choices if choice.startswith(incomplete)]


def complete_folder(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> Items:
    """The shell knows the folders."""
    return [CompletionItem(incomplete, type="dir")]


def _home(ctx: click.Context) -> Path | None:
    return home_of(ctx.find_root().params, os.environ)
