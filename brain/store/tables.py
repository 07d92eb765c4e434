"""The tables of the store, as they are in its newest version; `migrations` brings an older file here."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 2

metadata = sa.MetaData()

schema_version = sa.Table("schema_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("voice", sa.String, nullable=False),
    sa.Column("created", sa.String, nullable=False),
    sa.Column("updated", sa.String, nullable=False, index=True),
    sa.Column("head", sa.Integer),  # where the conversation stands
    sa.Column("tip", sa.Integer),  # how far it once went: what was undone lies between head and tip
    sa.Column("title", sa.Text),
    sa.Column("deleted", sa.String),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("parent", sa.ForeignKey("messages.id"), index=True),
    sa.Column("from_creator", sa.Boolean, nullable=False),
    sa.Column("content", sa.Text, nullable=False),  # empty while no word of a reply has come
    sa.Column("timestamp", sa.String, nullable=False),
    sa.Column("turn", sa.JSON),  # why a reply reads as it does: situation, verdict, demos, usage
    sa.Column("state", sa.String, nullable=False, server_default="done"),
    sa.Column("owner", sa.String),  # the process that writes, or wrote, this reply
    sa.Column("heartbeat", sa.Double),  # seconds since 1970 when it last gave a sign of life
    sa.Column("head_before", sa.Integer),  # where the head goes back to if no word of the reply comes
    sa.Column("prompt", sa.JSON),  # for each call of the model the keys of its `parts`
)

streaming = sa.Index(
    "messages_streaming",
    messages.c.state,
    sqlite_where=messages.c.state == "streaming",
    postgresql_where=messages.c.state == "streaming",
)

parts = sa.Table(
    "parts",
    metadata,
    sa.Column("conversation", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("key", sa.String, primary_key=True),  # of its role and content
    sa.Column("role", sa.String, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
)
