"""A model's accent: the little words and marks it uses more, or less, than the client whose voice it speaks in.

Style lives in function words and punctuation (Mosteller and Wallace 1964), and every model has favourites of its own
("you're", "great", "!"). Where an engine takes a bias on tokens, the favourites are talked out of it: the model's
next-token distribution is multiplied by the ratio of the client's rate of a word to the rate in the model's own drafts,
a product of experts of the simplest kind (Hinton 2002). Words that carry a subject are left alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from brain import style_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from brain.models import Accent

_TOKEN = re.compile(r"['’](?:s|m|re|ve|ll|d)\b|[a-z]+?(?=n['’]t\b)|n['’]t\b|[^\W\d_]+|[.!…]+|[?,:;()\"]")
_CONTRACTED = ("'s", "'m", "'re", "'ve", "'ll", "'d", "n't")
_MARKS = ("!", "?", ",", ".", ":", ";", "(", "...", "…", '"')
_PRIOR = 200.0  # tokens: how much is taken for equal before it is seen
_FEWEST = 8  # times a word was seen on both sides together
_LEAST, _MOST = -3.0, 1.5
_STRENGTH = 0.5  # voice of one draft on the bundled voice: 0.74 at 0, 0.88 at 0.5, 0.42 at 1; on a chat of developers
# 0.28 at 0, 0.60 at 1 (48 held-out messages each, intervals of about 0.3)
_SLIGHT = 0.2  # a smaller bias is none


def learn_accent(own: Sequence[str], drafts: Sequence[str]) -> Accent:
    """The bias of each little word and mark, in natural logarithms of odds, -3.0 to 1.5; case aside.

    `drafts` are what the model wrote for this client, as it wrote it: neither shortened nor chosen.
    """
    client, model = _counted(own), _counted(drafts)
    sizes = sum(client.values()), sum(model.values())
    if not all(sizes):
        return {}
    found: dict[str, float] = {}
    for word in sorted(_little_words()):
        seen = client[word] + model[word]
        if seen < _FEWEST:
            continue
        prior = _PRIOR * seen / sum(sizes)
        bias = math.log((client[word] + prior) / (sizes[0] + _PRIOR)) - math.log(
            (model[word] + prior) / (sizes[1] + _PRIOR)
        )
        if abs(bias) >= _SLIGHT:
            found[word] = round(min(max(bias, _LEAST), _MOST), 2)
    return found


def token_bias(accent: Mapping[str, float]) -> dict[str, float]:
    """Half of it for the texts of tokens: after a space and at the start, small and capital.

    The whole would be right if words came independently; the demos in the prompt do a part of the work already.
    """
    biased: dict[str, float] = {}
    for word, whole in accent.items():
        bias = round(_STRENGTH * whole, 2)
        if word[0].isalpha() and word not in _CONTRACTED:
            biased |= dict.fromkeys((f" {word}", word, f" {word.capitalize()}", word.capitalize()), bias)
        else:
            biased |= dict.fromkeys((word, word.replace("'", "’")), bias)
    return biased


def _counted(texts: Sequence[str]) -> Counter[str]:
    return Counter(token.replace("’", "'") for text in texts for token in _TOKEN.findall(text.lower()))


def _little_words() -> set[str]:
    lists = (value for value in vars(style_words).values() if isinstance(value, frozenset))
    single = {word for words in lists for word in words if " " not in word and "'" not in word}
    return single | {*_CONTRACTED, *_MARKS}
