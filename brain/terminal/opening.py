"""Everything a chat needs that takes a moment: settings, model, voice and store; opened off the screen's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from brain.errors import NotFoundError, UnavailableError
from brain.places import PROJECT_FILE
from brain.store.values import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from brain.answering import Voice
    from brain.config import Settings
    from brain.lms.build import Model
    from brain.session import ChatSession
    from brain.store.store import Store

IN_MEMORY = "sqlite://"


class Wish(NamedTuple):
    """How a chat is to begin: with the `latest` conversation, with the one that `words` find, or anew.

    `off_record` writes nothing of it anywhere.
    """

    latest: bool = False
    words: str | None = None
    off_record: bool = False

    @property
    def resumes(self) -> bool:
        """Whether a conversation is taken up again."""
        return self.latest or self.words is not None


class Opening(NamedTuple):
    """A session that can talk, the settings it was opened with, and what a killed program left behind."""

    settings: Settings
    session: ChatSession
    off_record: bool = False
    interrupted: Interrupted | None = None


def open_chat(settings: Settings, *, wish: Wish, say: Callable[[str], object]) -> Opening:
    """Opens a chat; `say` hears what the user should know. Raises PersonaError."""
    from brain.audit_log import build_recorder
    from brain.lms.build import build_model
    from brain.lms.quiet import silence_libraries
    from brain.safety.notices import Notices
    from brain.session import ChatSession, local_now
    from brain.store.store import Store
    from brain.voices import open_voice

    silence_libraries()
    store = Store(IN_MEMORY if wish.off_record else settings.store_url)
    marked = store.recover(local_now())
    settings, conversation = _wished(settings, store, wish)
    model = build_model(settings)
    voice = open_voice(settings, model, say=say)
    notices = Notices.of(voice.program.persona)
    if notices.language != "en":  # the first line on screen said it in English, before the voice was known
        say(notices.start)
    say(f"{voice.label} · model: {_named(settings, model)}")
    if wish.off_record:
        say("Off the record: nothing of this talk is written anywhere.")
    record = None if wish.off_record else build_recorder(settings, voice.program.filter.rules.policy, warn=say)
    session = ChatSession(store, voice, model, conversation=conversation, record=record)
    session.arrive()
    return Opening(settings, session, wish.off_record, _left_behind(store, voice.name, conversation, marked))


def other_model(opening: Opening, spec: str, api_base: str | None = None) -> Model:
    """The model called `spec`, with everything else as it was. Raises PersonaError, also when Ollama has it not.

    `api_base` is the server of an `openai/` model. A server's address belongs to the model it was given for, and never
    gets the key of another.
    """
    from brain.lms.build import build_model
    from brain.lms.ollama import installed_models

    engine, _, name = spec.partition("/")
    same = (opening.settings.model or "").partition("/")[0] == engine
    kept = {} if same and api_base is None else {"api_base": api_base}
    model = build_model(opening.settings.model_copy(update={"model": spec, **kept}))
    if engine == "ollama":
        installed = installed_models(model.host, timeout=2.0)
        if installed is None:
            raise UnavailableError("Ollama isn't answering.", hint="Start it: ollama serve")
        if not {name, f"{name}:latest"} & {*installed}:
            have = ", ".join(installed) or "none"
            raise UnavailableError(f"{name} isn't on this Ollama. Installed: {have}.", hint=f"ollama pull {name}")
    return model


def other_voice(opening: Opening, name: str, say: Callable[[str], object]) -> Voice:
    """The voice called `name`, answered by the model of the chat. Raises PersonaError."""
    from brain.config import with_voice
    from brain.voices import open_voice

    return open_voice(with_voice(opening.settings, name), opening.session.model, say=say)


def _wished(settings: Settings, store: Store, wish: Wish) -> tuple[Settings, str | None]:
    """The conversation that is taken up again, and the settings with its voice; a version that they name stays."""
    from brain.config import with_voice
    from brain.places import stored_name

    if not wish.resumes:
        return settings, None
    named = stored_name(settings.voice)
    if wish.words is None:
        conversation, voice = store.latest(named if "voice" in settings.origins else None)
    else:
        conversation = store.find(wish.words)
        voice = store.session(conversation).voice
    return settings if voice == named else with_voice(settings, voice), conversation


def _left_behind(
    store: Store, voice: str, conversation: str | None, marked: Sequence[Interrupted]
) -> Interrupted | None:
    """What a program that was killed left of the conversation, or of the voice's newest; None when nothing is open.

    `marked` are the replies that were found so just now.
    """
    try:
        conversation = conversation or store.latest(voice)[0]
    except NotFoundError:
        return None
    head = store.head(conversation)
    if head is not None and head.state == "interrupted":
        return Interrupted(conversation, voice, head.id, len(head.message.content.split()))
    return next((one for one in marked if one.conversation == conversation and not one.words), None)


def _named(settings: Settings, model: Model) -> str:
    """The model, and for the small one that nobody chose, how to get a better one."""
    from brain.lms.build import EMBEDDED, better_choices

    if settings.model is not None:
        return f"{model.spec} (from ./{PROJECT_FILE})" if _is_of_the_folder(settings) else model.spec
    better = better_choices()
    more = f"better here: {', '.join(better)} (/model NAME)" if better else "/model NAME for a better one"
    return f"{EMBEDDED} (SmolLM2 135M, small; {more})"


def _is_of_the_folder(settings: Settings) -> bool:
    """Whether the folder that the program is run in chose the model: it may come from somebody else."""
    return settings.origins.get("model", "").endswith(f"/{PROJECT_FILE}")
