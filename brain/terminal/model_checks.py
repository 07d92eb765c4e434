"""What `persona doctor` says of the models: the one that answers, the ones within reach, and the judge."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from brain.errors import PersonaError
from brain.terminal.checks import Check

if TYPE_CHECKING:
    from brain.config import Settings

_WEIGHTS_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_OLLAMA = "127.0.0.1:11434"


def model_check(settings: Settings) -> Check:
    """Whether the model of the settings is there; what would be better."""
    from brain.lms.build import EMBEDDED, build_model
    from brain.lms.ollama import installed_models

    spec = settings.model or EMBEDDED
    engine, _, name = spec.partition("/")
    host = os.environ.get("OLLAMA_HOST")
    models = installed_models(host) if engine == "ollama" or not settings.model else ()
    if engine == "ollama" and models is None:
        return Check("model", False, f"{spec}: Ollama isn't answering at {host or _OLLAMA}", "Start it: ollama serve")
    if engine == "ollama" and not {name, f"{name}:latest"} & {*(models or ())}:
        return Check("model", False, f"{spec}: not on this Ollama", f"ollama pull {name}")
    try:
        model = build_model(settings)
    except PersonaError as exc:
        return Check("model", False, exc.message, exc.hint, exc.exit_code)
    better = f"; better here: {', '.join(f'ollama/{one}' for one in models[:3])}" if model.small and models else ""
    return Check("model", True, f"{spec}{better}")


def weights_check() -> Check:
    """The file of the embedded model is the one we know."""
    from brain.lms.embedded import WEIGHTS_HINT, default_weights

    try:
        path = default_weights()
    except PersonaError as exc:
        return Check("model file", False, exc.message, exc.hint, exc.exit_code)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found = f"{path.name}, {path.stat().st_size / 1e6:.0f} MB, SHA-256 {digest[:8]}…"
    if digest != _WEIGHTS_SHA256:
        return Check("model file", False, f"{found}: not the file we know", f"Install it again: {WEIGHTS_HINT}")
    return Check("model file", True, found)


def embedder_check() -> Check:
    """What finds the demos loads."""
    from brain.lms.embedder import load_embedder

    try:
        return Check("embedder", True, load_embedder().id)
    except Exception as exc:  # a broken package may raise anything
        return Check("embedder", False, f"does not load ({exc})", "pip install --force-reinstall wordllama")


def ollama_check() -> Check:
    """What an Ollama has, if there is one."""
    from brain.lms.ollama import installed_models

    host = os.environ.get("OLLAMA_HOST")
    where = host or _OLLAMA
    models = installed_models(host)
    if models is None:
        return Check("Ollama", None, f"no answer at {where}", "Start it with `ollama serve`, if you want it.")
    if not models:
        return Check("Ollama", None, f"answers at {where}, but has no model", "ollama pull qwen3:4b")
    return Check("Ollama", True, f"{where}: {', '.join(models)}")


def key_check(name: str) -> Check:
    """Whether a key is set; never which."""
    if os.environ.get(name):
        return Check(name, True, "set")
    return Check(name, None, "not set", f"export {name}=… to use it")


def judge_check(settings: Settings, *, probe: bool) -> Check:
    """Whether a model can judge replies; with `probe` it is tried."""
    from brain.lms.quiet import silence_libraries
    from brain.terminal.judge_line import judge_line
    from brain.terminal.progress import Progress

    silence_libraries()
    return Check("judge", *judge_line(settings, probe=probe, watcher=Progress()))
