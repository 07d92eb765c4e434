"""Rhythm: each reply takes the outward form of a real one that answered something alike.

Left alone a small model writes five times too long and ends every reply the same way. A form is drawn from the
client's own replies to the messages nearest to this one, so that over many replies lengths, lines, endings, capitals
and emoji come at the client's own rates, and together as the client joins them. A draft is bent to it in what shows and
not in what is said: sentences and trailing clauses are left out, lines and end marks set, letters made small, emoji
added or dropped; no word is put in another's place.

A long draft has more than one run of sentences of the wanted length; which of them is said is chosen by ear.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from brain.emoji import EMOJI

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_BREAK = re.compile(r"(?<=[.!?…])[\"')\]]*(?:\s+|$)|\n+")
_CLAUSE = re.compile(r"(?:,|;|:| -+| –| —)\s+")
_HANGS = re.compile(  # what is left out would have turned or bound what stays
    r"\s*(?:but|if|unless|because|cause|cuz|except|until|till|otherwise|though|although|only|when|as long)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:no|not|never|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_SHORT_FORM = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|st|vs|etc|e\.g|i\.e|approx)|(?<![\w'’])\w|(?:^|\n)\s*\d+)\.\s*\Z", re.IGNORECASE
)
_NO_WORD = re.compile(r"://|^www\.|@|/")
_MARK = re.compile(r"[.!…]+\Z")
_PICTURES = re.compile(rf"(?:\s*(?:{EMOJI.pattern}))*\s*\Z")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STAYS_CAPITAL = re.compile(r"I\b|[A-Z][A-Z0-9]|@|https?:")
_LINE_END = re.compile(r"(\S)\s*\n\s*")
_TOO_LONG = 1.5
_MOST_SENTENCES = 12
_SLACK = 3  # words
_NEARLY = 0.25  # of the wanted length: what is no further off than the nearest may be chosen by ear


NEAR = 20  # a form is drawn from the replies to so many of the nearest messages


class Form(NamedTuple):
    """What shows of a reply from across the room."""

    words: int
    lines: int = 1
    lowered: bool = False  # no capitals but for a shouted word
    starts_lower: bool = False
    mark: str = "."  # what ends it when it does not ask
    asks: bool = False  # it ends with a question
    emoji: tuple[str, ...] = ()


def form_of(reply: str) -> Form:
    """The form of a real reply."""
    plain = EMOJI.sub("", reply).rstrip()
    mark = _MARK.search(plain)
    first = next((char for char in plain if char.isalpha()), "")
    return Form(
        words=len(reply.split()),
        lines=len([line for line in reply.splitlines() if line.strip()]),
        lowered=lowered(reply) == reply,
        starts_lower=first.islower(),
        mark=mark[0] if mark else "",
        asks=asks(reply),
        emoji=tuple(EMOJI.findall(reply)),
    )


def drawn(replies: Sequence[str], dice: Random) -> Form | None:
    """The form of one of these replies; None when there is none.

    One that asks lends its mark from another that does not, for the draft that will not ask.
    """
    if not replies:
        return None
    form = form_of(dice.choice(replies))
    plain = [reply for reply in replies if not asks(reply)]
    return form._replace(mark=form_of(dice.choice(plain)).mark) if form.asks and plain else form


def asks(text: str) -> bool:
    """Whether it ends with a question, emoji aside."""
    return EMOJI.sub("", text).rstrip().endswith("?")


def shapings(draft: str, form: Form, *, cut: bool = False) -> list[str]:
    """What the draft could be in this form, never empty: every run of its sentences of about the wanted length.

    The nearest to that length comes first. A run that asks, or does not, as the form does is preferred. `cut` says that
    the model was stopped: an unfinished last sentence is left out.
    """
    sentences = _sentences(draft.strip())
    if cut and len(sentences) > 1 and not _whole(sentences[-1]):
        sentences = sentences[:-1]
    runs = [
        _within("".join(sentences[start:end]).strip(), form.words)
        for start in range(min(len(sentences), _MOST_SENTENCES))
        for end in range(start + 1, min(len(sentences), start + _MOST_SENTENCES) + 1)
    ]
    runs = [run for run in runs if asks(run) == form.asks] or runs
    off = {run: abs(len(run.split()) - form.words) / (form.words + _SLACK) for run in runs}
    nearest = min(off.values(), default=0.0)
    formed = [_formed(run, form) for run in sorted(off, key=lambda run: off[run]) if off[run] <= nearest + _NEARLY]
    return [text for text in dict.fromkeys(formed) if text.strip()] or [draft]


def shortened(draft: str, longest: int) -> str:
    """The draft, ended after the last whole sentence within `longest` words; its first sentence always stays."""
    if len(draft.split()) <= longest:
        return draft
    kept = ""
    for sentence in _sentences(draft):
        if kept and len((kept + sentence).split()) > longest:
            break
        kept += sentence
    kept = kept.strip()
    return kept if len(kept.split()) <= longest or _whole(kept) else " ".join(kept.split()[:longest])


def lowered(text: str) -> str:
    """In small letters, but for a word shouted in capitals; links, addresses and names called keep theirs."""
    return "".join(part if _NO_WORD.search(part) else _WORD.sub(_small, part) for part in re.split(r"(\s+)", text))


def _small(word: re.Match[str]) -> str:
    return word[0] if len(word[0]) > 1 and word[0].isupper() else word[0].lower()


def _formed(text: str, form: Form) -> str:
    return _cased(_with_emoji(_marked(_on_lines(text, form), form.mark), form.emoji), form)


def _sentences(text: str) -> list[str]:
    """The sentences, each with the space behind it; joined they are the text."""
    ends = [
        match.end()
        for match in _BREAK.finditer(text)
        if match.end() < len(text) and not _SHORT_FORM.search(text[: match.end()].rstrip(" "))
    ]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]


def _whole(sentence: str) -> bool:
    return EMOJI.sub("", sentence).rstrip()[-1:] in {*".!?…\"')"}


def _within(sentence: str, words: int) -> str:
    """A sentence far too long ends at one of its clauses, if one lies near the wanted length.

    Not where what follows turns or binds what stays: "i would love that, but i can't" is no yes.
    """
    if len(sentence.split()) <= max(words * _TOO_LONG, words + 3):
        return sentence
    clauses = [
        sentence[: match.start()]
        for match in _CLAUSE.finditer(sentence)
        if not _HANGS.match(rest := sentence[match.end() :])
        and not _DENIES.search(rest)
        and not _DENIES.search(sentence[: match.start()].rpartition(" ")[2])
    ]
    near = [clause for clause in clauses if words * 0.5 <= len(clause.split()) <= words * _TOO_LONG]
    return min(near, key=lambda clause: abs(len(clause.split()) - words), default=sentence)


def _on_lines(text: str, form: Form) -> str:
    if form.lines <= 1:
        return _LINE_END.sub(
            lambda end: f"{end[1]} " if not end[1].isalnum() else f"{end[1]}{form.mark[:1] or ','} ", text
        )
    if "\n" in text:
        return text
    sentences = [sentence.strip() for sentence in _sentences(text)]
    share = -(-len(sentences) // form.lines)
    return "\n".join(" ".join(sentences[at : at + share]) for at in range(0, len(sentences), share))


def _marked(text: str, mark: str) -> str:
    """Ends with this mark, before its last emoji, unless it asks or ends with a link or a bracket."""
    pictures = _PICTURES.search(text)
    assert pictures is not None, "it matches the empty end"
    body = _MARK.sub("", text[: pictures.start()])
    if not body[-1:].isalnum() or "://" in body.rsplit(maxsplit=1)[-1]:
        return text
    return body + mark + pictures[0]


def _with_emoji(text: str, emoji: tuple[str, ...]) -> str:
    """As many emoji as the form has: the draft's own first, then the form's, at the end."""
    own = EMOJI.findall(text)
    if len(own) > len(emoji):
        text = EMOJI.sub(_gap, text, count=len(own) - len(emoji)).strip()
        return re.sub(r"(?<!\S)[ \t]+(?=\S)", "", text)
    return f"{text.rstrip()} {''.join(emoji[len(own) :])}" if len(own) < len(emoji) else text


def _gap(picture: re.Match[str]) -> str:
    """What stays of an emoji that goes: a space before a word, or two words would become one."""
    return " " if picture.string[picture.end() : picture.end() + 1].isalnum() else ""


def _cased(text: str, form: Form) -> str:
    if form.lowered:
        return lowered(text)
    if not text[:1].isalpha() or _STAYS_CAPITAL.match(text):
        return text
    return (text[0].lower() if form.starts_lower else text[0].upper()) + text[1:]
