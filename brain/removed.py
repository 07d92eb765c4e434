"""Voices that were put away: kept until somebody restores them or removes them for good.

    voices/.removed/ada.1      a whole voice; ada.2 is one of that name that was put away later
                    ada@3.1    one version of it

A version number is never given twice, so that a restored version finds its place free.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, NamedTuple

from brain.errors import DataError, NotFoundError, UnavailableError
from brain.places import VOICE_NAME
from brain.private_files import make_private_folder

if TYPE_CHECKING:
    from pathlib import Path

_FOLDER = ".removed"
_ENTRY = re.compile(rf"({VOICE_NAME.pattern}(?:@\d+)?)\.(\d+)")


class Removed(NamedTuple):
    """A voice that was put away, `NAME` or `NAME@VERSION`; `turn` counts those of the same label."""

    label: str
    turn: int
    path: Path


def removed(voices: Path) -> tuple[Removed, ...]:
    """What was put away, by label, the latest of each last."""
    folder = voices / _FOLDER
    entries = folder.iterdir() if folder.is_dir() else ()
    found = ((match, entry) for entry in entries if (match := _ENTRY.fullmatch(entry.name)))
    return tuple(sorted(Removed(match[1], int(match[2]), entry) for match, entry in found))


def removed_versions(voices: Path, name: str) -> tuple[int, ...]:
    """The numbers of this voice's versions that were put away."""
    return tuple(int(one.label.partition("@")[2]) for one in removed(voices) if one.label.startswith(f"{name}@"))


def remove(voices: Path, label: str) -> None:
    """Puts a voice there is, `NAME` or `NAME@VERSION`, away. Raises UnavailableError when it cannot be moved."""
    turn = max((one.turn for one in removed(voices) if one.label == label), default=0) + 1
    _move(_place(voices, label), voices / _FOLDER / f"{label}.{turn}")


def restore(voices: Path, label: str) -> None:
    """Brings the latest of this label back.

    Raises NotFoundError when none was put away, DataError when its place is taken or its voice is away.
    """
    found = [one for one in removed(voices) if one.label == label]
    if not found:
        raise NotFoundError(f"No {label} was removed.", hint="persona voices list --removed shows what was.")
    place, name = _place(voices, label), label.partition("@")[0]
    if place.exists():
        raise DataError(f"There is a voice {label} already.", hint=f"Remove it first: persona voices rm {label}")
    if place.parent != voices and not place.parent.is_dir():
        raise DataError(f"The voice {name} is removed itself.", hint=f"persona voices restore {name}")
    _move(found[-1].path, place)


def purge(voices: Path, label: str) -> None:
    """Removes the voice for good, there and put away, with all its versions. Raises UnavailableError."""
    versions = f"{label}@" if "@" not in label else None
    found = [one.path for one in removed(voices) if one.label == label or (versions and one.label.startswith(versions))]
    found += [place] if (place := _place(voices, label)).is_dir() else []
    for path in found:
        try:
            shutil.rmtree(path)
        except OSError as exc:
            raise UnavailableError(
                f"{path}: cannot be removed ({exc.strerror})", hint="Check its permissions, then try again."
            ) from exc


def _place(voices: Path, label: str) -> Path:
    name, _, version = label.partition("@")
    return voices / name / version if version else voices / name


def _move(path: Path, place: Path) -> None:
    try:
        make_private_folder(place.parent)
        path.rename(place)
    except OSError as exc:
        raise UnavailableError(f"{path}: cannot be moved ({exc.strerror})", hint="Check its permissions.") from exc
