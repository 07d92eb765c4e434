"""Lines of the program, outside the voice, that say an AI writes: at every start, and again as a talk goes on.

No persona, policy or optimizer is asked about them. New York law wants them at the start and every three hours,
Washington every hour for a minor: https://www.nysenate.gov/legislation/laws/GBS/1702
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from brain.models import Persona

EVERY = timedelta(hours=3)
EVERY_FOR_A_MINOR = timedelta(hours=1)
_DEFAULT = "en"


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of one voice, in the first language it writes."""

    name: str
    language: str

    @classmethod
    def of(cls, persona: Persona) -> Notices:
        """The notices for a persona."""
        return cls(persona.name, persona.languages[0] if persona.languages else _DEFAULT)

    @property
    def start(self) -> str:
        """What stands above every talk."""
        return self._text("start")

    def due(self, last_shown: datetime | None, now: datetime, *, minor: bool = False) -> str | None:
        """The notice that must be shown now, by the wall clock; None while the last one still counts.

        A clock that was put back counts as time that has passed.
        """
        if last_shown is None:
            return self.start
        passed = now - last_shown
        fresh = timedelta(0) <= passed < (EVERY_FOR_A_MINOR if minor else EVERY)
        return None if fresh else self._text("again")

    def _text(self, kind: str) -> str:
        text: str = (_texts().get(self.language) or _texts()[_DEFAULT])[kind]
        return text.format(name=self.name)


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("brain.safety").joinpath("notices.toml").read_text(encoding="utf-8"))
