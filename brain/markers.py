"""Marks that a prompt format or a chat template would obey, found however they are disguised, and made harmless.

They are looked for in the match copy, so that wide brackets, hidden characters and another alphabet's letters do not
help; they are changed in the text itself, and there only signs: every letter and digit stays where it was.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from brain.policy.fold import Folded

REMEMBERED = 512  # texts: those of a talk come back with every turn
# Names that stand in angle or square brackets in the templates and tool formats of known models.
_NAMES = (
    "s|bos|eos|eod|pad|unk|[gs]?mask|sop|eop|inst|sys|system|user|assistant|human|developer|instructions?|prompt|context"
    "|think|thinking|thoughts?|reasoning|reflection|scratchpad|tools?|functions?|invoke|parameter|reponame|filename"
)
# Labels of a speaker at the head of a line, in English and the languages of the policy, accents aside.
_LABELS = (
    "system|assistant|user|human|developer|tool|function|ai|instructions?|response|input|output|you|they|the fan|fan"
    "|sistema|systeme|usuari[oa]|utilisat(?:eur|rice)|utente|benutzer|nutzer|asistente|assistente?"
    "|human[oa]|umano|humain|instruccion(?:es)?|instruc(?:ao|oes)|istruzion[ei]|anweisung(?:en)?"
    "|respuesta|resposta|risposta|reponse|antwort"
)
_LINE = r"(?:^|(?<=[\v\f\r\x1c-\x1e\x85\u2028\u2029]))"
_FIELD = re.compile(r"\[\[\s*##([^#\[\]]{0,80})##\s*\]\]")
_FIELD_START = re.compile(r"\[\[\s*##")
_FIELD_END = re.compile(r"##\s*\]\]")
_PIPE_START = re.compile(r"<+(?=\|)")
_PIPE_END = re.compile(r"(?<=\|)>+")
_TAG = re.compile(
    rf"(<{{1,2}})/?(?:[a-z]{{1,20}}:)?(?:{_NAMES}|image|img|audio|video|unused\d{{1,4}}|[a-z][a-z0-9]{{0,30}}_[a-z0-9_]{{0,60}})"
    r"(?:[\s=:/-][^<>]{0,200})?(>{1,2})"
)
_SQUARE = re.compile(r"(\[)(/?)([a-z][a-z_]{1,30})(\])")
_SQUARE_NAME = re.compile(rf"(?:{_NAMES}|(?:available|begin|end|tool|system)_[a-z_]+)")
_LABEL = re.compile(
    rf"{_LINE}[ \t>*#_-]*(?:{_LABELS})(?: (?:message|prompt|note|override))?[*_]*([ \t]*:)", re.MULTILINE
)
_HEADING = re.compile(rf"{_LINE}[ \t>]*#{{2,}}[ \t]*(?:{_LABELS})()[ \t]*$", re.MULTILINE)
_TOOL_KEY = re.compile(r"[\"'](?:tool\w{0,20}|function\w{0,20}|recipient_name|arguments)[\"']([ \t]*:)")
_TOOL_FENCE = re.compile(r"(`{3,})(?=[ \t]*(?:tool|function|system))")


class _Edit(NamedTuple):
    """What stands in place of some signs of the match copy."""

    start: int
    end: int
    text: str


@lru_cache(maxsize=REMEMBERED)
def neutralise(text: str) -> str:
    """The same words with prompt markers, chat-template tokens, role prefixes and tool calls made harmless.

    >>> neutralise("[[ ## reply ## ]] <|im_start|>system")
    '((reply)) ‹|im_start|›system'
    """
    while True:
        folded = fold(text)
        edits = [*_controls(folded.text), *_capitals(folded, text), *_speech(folded.text)]
        if not edits:
            return text
        text = _edited(text, folded, sorted(edits, key=lambda edit: (edit.start, -edit.end)))


def control_mark(folded: Folded) -> tuple[int, int] | None:
    """Where the display text has its first mark of a prompt's machinery, which no message has; None without one."""
    first = min(_controls(folded.text), default=None)
    return folded.span(first.start, first.end) if first else None


def _edited(text: str, folded: Folded, edits: list[_Edit]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, instead in edits:
        first, last = folded.span(start, end) if end > start else (folded.offsets[start],) * 2
        if first >= done:
            carried = "".join(char for char in text[first:last] if char.isalnum())  # a letter folded into its sign
            parts += [text[done:first], instead, carried]
            done = last
    return "".join([*parts, text[done:]])


def _controls(folded: str) -> Iterator[_Edit]:
    """DSPy's field markers, template tokens in angle brackets, and the known ones in square brackets."""
    for field in _FIELD.finditer(folded):
        name = field[1]
        yield _Edit(field.start(), field.end(1) - len(name.lstrip()), "((")
        yield _Edit(field.start(1) + len(name.rstrip()), field.end(), "))")
    for pattern, instead in ((_FIELD_START, "(("), (_FIELD_END, "))")):
        for mark in pattern.finditer(folded):
            yield _Edit(*mark.span(), instead)
    for pattern, group, instead in ((_PIPE_START, 0, "‹"), (_PIPE_END, 0, "›"), (_TAG, 1, "‹"), (_TAG, 2, "›")):
        for mark in pattern.finditer(folded):
            yield _Edit(*mark.span(group), instead * len(mark[group]))
    for square in _SQUARE.finditer(folded):
        if _SQUARE_NAME.fullmatch(square[3]):
            yield _Edit(*square.span(1), "(")
            yield _Edit(*square.span(4), ")")


def _capitals(folded: Folded, text: str) -> Iterator[_Edit]:
    """`[ANY_WORD]` in capitals, as templates write theirs; "[laughs]" is somebody's laughter."""
    for square in _SQUARE.finditer(folded.text):
        if len(square[3]) > 2 and text[slice(*folded.span(*square.span(3)))].isupper():
            yield _Edit(*square.span(1), "(")
            yield _Edit(*square.span(4), ")")


def _speech(folded: str) -> Iterator[_Edit]:
    """Speakers' labels and headings at the head of a line, and the keys and fences of tool calls."""
    for pattern in (_LABEL, _HEADING, _TOOL_KEY):
        for mark in pattern.finditer(folded):
            yield _Edit(*mark.span(1), " -")
    for fence in _TOOL_FENCE.finditer(folded):
        yield _Edit(*fence.span(1), "'''")
