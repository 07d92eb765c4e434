"""Renames conversations, removes them, and brings them back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from brain.errors import DataError, NotFoundError
from brain.flags import agreed, may_ask, note
from brain.terminal.counted import counted
from brain.terminal.sessions_list import heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.store.store import Store

_NAMED = 5  # conversations among which to choose


def rename_session(store: Store, wanted: str, title: str) -> None:
    """Gives it a title. Raises DataError when nothing is left of the title once it is fit to be shown."""
    session = store.find(wanted)
    store.rename(session, title)
    note(f"Renamed: {_named(store, session)}")


def remove_sessions(store: Store, wanted: Sequence[str]) -> None:
    """Puts them away. Raises DataError for words that mean several: which of them nobody can guess."""
    for session in list(dict.fromkeys(_only(store, each) for each in wanted)):
        store.remove(session, datetime.now().astimezone())
        note(f"Removed: {_named(store, session)}")
        note(f"  → persona sessions restore {session} brings it back.")


def restore_session(store: Store, wanted: str) -> None:
    """Brings a removed one back. Raises NotFoundError."""
    try:
        session = store.find(wanted, removed=True)
    except NotFoundError as exc:
        raise NotFoundError(exc.message, hint="persona sessions list --removed shows them.") from exc
    store.restore(session)
    note(f"Restored: {_named(store, session)}")


def purge_sessions(store: Store, wanted: Sequence[str], *, sure: bool) -> None:
    """Removes them for good, removed ones too; asks first unless `sure`, and then takes nothing but ids.

    Raises DataError where nobody can be asked, or for what might mean another conversation than the user thinks.
    """
    sessions = _found(store, wanted, removed=None)
    if sure:
        _must_be_ids(wanted, sessions)
    if not _agreed(store, sessions, sure=sure):
        return
    for session in sessions:
        name = _named(store, session)
        store.purge(session)
        note(f"Gone for good: {name}")


def _only(store: Store, wanted: str) -> str:
    found = store.find(wanted)
    info = store.session(found)
    if found.startswith(wanted.lower()) or (info.title or "").casefold() == wanted.casefold():
        return found
    others = [one.session.id for one in store.search(wanted, limit=_NAMED)]
    if len(others) > 1:
        raise DataError(f"{wanted!r} is in several conversations.", hint=f"Name one by its id: {', '.join(others)}.")
    return found


def _agreed(store: Store, sessions: Sequence[str], *, sure: bool) -> bool:
    if may_ask() and not sure:
        for session in sessions:
            click.echo(f"  {_named(store, session)}", err=True)
    return agreed(
        f"Remove {counted(len(sessions), 'conversation')} for good?",
        sure=sure,
        unasked=DataError("Nobody is here to be asked.", hint="--yes removes for good without asking."),
        declined="Nothing was removed.",
    )


def _must_be_ids(wanted: Sequence[str], sessions: Sequence[str]) -> None:
    for each in wanted:
        if not any(session.startswith(each.lower()) for session in sessions):
            raise DataError(
                f"{each!r} is no id, and without asking only ids are removed for good.",
                hint="persona sessions shows them.",
            )


def _found(store: Store, wanted: Sequence[str], *, removed: bool | None = False) -> list[str]:
    """The ids of them, each once; all are found before the first is touched."""
    return list(dict.fromkeys(store.find(each, removed=removed) for each in wanted))


def _named(store: Store, session: str) -> str:
    info = store.session(session)
    return f"{info.id} {heading(info)}".strip()
