"""Why the replies of a conversation read as they do."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from brain.store.tables import messages


def turns_of(connection: sa.Connection, conversation: str) -> dict[int, dict[str, Any]]:
    """What was kept for each reply that has an explanation, by its id."""
    query = sa.select(messages.c.id, messages.c.turn).where(messages.c.conversation == conversation)
    return {row.id: row.turn for row in connection.execute(query) if row.turn is not None}
