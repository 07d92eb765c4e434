"""One conversation on the screen, as it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from brain.terminal.render import Screen
from brain.transcripts.json_document import as_fields
from brain.transcripts.wording import facts

if TYPE_CHECKING:
    from brain.transcripts.values import Transcript


def transcript_document(transcript: Transcript) -> str:
    """The conversation, with every branch, as one JSON document."""
    return json.dumps(as_fields(transcript))


def print_transcript(transcript: Transcript) -> None:
    """The messages from the first to where it stands; a reply that is not whole says so."""
    screen = Screen()
    if transcript.title:
        screen.note(transcript.title)
    screen.note(facts(transcript))
    screen.console.print()
    for entry in transcript.path:
        if entry.from_creator:
            screen.reply(transcript.voice, entry.content, mark=entry.mark)
        else:
            screen.said(entry.content)
