"""The demo bank: a client's labelled replies, found again by the message they answered.

Retrieval is exact cosine search over unit vectors (k nearest neighbours, Cover & Hart 1967), as in `dspy.KNNFewShot`
with labelled demos only; unlike it, one turn stays one LM call and the program can be saved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence  # noqa: TC003  dspy reads annotations
from typing import Any, NamedTuple, Protocol

import dspy
import numpy as np
from numpy.typing import NDArray

from brain.demo_choice import choose
from brain.errors import ArtifactError
from brain.models import Conversation, Demo, Message, Strategy

Vectors = NDArray[np.float32]
_SHOWN = 300  # characters of a demo's message: its end is what the reply answered; the reply is shown whole


class Embedder(Protocol):
    """Turns texts into vectors; `id` names model and dimension, so that a bank can refuse another's vectors."""

    id: str
    dimension: int

    def __call__(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape (len(texts), dimension)."""
        ...


class Row(NamedTuple):
    """One labelled reply: `message` is what the other person had last said."""

    id: str
    message: str
    reply: str


def unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a row of zeros stays zeros."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0), dtype=np.float32)


def dump_rows(rows: Sequence[Row]) -> bytes:
    """JSON Lines, one object a row."""
    lines = (json.dumps(row._asdict(), ensure_ascii=False, separators=(",", ":")) for row in rows)
    return "".join(f"{line}\n" for line in lines).encode()


class DemoBank:
    """Labelled replies and their unit vectors. Immutable; every deep copy of a program shares it.

    Rows stay encoded until they are chosen, so that 100,000 of them load in a fraction of a second.
    """

    def __init__(self, encoded: bytes, vectors: Vectors, embed: Embedder) -> None:
        """`vectors` has shape (rows, dimension), float32, unit length. Raises ArtifactError if shapes disagree."""
        self._lines = encoded.splitlines()
        self._vectors = vectors
        self._last: tuple[str, Vectors] | None = None
        self.embed = embed
        if vectors.ndim != 2 or len(self._lines) != len(vectors):
            raise ArtifactError(f"{len(self._lines)} replies but vectors of shape {vectors.shape}")
        if vectors.shape[1] != embed.dimension:
            raise ArtifactError(
                f"vectors have {vectors.shape[1]} dimensions, embedder {embed.id} gives {embed.dimension}"
            )
        self.sha256 = hashlib.sha256(encoded).hexdigest()

    @classmethod
    def build(
        cls,
        rows: Sequence[Row],
        embed: Embedder,
        *,
        batch: int = 1024,
        tick: Callable[[int], None] = lambda _: None,
    ) -> DemoBank:
        """Embeds the message of every row, `batch` at a time; `tick` hears how many are done."""
        parts: list[Vectors] = []
        for start in range(0, len(rows), batch):
            parts.append(embed([row.message for row in rows[start : start + batch]]))
            tick(min(start + batch, len(rows)))
        vectors = np.vstack(parts) if parts else np.zeros((0, embed.dimension), np.float32)
        return cls(dump_rows(rows), unit(vectors.astype(np.float32)), embed)

    def __len__(self) -> int:
        return len(self._lines)

    def __deepcopy__(self, memo: dict[int, Any]) -> DemoBank:
        return self

    @property
    def embedder(self) -> str:
        """The id of the embedder its vectors come from."""
        return self.embed.id

    @property
    def vectors(self) -> Vectors:
        """Shape (rows, dimension), float32, unit length."""
        return self._vectors

    @property
    def encoded(self) -> bytes:
        """The rows as JSON Lines."""
        return b"".join(line + b"\n" for line in self._lines)

    def row(self, index: int) -> Row:
        """The row at `index`."""
        return Row(**json.loads(self._lines[index]))

    def nearest(self, message: str, k: int, *, exclude: Collection[str] = ()) -> tuple[Demo, ...]:
        """The k rows whose message is most like this one, nearest first; never a row whose id is in `exclude`."""
        if k < 1 or not self._lines:
            return ()
        scores = self._vectors @ self.asked(message)
        wanted = min(k + len(exclude), len(scores))
        candidates = np.argpartition(scores, -wanted)[-wanted:]
        found: list[Demo] = []
        for index in candidates[np.argsort(-scores[candidates], kind="stable")]:
            row = self.row(int(index))
            if row.id not in exclude:
                found.append(Demo(**row._asdict(), similarity=round(float(scores[index]), 4)))
        return tuple(found[:k])

    def drawn(self, message: str, k: int, *, seed: int, exclude: Collection[str] = ()) -> tuple[Demo, ...]:
        """K rows drawn by the seed, those nearest to this message first; never a row whose id is in `exclude`."""
        order = np.random.default_rng(seed).permutation(len(self))[: k + len(exclude)]
        rows = [(int(index), row) for index in order if (row := self.row(int(index))).id not in exclude][:k]
        if not rows:
            return ()
        scores = self._vectors[[index for index, _ in rows]] @ self.asked(message)
        found = [
            Demo(**row._asdict(), similarity=round(float(score), 4))
            for (_, row), score in zip(rows, scores, strict=True)
        ]
        return tuple(sorted(found, key=lambda demo: -demo.similarity))

    def asked(self, message: str) -> Vectors:
        """The unit vector of a message, shape (dimension,). The last one is remembered: a turn asks several times."""
        last = self._last
        if last is None or last[0] != message:
            last = self._last = (message, self.embedded([message])[0])
        return last[1]

    def embedded(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of these texts, shape (texts, dimension)."""
        if not texts:
            return np.zeros((0, self.embed.dimension), np.float32)
        return unit(self.embed(texts).astype(np.float32))

    def subset(self, keep: Sequence[int]) -> DemoBank:
        """The bank of these rows alone."""
        encoded = b"".join(self._lines[index] + b"\n" for index in keep)
        return DemoBank(encoded, self._vectors[list(keep)], self.embed)


class KNNPredict(dspy.Predict):
    """A `dspy.Predict` whose demos are k labelled replies, by default those nearest to the last message; one LM call.

    Its signature has an input `conversation`. The nearest demo stands last, next to the message it resembles.
    The prediction carries them as `demos`.
    """

    def __init__(self, signature: type[dspy.Signature], **config: Any) -> None:
        super().__init__(signature, **config)
        self.bank: DemoBank | None = None
        self.k = 0
        self.strategy: Strategy = "knn"

    def reset(self) -> None:
        super().reset()
        self.bank, self.k = None, 0

    def forward(self, **kwargs: Any) -> dspy.Prediction:
        """Call it with the signature's inputs, and `exclude`: ids of rows that must not be shown.

        `chosen` are the demos, nearest first, where the caller has looked for them already.
        """
        found = self._choose(kwargs)
        return _with_demos(super().forward(**kwargs), found)

    async def aforward(self, **kwargs: Any) -> dspy.Prediction:
        """`forward`, awaited."""
        found = self._choose(kwargs)
        return _with_demos(await super().aforward(**kwargs), found)

    def demos_for(self, conversation: Conversation, *, exclude: Collection[str] = ()) -> tuple[Demo, ...]:
        """The labelled replies that it shows for a conversation, nearest first; none before it has a bank."""
        if self.bank is None:
            return ()
        return choose(self.bank, conversation.last_from_other, self.k, strategy=self.strategy, exclude=exclude)

    def _choose(self, kwargs: dict[str, Any]) -> tuple[Demo, ...]:
        exclude, found = kwargs.pop("exclude", ()), kwargs.pop("chosen", None)
        if found is None:
            found = self.demos_for(kwargs["conversation"], exclude=exclude)
        if not found:
            return ()
        learned: list[Any] = kwargs.get("demos") or self.demos
        kwargs["demos"] = [*learned, *map(_as_demo, reversed(found))]
        return found

    def dump_state(self, json_mode: bool = True) -> dict[str, Any]:
        """The state of a Predict and which bank it was compiled with."""
        state: dict[str, Any] = super().dump_state(json_mode=json_mode)
        if self.bank is not None:
            state["knn"] = {"k": self.k, "rows": len(self.bank), "sha256": self.bank.sha256}
        return state

    def load_state(self, state: dict[str, Any], *, allow_unsafe_lm_state: bool = False) -> KNNPredict:
        """Restores a dumped state. Raises ArtifactError when it was compiled with another bank than ours."""
        knn = state.get("knn")
        if knn is not None and (self.bank is None or knn["sha256"] != self.bank.sha256):
            raise ArtifactError("the program was compiled with other demos than the ones beside it")
        rest = {name: value for name, value in state.items() if name != "knn"}
        super().load_state(rest, allow_unsafe_lm_state=allow_unsafe_lm_state)
        self.k = knn["k"] if knn is not None else 0
        return self


def _with_demos(prediction: dspy.Prediction, found: tuple[Demo, ...]) -> dspy.Prediction:
    prediction.demos = found
    return prediction


def shown_message(demo: Demo) -> str:
    """The message of a demo as the model reads it: of a long one, the end."""
    return demo.message if len(demo.message) <= _SHOWN else f"…{demo.message[-_SHOWN:]}"


def _as_demo(demo: Demo) -> dict[str, Any]:
    asked = Message(from_creator=False, content=shown_message(demo))
    return {"conversation": Conversation(messages=(asked,)), "reply": demo.reply}
