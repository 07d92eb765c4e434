"""Finding a conversation by what was said in it, by its title or by its id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa

from brain.errors import NotFoundError
from brain.store.folding import fold
from brain.store.rows import writable
from brain.store.search_index import BETWEEN_WORDS, FOUND_IN_POSTGRESQL, FOUND_IN_SQLITE
from brain.store.sessions import BEGUN, NEWEST_FIRST, contents, infos, of
from brain.store.tables import conversations, messages
from brain.store.values import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_OF_ID = 3
MOST_FOUND = 1_000
MOST_WORDS = 32  # of what is looked for: a statement of a thousand conditions is refused
_LONGEST_WORD = 100  # letters; PostgreSQL takes 2 kB of one word, SQLite 50 kB
_AROUND = 30
_EXCERPT = 100
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese put no blanks between words, so an index of words misses them."""


def search(connection: sa.Connection, words: str, *, voice: str | None, limit: int) -> tuple[Found, ...]:
    """Conversations in whose title all words stand, then those where one message has them all; newest first.

    A word may be the beginning of one. When no message has such words, a part of a word will do.
    """
    wanted = [word[:_LONGEST_WORD] for word in fold(writable(words)).split()[:MOST_WORDS]]
    limit = min(limit, MOST_FOUND)
    if not wanted or limit < 1:
        return ()
    query = sa.select(conversations).where(BEGUN, of(voice), _all_in(conversations.c.title, wanted))
    rows = {row.id: row for row in connection.execute(query.order_by(*NEWEST_FIRST).limit(limit))}
    hits = _messages_with(connection, wanted, voice=voice, limit=limit)
    missing = sa.select(conversations).where(conversations.c.id.in_(hits.keys() - rows.keys()))
    others = {row.id: row for row in connection.execute(missing)}
    rows |= {conversation: others[conversation] for conversation in hits if conversation in others}
    shown = [*rows.values()][:limit]
    message = {row.id: hits.get(row.id) or row.head or row.tip for row in shown}
    texts = contents(connection, message.values())
    return tuple(
        Found(info, excerpt(texts[message[info.id]], wanted), message[info.id]) for info in infos(connection, shown)
    )


def find(connection: sa.Connection, wanted: str, *, removed: bool | None) -> str:
    """The id of the conversation meant by an id, a title, the only beginning of an id, or words; in this order.

    One of those that were removed, when `removed`, never by words; of all when None: by a whole id any, else those that
    were not removed first.
    Raises NotFoundError.
    """
    wanted = writable(wanted).strip()
    scopes = (False, True) if removed is None else (removed,)
    for scope in scopes:
        if found := _by_id(connection, wanted, removed=scope):
            return found
    for scope in scopes:
        if found := (
            _by_title(connection, wanted, removed=scope)
            or _by_beginning(connection, wanted, removed=scope)
            or (None if scope else _by_words(connection, wanted))
        ):
            return found
    raise NotFoundError(f"There is no conversation {wanted!r}.", hint="persona sessions shows them.")


def excerpt(text: str, words: Sequence[str]) -> str:
    """The text around the first of these words, in one line."""
    line = " ".join(text.split())
    folded = fold(line)
    places = [place for word in words if (place := folded.find(word)) >= 0]
    start = max(min(places, default=0) - _AROUND, 0)
    if start:
        start = line.find(" ", start, start + _AROUND) + 1 or start
    shown = line[start : start + _EXCERPT]
    return f"{'… ' if start else ''}{shown}{' …' if start + _EXCERPT < len(line) else ''}"


def _by_id(connection: sa.Connection, wanted: str, *, removed: bool) -> str | None:
    query = sa.select(conversations.c.id).where(conversations.c.id == wanted.lower(), of(None, removed=removed))
    return connection.scalar(query)


def _by_title(connection: sa.Connection, wanted: str, *, removed: bool) -> str | None:
    """The newest with this title, in any case and with or without accents."""
    titled = of(None, removed=removed), sa.func.persona_fold(conversations.c.title) == fold(wanted)
    return connection.scalar(sa.select(conversations.c.id).where(*titled).order_by(*NEWEST_FIRST).limit(1))


def _by_beginning(connection: sa.Connection, wanted: str, *, removed: bool) -> str | None:
    if len(wanted) < LEAST_OF_ID:
        return None
    beginning = sa.func.substr(conversations.c.id, 1, len(wanted)) == wanted.lower()
    query = sa.select(conversations.c.id).where(of(None, removed=removed), beginning)
    found = connection.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _by_words(connection: sa.Connection, wanted: str) -> str | None:
    found = search(connection, wanted, voice=None, limit=1)
    return found[0].session.id if found else None


def _messages_with(
    connection: sa.Connection, wanted: Sequence[str], *, voice: str | None, limit: int
) -> dict[str, int]:
    """The newest such message of each conversation, newest first."""
    blanks = str.maketrans(BETWEEN_WORDS, " " * len(BETWEEN_WORDS))
    indexed = " ".join(wanted).translate(blanks).split()[:MOST_WORDS]
    hits: dict[str, int] = {}
    if indexed and not any(map(_UNSPACED.search, wanted)):
        if connection.dialect.name == "sqlite":
            match = FOUND_IN_SQLITE.bindparams(words=" ".join(f'"{word}"*' for word in indexed))
        else:
            match = FOUND_IN_POSTGRESQL.bindparams(words=" & ".join(f"'{word}':*" for word in indexed))
        hits = _newest(connection, match, voice=voice, limit=limit)
    return hits or _newest(connection, _all_in(messages.c.content, wanted), voice=voice, limit=limit)


def _newest(
    connection: sa.Connection, match: sa.ColumnElement[bool] | sa.TextClause, *, voice: str | None, limit: int
) -> dict[str, int]:
    newest = sa.func.max(messages.c.id)
    query = (
        sa.select(messages.c.conversation, newest.label("message"))
        .join(conversations, conversations.c.id == messages.c.conversation)
        .where(of(voice), messages.c.state != "streaming", messages.c.content != "", match)
        .group_by(messages.c.conversation)
        .order_by(newest.desc())
        .limit(limit)
    )
    return {row.conversation: row.message for row in connection.execute(query)}


def _all_in(column: sa.Column[str], wanted: Sequence[str]) -> sa.ColumnElement[bool]:
    return sa.and_(*[sa.func.persona_fold(column).contains(word, autoescape=True) for word in wanted])
