"""Everything a chat needs that takes a moment: settings, model, voice and store; opened off the screen's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from brain.config import Settings
    from brain.lms.build import Model
    from brain.session import ChatSession


class Opening(NamedTuple):
    """A session that can talk, and the settings it was opened with."""

    settings: Settings
    session: ChatSession


def open_chat(load: Callable[[], Settings], *, resume: bool, say: Callable[[str], object]) -> Opening:
    """Opens a chat; `say` hears what the user should know. Raises PersonaError."""
    settings = load()
    from brain.audit_log import build_recorder
    from brain.lms.build import EMBEDDED, better_choices, build_model
    from brain.lms.quiet import silence_libraries
    from brain.safety.notices import Notices
    from brain.session import ChatSession
    from brain.store import Store
    from brain.voices import open_voice, stored_name

    silence_libraries()
    model = build_model(settings)
    store = Store(settings.store_url)
    conversation: str | None = None
    if resume:
        wanted = stored_name(settings.voice) if "voice" in settings.origins else None
        conversation, name = store.latest(wanted)
        if wanted is None:
            settings = settings.model_copy(update={"voice": name})
    voice = open_voice(settings, model, say=say)
    notices = Notices.of(voice.program.persona)
    if notices.language != "en":  # the first line on screen said it in English, before the voice was known
        say(notices.start)
    if settings.model is None:
        better = better_choices()
        more = f"better here: {', '.join(better)} (/model NAME)" if better else "/model NAME for a better one"
        say(f"{voice.label} · model: {EMBEDDED} (SmolLM2 135M, small; {more})")
    else:
        say(f"{voice.label} · model: {model.spec}")
    record = build_recorder(settings, voice.program.filter.rules.policy, warn=say)
    return Opening(settings, ChatSession(store, voice, model, conversation=conversation, record=record))


def other_model(opening: Opening, spec: str) -> Model:
    """The model called `spec`, with everything else as it was. Raises PersonaError, also when Ollama has it not.

    A server's address belongs to the model it was given for, and never gets the key of another.
    """
    from brain.lms.build import build_model
    from brain.lms.ollama import installed_models

    engine, _, name = spec.partition("/")
    same = (opening.settings.model or "").partition("/")[0] == engine
    kept = {} if same else {"api_base": None}
    model = build_model(opening.settings.model_copy(update={"model": spec, **kept}))
    if engine == "ollama":
        installed = installed_models(model.host, timeout=2.0)
        if installed is None:
            raise UnavailableError("Ollama isn't answering.", hint="Start it: ollama serve")
        if not {name, f"{name}:latest"} & {*installed}:
            have = ", ".join(installed) or "none"
            raise UnavailableError(f"{name} isn't on this Ollama. Installed: {have}.", hint=f"ollama pull {name}")
    return model
