"""Finds the platforms that a text names: exactly, in pieces, by address, or by a word and the company it keeps."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from brain.policy.cues import Place, is_named
from brain.policy.disguises import reading
from brain.policy.fold import Folded, fold
from brain.policy.hidden_names import HiddenNames
from brain.policy.hosts import addresses
from brain.policy.mentions import Mention, Name, names_in_one_piece, names_in_pieces
from brain.policy.tokens import Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from brain.policy.lexicon import Lexicon, Platform

MOST_PIECES = 4  # a name in more pieces than this is spelled out letter by letter
PEERS = 4  # names on either side that may vouch for one
PEERS_REACH = 40  # characters within which one platform vouches for another
_GAP = re.compile(r"(?!(?:[.!?;,]\s|\n))[\W_]{0,3}")


class _Candidate(NamedTuple):
    """A name found at the tokens from `first` to `last`."""

    name: Name
    first: int
    last: int
    how: str = "name"


class Names:
    """The names of a lexicon ready to be looked up. Building it once per policy is what makes a look cheap."""

    def __init__(self, lexicon: Lexicon, platforms: Iterable[Platform]) -> None:
        platforms = tuple(platforms)
        self._cues = lexicon.cues
        self._whole = names_in_one_piece(platforms)
        self._split = names_in_pieces(platforms)
        self._split_read = {reading(letters): name for letters, name in self._split.items()}
        self._longest = max(map(len, self._split), default=0)
        self._signs = frozenset(name for name in self._whole if len(name) == 1 and not name.isalnum())
        self._hosts: dict[str, Platform | None] = dict.fromkeys(lexicon.allowed_hosts)
        for platform in platforms:
            self._hosts |= dict.fromkeys(platform.hosts, platform)
        self._allowed = re.compile("|".join(rf"(?<!\w)(?:{spelling})(?!\w)" for spelling in lexicon.allowed))
        self._hidden = HiddenNames(self._whole, lexicon)

    def find(self, display: str, folded: Folded | None = None) -> list[Mention]:
        """Every platform that a display text names, in order of place."""
        folded = folded or fold(display)
        tokens = tokenise(folded.text, self._signs)
        allowed = [folded.span(*match.span()) for match in self._allowed.finditer(folded.text)]
        mentions: list[Mention] = []
        for address in addresses(folded, self._hosts):
            if platform := self._hosts[address.host]:
                found = Mention(platform.id, platform.category, address.start, address.end, "address", 0.99)
                mentions.append(found)
            else:
                allowed.append((address.start, address.end))
        candidates = [*self._look_up(tokens, folded.text)]
        mentions += [_mention(found, tokens, folded) for found in candidates if not found.name.word]
        mentions += self._hidden.find(display, tokens, folded)
        mentions = [mention for mention in mentions if not _is_inside(mention, allowed)]
        doubtful = [found for found in candidates if found.name.word]
        doubtful += [_Candidate(*found, "signs") for found in self._hidden.words(display, tokens, folded)]
        in_company = list(self._in_company(doubtful, tokens, folded, display, mentions))
        mentions += [mention for mention in in_company if not _is_inside(mention, allowed)]
        unique = {(mention.platform, mention.start, mention.end): mention for mention in reversed(mentions)}
        return sorted(unique.values(), key=lambda mention: (mention.start, -mention.confidence))

    def allows(self, text: str) -> bool:
        """Whether a folded text names an allowed platform: what it leads to is then most likely that one."""
        return self._allowed.search(text) is not None

    def _look_up(self, tokens: Sequence[Token], text: str) -> Iterator[_Candidate]:
        for first, token in enumerate(tokens):
            if name := self._whole.get(token.text):
                yield _Candidate(name, first, first)
            letters = token.text
            for last in range(first + 1, min(first + MOST_PIECES, len(tokens))):
                letters += tokens[last].text
                if len(letters) > self._longest or not _GAP.fullmatch(text, tokens[last - 1].end, tokens[last].start):
                    break
                name = self._split.get(letters)
                if not name and not letters.isalpha():
                    name = self._split_read.get(reading(letters))
                if name:
                    yield _Candidate(name, first, last, "pieces")

    def _in_company(
        self,
        doubtful: Sequence[_Candidate],
        tokens: Sequence[Token],
        folded: Folded,
        display: str,
        sure: Sequence[Mention],
    ) -> Iterator[Mention]:
        """The words among `doubtful` that their company makes a name."""
        read = [(found, found.name.word, _mention(found, tokens, folded)) for found in doubtful]
        whole = ((word, mention) for found, word, mention in read if found.how != "pieces")
        vouching = [mention for word, mention in whole if word and "peer" in word.enough]
        peers = sorted((*sure, *vouching), key=_start)
        for found, word, mention in read:
            here = bisect_left(peers, mention.start, key=_start)
            peer = any(_is_near(mention, other) for other in peers[max(0, here - PEERS) : here + PEERS])
            place = Place(found.first, found.last, tokens, folded, display)
            if word and is_named(word, place, self._cues, peer=peer, disguised=found.how == "signs"):
                yield mention


def _start(mention: Mention) -> int:
    return mention.start


def _mention(found: _Candidate, tokens: Sequence[Token], folded: Folded) -> Mention:
    platform = found.name.platform
    start, end = folded.span(tokens[found.first].start, tokens[found.last].end)
    confidence = 0.9 if found.name.word else 0.99
    return Mention(platform.id, platform.category, start, end, found.how, confidence)


def _is_inside(mention: Mention, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in spans)


def _is_near(one: Mention, other: Mention) -> bool:
    return (
        one.platform != other.platform
        and max(one.start, other.start) - min(one.end, other.end) <= PEERS_REACH
        and (one.start, one.end) != (other.start, other.end)
    )
