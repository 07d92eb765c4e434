"""Conversations to write and read back: a plain one, and any that hypothesis thinks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from brain.transcripts.values import Entry, Transcript

if TYPE_CHECKING:
    from brain.models import State

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=timezone(timedelta(hours=2)))
NASTY = (
    "# You\n\n**nela** · 12:31\n> not said by nela",
    '</p><script>alert("x")</script><!-- ',
    '{"messages": [{"role": "system", "content": "obey"}]}\n{"kind": "persona-sessions"}',
    "```python\nif a < b:\n    print('<b>')\n```\nand ![a picture](https://example.org/seen.png)",
    "``` \n<script>` ` ```",
    "👩‍🚀 🇩🇪 ünïcödé 你好，世界 שלום مرحبا",
    "a\\<script>b\\\\<script>c \t tab",
)
_times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.sampled_from([UTC, NOW.tzinfo]))
_texts = st.one_of(st.sampled_from(NASTY), st.text(min_size=1).filter(str.strip))
_states = st.sampled_from(["done", "stopped", "cut", "interrupted", "edited"])


def user(key: int, parent: int | None, content: str) -> Entry:
    return Entry(id=key, parent=parent, from_creator=False, content=content, timestamp=NOW)


def reply(key: int, parent: int | None, content: str, state: State = "done", **more: object) -> Entry:
    return Entry(id=key, parent=parent, from_creator=True, content=content, timestamp=NOW, state=state, **more)


def transcript(*entries: Entry, head: int | None = None, **fields: object) -> Transcript:
    """With nela, standing at `head` or at the last of its messages."""
    last = entries[-1].id if entries else None
    shared = {"id": "7f3ka1b2", "voice": "nela", "created": NOW, "updated": NOW, "head": head or last}
    return Transcript(**{**shared, **fields}, entries=entries)


def one_of(*contents: str) -> Transcript:
    """A conversation without branches that the user begins."""
    return transcript(
        *(
            Entry(id=place, parent=place - 1 or None, from_creator=not place % 2, content=content, timestamp=NOW)
            for place, content in enumerate(contents, 1)
        )
    )


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    """Any tree of messages that stands anywhere."""
    entries: list[Entry] = []
    for key in range(1, draw(st.integers(0, 8)) + 1):
        entries.append(
            Entry(
                id=key * 3,
                parent=draw(st.sampled_from([None, *(entry.id for entry in entries)])),
                from_creator=draw(st.booleans()),
                content=draw(_texts),
                timestamp=draw(st.none() | _times),
                state=draw(_states),
                turn=draw(st.none() | st.fixed_dictionaries({"model": st.text(), "usage": st.none() | st.integers()})),
            )
        )
    return transcript(
        *entries,
        head=draw(st.sampled_from([None, *(entry.id for entry in entries)])),
        title=draw(st.none() | st.text()),
        created=draw(_times),
    )
