"""The full-text index over every message that is whole; both databases keep it in step by themselves.

A reply that is still being written is not in it, so its growing costs nothing.
"""

from __future__ import annotations

from string import punctuation

import sqlalchemy as sa

BETWEEN_WORDS = punctuation
_LONGEST = 200_000  # PostgreSQL indexes a megabyte of one message at most

SQLITE_INDEX = (
    "CREATE VIEW whole_messages AS SELECT id, content FROM messages WHERE state <> 'streaming'",
    """CREATE VIRTUAL TABLE messages_search USING fts5(
        content, content='whole_messages', content_rowid='id', tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER messages_search_add AFTER INSERT ON messages WHEN new.state <> 'streaming' BEGIN
        INSERT INTO messages_search(rowid, content) VALUES (new.id, new.content);
    END""",
    """CREATE TRIGGER messages_search_change AFTER UPDATE OF content, state ON messages BEGIN
        INSERT INTO messages_search(messages_search, rowid, content)
            SELECT 'delete', old.id, old.content WHERE old.state <> 'streaming';
        INSERT INTO messages_search(rowid, content) SELECT new.id, new.content WHERE new.state <> 'streaming';
    END""",
    """CREATE TRIGGER messages_search_remove AFTER DELETE ON messages WHEN old.state <> 'streaming' BEGIN
        INSERT INTO messages_search(messages_search, rowid, content) VALUES ('delete', old.id, old.content);
    END""",
)


def _vector(content: str) -> str:
    """PostgreSQL would take "tea/coffee" for a path and find no coffee in it, so such marks become blanks."""
    marks = BETWEEN_WORDS.replace("'", "''")
    blanks = f"translate(persona_fold({content}), '{marks}', repeat(' ', {len(BETWEEN_WORDS)}))"
    return f"to_tsvector('simple', left({blanks}, {_LONGEST}))"


def postgresql_index(*, icu: bool) -> tuple[str, ...]:
    """With ICU, capitals of every script are known, whatever language the database was made for."""
    collation = 'COLLATE "und-x-icu"' if icu else ""
    plain = "normalize(regexp_replace(normalize(written, NFD), '[\\u0300-\\u036f]', '', 'g'), NFC)"
    return (
        f"""CREATE OR REPLACE FUNCTION persona_fold(written text) RETURNS text
            LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
            $$SELECT CASE WHEN octet_length(written) = length(written) THEN lower(written)
                ELSE lower({plain} {collation}) END$$""",
        f"CREATE INDEX messages_search ON messages USING gin ({_vector('content')}) WHERE state <> 'streaming'",
    )


FOUND_IN_SQLITE = sa.text("messages.id IN (SELECT rowid FROM messages_search WHERE messages_search MATCH :words)")
FOUND_IN_POSTGRESQL = sa.text(f"{_vector('messages.content')} @@ to_tsquery('simple', :words)")
