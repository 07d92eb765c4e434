"""What a search for words found."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from brain.flags import note
from brain.sanitise import display
from brain.terminal.ago import ago
from brain.terminal.console import build_console
from brain.terminal.sessions_list import heading, session_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.store.values import Found

_INDENT = 4


def found_document(found: Sequence[Found]) -> str:
    """The matches as one JSON document."""
    return json.dumps(
        {
            "found": [
                {"session": session_fields(each.session), "excerpt": each.excerpt, "message": each.message}
                for each in found
            ]
        }
    )


def print_found(found: Sequence[Found], words: Sequence[str]) -> None:
    """Each conversation with the place that speaks for it; the words are bold where the terminal can."""
    if not found:
        note(f"Nothing was found for {display(' '.join(words))}.")
        return
    console = build_console()
    now = datetime.now().astimezone()
    for each in found:
        session = each.session
        facts = f"  {display(session.voice)} · {ago(session.updated, now)} · "
        line = Text.assemble((session.id, "bold"), facts, heading(session))
        line.truncate(console.width, overflow="ellipsis")
        excerpt = Text(" ".join(display(each.excerpt).split()))
        excerpt.highlight_words([word for text in words for word in text.split()], "bold", case_sensitive=False)
        console.print(line, soft_wrap=True)
        console.print(Padding(excerpt, (0, 0, 0, _INDENT), expand=False))
