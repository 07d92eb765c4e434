"""An export of chats in which somebody has to say who the client is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError
from brain.models import Persona
from brain.naming import voice_name
from brain.sanitise import display
from brain.sources.dialogue import GAP, labeled
from brain.sources.source import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta
    from pathlib import Path

    from brain.sources.dialogue import Said

    Ask = Callable[[Mapping[str, int]], str]

_LISTED = 12


class Talk(NamedTuple):
    """Chats, each in order of time; `form` names the kind of file in words."""

    form: str
    chats: tuple[tuple[Said, ...], ...]

    def speakers(self) -> dict[str, int]:
        """Who writes in it and how many messages, the busiest first."""
        return dict(Counter(said.speaker for chat in self.chats for said in chat).most_common())


def talk_source(path: Path, talk: Talk, *, client: str | None, ask: Ask | None, gap: timedelta = GAP) -> Source:
    """The replies of the client, whom `client` names, or else `ask` chooses from the speakers and their counts.

    Raises DataError, with the speakers, when nobody says who it is, and when the client answers nobody.
    """
    speakers = talk.speakers()
    if not speakers:
        raise DataError(f"{path}: nobody writes a word in it", hint="Export the chat again, with its messages.")
    chosen = _named(path, client, speakers) if client else ask(speakers) if ask else None
    if chosen is None:
        raise DataError(f"{path}: is {talk.form}, and which speaker is the client is not said", hint=_choice(speakers))
    found = labeled(talk.chats, chosen, gap=gap)
    if not found.conversations:
        raise DataError(
            f"{path}: {shown(chosen)} answers nobody in it", hint=f"Is it somebody else? {_choice(speakers)}"
        )
    notes = [f"{len(speakers) - 1:,} others write in it; they count as one person."] if len(speakers) > 2 else []
    if found.replies > len(found.conversations):
        notes.append(f"{len(found.conversations):,} of {found.replies:,} replies are taken: newest first, each once.")
    if found.late:
        minutes = round(gap.total_seconds() / 60)
        notes.append(f"{found.late:,} times {shown(chosen)} wrote first after {minutes} silent minutes: no reply.")
    name = shown(chosen)
    persona = Persona(name=name, id=voice_name(name) or "voice") if name else None
    return Source(talk.form, found.conversations, persona, notes=tuple(notes))


def shown(name: str) -> str:
    """A speaker's name on one line."""
    return " ".join(display(name).split())


def _named(path: Path, client: str, speakers: Mapping[str, int]) -> str:
    wanted = client.strip().casefold()
    found = [name for name in speakers if name.casefold() == wanted]
    found = found or [name for name in speakers if wanted in name.casefold()]
    if len(found) != 1:
        what = "several speakers are" if found else "nobody is"
        raise DataError(f"{path}: {what} called {shown(client)!r}", hint=_choice(speakers))
    return found[0]


def _choice(speakers: Mapping[str, int]) -> str:
    names = [f"{shown(name)} ({count:,})" for name, count in [*speakers.items()][:_LISTED]]
    more = f" and {len(speakers) - _LISTED} more" if len(speakers) > _LISTED else ""
    return f"Give --client NAME; there are: {', '.join(names)}{more}."
