"""What a voice is compiled from: a file of conversations with a persona, or what the voice kept of them.

    voices/NAME/conversations.json   where `persona voices add` put what it read
                persona.toml         who it is
                card.json            the character card it came from, untouched

Versions stand beside them; each has its own copy of what it was compiled from.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import tomlkit

from brain.artifact import DATASET, check_name, find_artifact, read_manifest, versions
from brain.bundled import BUNDLED, bundled_data
from brain.dataset import dump_conversations, load_persona, parse_conversations, parse_json, read_dataset
from brain.errors import DataError, UnavailableError
from brain.lessons import with_lessons
from brain.models import Persona
from brain.private_files import make_private_folder, replace_file
from brain.sources.card import is_card

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from brain.models import LabeledConversation

PERSONA_FILE = "persona.toml"
CARD_FILE = "card.json"


class Origin(NamedTuple):
    """Conversations as read and as parsed, and whose they are; `where` is for the words of an error.

    `bundled` tells that they came with this program.
    """

    where: Path
    dataset: bytes
    conversations: tuple[LabeledConversation, ...]
    persona: Persona
    bundled: bool = False

    def taught(self, lessons: Sequence[LabeledConversation]) -> Origin:
        """With the lessons that are not in it yet, after everything else."""
        conversations = with_lessons(self.conversations, lessons)
        if len(conversations) == len(self.conversations):
            return self
        return self._replace(dataset=dump_conversations(conversations), conversations=conversations)


def read_origin(file: Path, name: str, *, persona: Path | None = None) -> Origin:
    """A conversations.json, and the persona of `persona` or beside the file, or no more than the name.

    Raises DataError, ArtifactError for what cannot be a name.
    """
    check_name(name)
    dataset = read_dataset(file)
    bundled = name == BUNDLED and file == bundled_data() / DATASET
    return Origin(file, dataset, parse_conversations(file, dataset), _persona(file, name, persona), bundled)


def bundled_origin() -> Origin:
    """The conversations and the persona that came with this program."""
    return read_origin(bundled_data() / DATASET, BUNDLED)


def kept_origin(voices: Path, name: str, *, persona: Path | None = None) -> Origin:
    """What a voice there is would be compiled from again: its sources, the bundled ones, or its newest version's own.

    Raises NotFoundError when there is no such voice.
    """
    check_name(name)
    file = voices / name / DATASET
    known = versions(voices, name)
    if file.is_file():
        return read_origin(file, name, persona=persona)
    if file.with_name(PERSONA_FILE).is_file():  # a voice that has no conversations yet
        return Origin(file, b"[]\n", (), _persona(file, name, persona))
    newest = read_manifest(voices / name / str(known[-1])) if known else None
    if name == BUNDLED and (newest is None or newest.notes.get("bundled")):
        return read_origin(bundled_data() / DATASET, name, persona=persona)
    own = read_origin(find_artifact(voices, name) / DATASET, name, persona=persona)
    return own if newest is None or persona is not None else own._replace(persona=newest.persona)


def save_sources(
    voices: Path, name: str, conversations: Sequence[LabeledConversation], persona: Persona, card: object = None
) -> None:
    """Writes them into the voice's folder, for their owner alone, so that the voice can be compiled again.

    Raises UnavailableError when they cannot be written.
    """
    folder = voices / name
    contents = {PERSONA_FILE: tomlkit.dumps(persona.model_dump(mode="json", exclude_defaults=True)).encode()}
    if conversations:
        contents[DATASET] = dump_conversations(conversations)
    if card is not None:
        contents[CARD_FILE] = json.dumps(card, ensure_ascii=False, indent=1).encode(errors="backslashreplace")
    try:
        make_private_folder(folder)
        for file, content in contents.items():
            replace_file(folder / file, content)
    except OSError as exc:
        raise UnavailableError(
            f"{folder}: cannot be written ({exc.strerror})", hint="Check its permissions and the room on the disk."
        ) from exc


def kept_card(voices: Path, name: str) -> dict[str, Any] | None:
    """The character card that the voice came from. Raises DataError when it was changed into none."""
    file = voices / name / CARD_FILE
    if not file.is_file():
        return None
    card: object = parse_json(str(file), read_dataset(file))
    if not is_card(card):
        raise DataError(f"{file}: is no character card", hint="Delete it, and the card is made from the voice.")
    return card


def _persona(file: Path, name: str, persona: Path | None) -> Persona:
    beside = file.with_name(PERSONA_FILE)
    if persona is not None or beside.is_file():
        return load_persona(persona or beside, name=name)
    return Persona(name=name.replace("-", " ").replace("_", " ").title(), id=name)
