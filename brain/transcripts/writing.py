"""Every form in which a conversation can leave the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brain.transcripts.chat_jsonl import write_chat_jsonl
from brain.transcripts.html import write_html
from brain.transcripts.json_document import write_json
from brain.transcripts.markdown import write_markdown
from brain.transcripts.tavern import write_tavern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from brain.transcripts.forms import Form
    from brain.transcripts.values import Transcript

_WRITERS_OF_ONE = {"md": write_markdown, "html": write_html, "tavern": write_tavern}


def write(transcripts: Iterable[Transcript], form: Form) -> Iterator[str]:
    """The text of a file, in pieces as the transcripts come. Only FORMS_OF_MANY hold more than one."""
    if form == "json":
        yield from write_json(transcripts)
    elif form == "jsonl":
        yield from write_chat_jsonl(transcripts)
    else:
        for transcript in transcripts:
            yield from _WRITERS_OF_ONE[form](transcript)
