"""A store as version 1 of it made them, table by table; never to be brought up to date."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    PRIMARY KEY (version)
);
CREATE TABLE conversations (
    id VARCHAR NOT NULL,
    voice VARCHAR NOT NULL,
    created VARCHAR NOT NULL,
    updated VARCHAR NOT NULL,
    head INTEGER,
    PRIMARY KEY (id)
);
CREATE INDEX ix_conversations_updated ON conversations (updated);
CREATE TABLE messages (
    id INTEGER NOT NULL,
    conversation VARCHAR NOT NULL,
    parent INTEGER,
    from_creator BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    timestamp VARCHAR NOT NULL,
    turn JSON,
    PRIMARY KEY (id),
    FOREIGN KEY(conversation) REFERENCES conversations (id),
    FOREIGN KEY(parent) REFERENCES messages (id)
);
CREATE INDEX ix_messages_conversation ON messages (conversation);
"""
ROWS = """
INSERT INTO schema_version VALUES (1);
INSERT INTO conversations VALUES
    ('0a1b2c3d', 'nela', '2026-05-04T10:30:00+00:00', '2026-05-04T10:31:00+00:00', 4),
    ('11111111', 'ann', '2026-05-03T10:30:00+00:00', '2026-05-03T10:30:00+00:00', NULL);
INSERT INTO messages VALUES
    (1, '0a1b2c3d', NULL, 0, 'hi, is the kettle on?', '2026-05-04T12:30:00+02:00', 'null'),
    (2, '0a1b2c3d', 1, 1, 'no', '2026-05-04T12:30:05+02:00', '{"model": "m"}'),
    (3, '0a1b2c3d', 1, 1, 'always', '2026-05-04T12:30:30+02:00', '{"model": "m"}'),
    (4, '0a1b2c3d', 3, 0, 'good', '2026-05-04T12:31:00+02:00', 'null');
"""


def write_version_1(path: Path) -> None:
    """Two conversations, one with a retried reply and one without a word."""
    path.parent.mkdir(mode=0o700)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript(SCHEMA + ROWS)
