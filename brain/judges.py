"""Which model judges replies: the one that would, whether it has shown that it can, and what is remembered of that.

    DATA/judges.json   {"KEY": {"model": "ollama/qwen3:4b", "able": true, "right": 12, "asked": 12, "probed": "2026-…"}}

The key is a digest of the model's name, its server, its own digest or file, and the probe, so a model that was changed
under its name, or a new probe, makes a result void.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from brain.answering import asking
from brain.errors import ConfigError, PersonaError, RetryLaterError
from brain.lms.build import EMBEDDED, build_model
from brain.lms.ollama import installed_digests
from brain.models import Value
from brain.modules.probe import Probe, probe_digest
from brain.private_files import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    import dspy

    from brain.config import Settings
    from brain.lms.build import Model

_FILE = "judges.json"


class Probed(Value):
    """How a model did in the probe: `right` of the `asked` cases before it was clear whether it is `able`."""

    model: str
    able: bool
    right: int
    asked: int
    probed: datetime


_PROBED = TypeAdapter(dict[str, Probed])


def judge_model(settings: Settings, model: Model | None = None) -> Model:
    """The model that judges if it can: the setting's own, or the one that answers. Raises PersonaError.

    `model` is the one that answers, where it is built already. A server's address belongs to the model it was given
    for, and never gets the key of another.
    """
    if settings.judge_model is None:
        return model or build_model(settings)
    engines = {(spec or EMBEDDED).partition("/")[0] for spec in (settings.model, settings.judge_model)}
    kept = {} if len(engines) == 1 else {"api_base": None}
    try:
        return build_model(settings.model_copy(update={"model": settings.judge_model, **kept}))
    except ConfigError as exc:
        raise ConfigError(f"judge_model: {exc.message}", hint=exc.hint) from exc


def able_judge(settings: Settings, model: Model) -> dspy.LM | None:
    """The LM that may judge replies now; None when judging is off, or the model has not passed the probe yet.

    `model` is the one that answers. Raises PersonaError when `judge_model` names none.
    """
    if settings.judge == "off":
        return None
    judge = judge_model(settings, model)
    known = recall(settings, judge)
    return judge.insistent().lm if known and known.able else None


def recall(settings: Settings, judge: Model) -> Probed | None:
    """What is remembered of this model; None when it was never probed as it is now."""
    book = _read(settings.data_dir / _FILE)
    if not any(probed.model == judge.spec for probed in book.values()):
        return None  # without asking a server for the model's digest
    return book.get(_key(judge))


def new_probe(settings: Settings, judge: Model, *, tick: Callable[[int], object] = lambda _: None) -> Probe:
    """A probe of this model; `tick` hears the number of each case."""
    return Probe(judge.insistent().lm, seconds=settings.judge_timeout, loading=settings.timeout, tick=tick)


def probe_judge(settings: Settings, judge: Model, *, tick: Callable[[int], object] = lambda _: None) -> Probed:
    """Probes the model now and remembers the result. At most a dozen LM calls; two or more for a hopeless one.

    Raises PersonaError when the model is not there or too slow; then nothing is remembered.
    """
    probe = new_probe(settings, judge, tick=tick)
    try:
        with asking(judge):
            probe.run()
    except TimeoutError as exc:
        raise _too_slow(settings, judge) from exc
    return _remember(settings, judge, probe)


async def aprobe_judge(settings: Settings, judge: Model, probe: Probe) -> Probed:
    """`probe_judge`, awaited; a probe that was given up goes on where it stood."""
    try:
        with asking(judge):
            await probe.arun()
    except TimeoutError as exc:
        raise _too_slow(settings, judge) from exc
    return await asyncio.to_thread(_remember, settings, judge, probe)


def _too_slow(settings: Settings, judge: Model) -> PersonaError:
    return RetryLaterError(
        f"{judge.spec} takes longer than {settings.judge_timeout:g} s to judge a reply.",
        hint="Set judge_timeout higher, or judge_model to a faster model.",
    )


def _remember(settings: Settings, judge: Model, probe: Probe) -> Probed:
    """Keeps the result of a finished probe, for this user's eyes only; never half-written.

    A folder that cannot be written costs no more than another probe.
    """
    assert probe.able is not None, "only a finished probe has a result"
    probed = Probed(model=judge.spec, able=probe.able, right=probe.right, asked=probe.asked, probed=datetime.now(UTC))
    path = settings.data_dir / _FILE
    try:
        make_private_folder(path.parent)
        _write(path, _PROBED.dump_json({**_read(path), _key(judge): probed}, indent=1))
    except OSError:
        return probed
    return probed


def _key(judge: Model) -> str:
    return hashlib.sha256(json.dumps([judge.spec, judge.host, _version(judge), probe_digest()]).encode()).hexdigest()


def _version(judge: Model) -> str:
    """What tells a model from another of the same name, as far as it is had without reading it."""
    engine, _, name = judge.spec.partition("/")
    if engine == "ollama":
        digests = installed_digests(judge.host) or {}
        return digests.get(name) or digests.get(f"{name}:latest", "")
    file = judge.spec.removeprefix(f"{EMBEDDED}:")
    if file == judge.spec:
        return ""
    facts = Path(file).expanduser().stat()
    return f"{facts.st_size} {facts.st_mtime_ns}"


def _read(path: Path) -> dict[str, Probed]:
    """The file; an unreadable one counts as empty: what it knew is soon known again."""
    try:
        return _PROBED.validate_json(path.read_bytes())
    except (OSError, ValueError):
        return {}


def _write(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(prefix=".judges-", dir=path.parent)  # 0600 by itself
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
