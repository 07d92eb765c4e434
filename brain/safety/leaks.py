"""Whether a draft gives away the prompt: its instructions, the policy, a demo's question, its machinery.

Texts are compared letter by letter, without the signs and spaces between, so that words spelled out, stretched over
lines or written in digits are the same words; and once more reversed, in rot13, and with base64 and hexadecimal words
decoded. What is given away in a few words at a time is not seen.
"""

from __future__ import annotations

import base64
import codecs
import re
import secrets
from functools import cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, Literal, NamedTuple

from brain.markers import control_mark
from brain.policy.disguises import reading
from brain.policy.fold import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from brain.models import Persona
    from brain.policy.fold import Folded
    from brain.policy.policy import Policy

# Letters, about eight words, that no two people say alike by chance: the longest run that any of 1,268 real messages
# and 60 drafts of the bundled voice shares with its prompt has 14.
RUN = 32
SHORTEST = 24  # letters of a line that is secret as a whole
CANARY = 20  # letters
_SEEN = 12  # letters of the canary that give it away
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_PLAIN_BASE64 = str.maketrans("-_", "+/")
_HEX = re.compile(r"(?:(?:\\?x)?[0-9a-fA-F]{2}[\s,:]{0,2}){12,}")
_HEX_DIGITS = re.compile(r"(?:\\?x)?([0-9a-fA-F]{2})")
_WORD = re.compile(r"\w+")
_LINE = re.compile(r"\n+|(?<=[.!?:])\s+")


class Leak(NamedTuple):
    """What a draft gives away, and where in its display text."""

    kind: Literal["prompt", "canary", "marker"]
    start: int
    end: int


class _Letters(NamedTuple):
    """The letters of a text alone; `places[i]` is where letter i stands in the display text."""

    text: str
    places: tuple[int, ...]

    def read(self) -> _Letters:
        """With digits and look-alike letters brought to one letter each."""
        return self._replace(text=reading(self.text))


class Leaks:
    """Finds secret texts in drafts; built once, calls no model, keeps nothing between calls."""

    def __init__(self, secret: Iterable[str], *, canary: str = "") -> None:
        """`canary` are letters that stand in the prompt for no other reason than to be found here."""
        self.canary = canary
        lines = {_plain(line) for text in secret for line in (text, *_LINE.split(text))}
        self._lines = frozenset(line for line in lines if SHORTEST <= len(line) < RUN)
        self._runs = frozenset(run for line in lines for run in _runs(line, RUN))
        self._canary = frozenset(_runs(_plain(canary), _SEEN))

    def find(self, draft: str, *, shown: Iterable[str] = (), said: Iterable[str] = ()) -> Leak | None:
        """The first leak in a draft, or None.

        `shown` are further secrets of this turn alone: the situation as worded, other people's messages in the demos.
        What was `said` in the conversation itself is none of those.
        """
        folded = fold(draft)
        if mark := control_mark(folded):
            return Leak("marker", *mark)
        views = tuple(_views(draft, folded))
        told = _all_runs(shown).intersection(run for letters in views for run in _runs(letters.text, RUN))
        runs = self._runs | (told - _all_runs(said)) if told else self._runs
        for letters in views:
            if at := _first(letters.text, self._canary, _SEEN):
                return Leak("canary", *_span(letters, *at))
            if at := _first(letters.text, runs, RUN) or self._whole_line(letters.text):
                return Leak("prompt", *_span(letters, *at))
        return None

    def _whole_line(self, letters: str) -> tuple[int, int] | None:
        for line in self._lines:
            if (start := letters.find(line)) >= 0:
                return start, start + len(line)
        return None


def new_canary() -> str:
    """Random letters, of which nobody says twelve in a row by chance."""
    return "".join(secrets.choice(ascii_lowercase) for _ in range(CANARY))


@cache
def canary_of_process() -> str:
    """The letters that every prompt of this process holds; a saved program takes none of them along."""
    return new_canary()


def secrets_of(persona: Persona, policy: Policy, wording: Iterable[str]) -> tuple[str, ...]:
    """What a prompt says that no reply should: `wording` (instructions, wishes), the policy, how the persona is told.

    What the persona is and knows is no secret: replies lean on it.
    """
    style = (f"How you write: {'; '.join(persona.style)}.", *persona.style)
    return (*wording, *policy.forbidden.values(), *persona.limits, *style)


def _views(draft: str, folded: Folded) -> Iterator[_Letters]:
    """The letters of a draft as they stand, from behind, word by word from behind, in rot13, and what is encoded."""
    plain = _letters(folded)
    yield plain.read()
    yield _Letters(plain.text[::-1], plain.places[::-1]).read()
    words = [range(*word.span()) for word in _WORD.finditer(folded.text)]
    yield _letters(folded, [place for word in reversed(words) for place in word]).read()
    yield _Letters(codecs.encode(plain.text, "rot13"), plain.places).read()
    for inside, start, end in _decoded(draft):
        text = _letters(fold(inside)).text
        yield _Letters(text, (start, *[end - 1] * (len(text) - 1))).read()


def _letters(folded: Folded, places: Sequence[int] | None = None) -> _Letters:
    kept = [place for place in (range(len(folded.text)) if places is None else places) if folded.text[place].isalnum()]
    return _Letters("".join(folded.text[place] for place in kept), tuple(folded.offsets[place] for place in kept))


def _decoded(draft: str) -> Iterator[tuple[str, int, int]]:
    """The texts inside base64 and hexadecimal words, and their places; a word broken over lines is one."""
    words = list(_BASE64.finditer(draft))
    joined = [(word.group(), *word.span()) for word in words]
    if len(words) > 1:
        joined.append(("".join(word.group() for word in words), words[0].start(), words[-1].end()))
    for word, start, end in joined:
        yield _from_base64(word), start, end
    for digits in _HEX.finditer(draft):
        pairs = "".join(_HEX_DIGITS.findall(digits.group()))
        yield bytes.fromhex(pairs).decode("utf-8", "ignore"), *digits.span()


def _from_base64(word: str) -> str:
    """The text inside, as far as its letters go in whole groups of four."""
    letters = word.rstrip("=").translate(_PLAIN_BASE64)
    return base64.b64decode(letters[: len(letters) // 4 * 4]).decode("utf-8", "ignore")


def _plain(text: str) -> str:
    return _letters(fold(text)).read().text


def _all_runs(texts: Iterable[str]) -> set[str]:
    return {run for text in texts for run in _runs(_plain(text), RUN)}


def _runs(letters: str, length: int) -> Iterator[str]:
    return (letters[at : at + length] for at in range(len(letters) - length + 1))


def _first(letters: str, known: Collection[str], length: int) -> tuple[int, int] | None:
    return next(((at, at + length) for at, run in enumerate(_runs(letters, length)) if run in known), None)


def _span(letters: _Letters, start: int, end: int) -> tuple[int, int]:
    shown = letters.places[start:end]
    return min(shown), max(shown) + 1
