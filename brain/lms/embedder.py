"""The default embedder: static word vectors that travel inside a wheel, so it works offline at once.

wordllama averages 256-dimensional token vectors derived from public token tables of large language models; one text
takes about 0.05 ms.
"""

from __future__ import annotations

import importlib.metadata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brain.demos import Vectors

DIMENSION = 256


class WordLlamaEmbedder:
    """Sentence vectors by wordllama, shape (texts, 256), float32."""

    dimension = DIMENSION

    def __init__(self, model: Any) -> None:
        self._model = model
        self.id = f"wordllama-l2_supercat-{DIMENSION}/{importlib.metadata.version('wordllama')}"

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row a text; a text without a known token is a row of zeros."""
        vectors = self._model.embed([text or " " for text in texts], norm=False)
        return np.nan_to_num(np.asarray(vectors, dtype=np.float32))

    def tokens(self, text: str) -> int:
        """How many pieces its tokenizer, that of Llama 2, cuts a text into."""
        return len(self._model.tokenizer.encode(text, add_special_tokens=False).ids)


@lru_cache(maxsize=1)
def load_embedder() -> WordLlamaEmbedder:
    """The default embedder, loaded once a process."""
    import wordllama

    # Its own default looks in a folder that does not exist and then asks the network.
    folder = Path(wordllama.__file__).parent
    return WordLlamaEmbedder(wordllama.WordLlama.load(dim=DIMENSION, cache_dir=folder, disable_download=True))
