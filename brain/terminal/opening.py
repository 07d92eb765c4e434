"""Everything a chat needs that takes a moment: settings, model, voice and store; opened off the screen's thread."""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from brain.config import Settings
    from brain.lms.build import Model
    from brain.session import ChatSession


class Opening(NamedTuple):
    """A session that can talk, and what it was opened with."""

    settings: Settings
    session: ChatSession


def open_chat(load: Callable[[], Settings], *, resume: bool, say: Callable[[str], object]) -> Opening:
    """Opens a chat; `say` hears what the user should know. Raises PersonaError."""
    silence_libraries()
    settings = load()
    from brain.lms.build import EMBEDDED, better_choices, build_model
    from brain.session import ChatSession
    from brain.store import Store
    from brain.voices import open_voice

    model = build_model(settings)
    store = Store(settings.store_url)
    conversation: str | None = None
    if resume:
        conversation, label = store.latest(None if "voice" not in settings.origins else settings.voice)
        settings = settings.model_copy(update={"voice": label.partition("@")[0]})
    voice = open_voice(settings, model, say=say)
    if settings.model is None:
        better = better_choices()
        more = f"better here: {', '.join(better)} (/model NAME)" if better else "/model NAME for a better one"
        say(f"{voice.label} · model: {EMBEDDED} (SmolLM2 135M, small; {more})")
    else:
        say(f"{voice.label} · model: {model.spec}")
    return Opening(settings, ChatSession(store, voice, model, conversation=conversation))


def other_model(opening: Opening, spec: str) -> Model:
    """The model called `spec`, with everything else as it was. Raises PersonaError."""
    from brain.lms.build import FORMS, build_model

    if not spec:
        raise ConfigError("Which model?", hint=f"/model {FORMS}")
    return build_model(opening.settings.model_copy(update={"model": spec}))


def silence_libraries() -> None:
    """Warnings of the libraries would land in the middle of a talk; errors come to us as exceptions."""
    importlib.import_module("dspy")  # which sets a level of its own
    for name in ("dspy", "httpx", "together", "wordllama"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
