"""From a model's name to an LM that is ready to answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import dspy

from brain.errors import ConfigError, KeyRefusedError
from brain.lms.embedded import (
    AsyncEmbeddedEngine,
    EmbeddedEngine,
    default_weights,
    embedded_model,
)
from brain.lms.failures import explain
from brain.lms.ollama import AsyncOllamaEngine, OllamaEngine, installed_models
from brain.lms.together import AsyncTogetherEngine, TogetherEngine
from brain.lms.tokens import EmbeddedTokens, estimated_tokens
from brain.modules.window import SIZE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brain.config import Settings
    from brain.errors import PersonaError
    from brain.modules.window import TokenCounter

EMBEDDED = "embedded"
FORMS = "embedded, embedded:FILE.gguf, ollama/NAME, together/NAME, or openai/NAME with --api-base"
_KEYS = {"together": "TOGETHER_API_KEY", "openai": "OPENAI_API_KEY"}
_SILENT_RETRIES = 2
_HOSTED_SIZE = 8_192  # tokens


class Model(NamedTuple):
    """An LM and what the rest of the program must know of it.

    `small` says that it is the bundled 135M model: it cannot judge topics, and facts beyond the first sentence about
    the client only confuse it. `biased` says that its engine takes a bias on tokens by their text, `prefills` that it
    goes on where a last assistant message ends. `size` is how many tokens it holds, prompt and reply together, and
    `count` how they are counted.
    """

    spec: str
    lm: dspy.LM
    small: bool = False
    host: str | None = None
    key_name: str | None = None
    biased: bool = False
    prefills: bool = False
    size: int = SIZE
    count: TokenCounter = estimated_tokens

    def close(self) -> None:
        """Closes the connections of its synchronous calls."""
        engine = self.lm.engine
        (engine if hasattr(engine, "close") else self.lm).close()

    def insistent(self) -> Model:
        """The same model, asked again in silence by DSPy itself: for loops that would take a failure for an answer.

        Everybody else waits where it can be seen and stopped (see brain/patience.py).
        """
        hosted = self.key_name is not None and self.host is None
        return self._replace(lm=self.lm.copy(num_retries=_SILENT_RETRIES)) if hosted else self


def build_model(settings: Settings, environ: Mapping[str, str] | None = None) -> Model:
    """The model that the settings name; the embedded one when they name none.

    Raises ConfigError for a name of no known form, KeyRefusedError when a key is missing, UnavailableError or
    NotFoundError when the model's file is.
    """
    environ = os.environ if environ is None else environ
    spec = settings.model or EMBEDDED
    engine, _, name = spec.partition("/")
    if spec == EMBEDDED or spec.startswith(f"{EMBEDDED}:"):
        return _embedded(settings, spec)
    if not name or engine not in {"ollama", "together", "openai"}:
        raise ConfigError(f"{spec!r} names no model", hint=f"Write {FORMS}.")
    if engine == "ollama":
        return _ollama(settings, spec, environ)
    return (_together if engine == "together" else _openai)(settings, spec, environ)


def better_choices(environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Models that are within reach now and better than the embedded one: what an Ollama has, which keys are set."""
    environ = os.environ if environ is None else environ
    found = [f"ollama/{name}" for name in (installed_models(environ.get("OLLAMA_HOST")) or ())[:3]]
    found += [f"{engine}/…" for engine, key in _KEYS.items() if environ.get(key)]
    return tuple(found)


def _embedded(settings: Settings, spec: str) -> Model:
    file = spec.removeprefix(EMBEDDED).removeprefix(":")
    model = embedded_model(Path(file).expanduser() if file else default_weights(), num_ctx=settings.num_ctx)
    lm = dspy.LM(
        f"{EMBEDDED}/{model.path.stem}",
        engine=EmbeddedEngine(model),
        async_engine=AsyncEmbeddedEngine(model),
        cache=False,
        num_retries=0,
        temperature=settings.temperature,
    )
    count = EmbeddedTokens(model)
    return Model(spec, lm, small=not file, biased=True, prefills=True, size=settings.num_ctx, count=count)


def _ollama(settings: Settings, spec: str, environ: Mapping[str, str]) -> Model:
    host = environ.get("OLLAMA_HOST")
    engine, async_engine = (
        make(host, num_ctx=settings.num_ctx, keep_alive=settings.keep_alive, timeout=settings.timeout)
        for make in (OllamaEngine, AsyncOllamaEngine)
    )
    lm = dspy.LM(
        spec,
        engine=engine,
        async_engine=async_engine,
        cache=False,
        num_retries=0,
        temperature=settings.temperature,
    )
    return Model(spec, lm, host=host, prefills=True, size=settings.num_ctx)


def _together(settings: Settings, spec: str, environ: Mapping[str, str]) -> Model:
    key = _key("together", environ)
    base = settings.api_base or environ.get("TOGETHER_BASE_URL")
    lm = dspy.LM(
        spec,
        engine=TogetherEngine(key, base_url=base, timeout=settings.timeout),
        async_engine=AsyncTogetherEngine(key, base_url=base, timeout=settings.timeout),
        cache=False,
        num_retries=0,
        temperature=settings.temperature,
    )
    return Model(spec, lm, host=base, key_name=_KEYS["together"], size=_hosted_size(settings))


def _openai(settings: Settings, spec: str, environ: Mapping[str, str]) -> Model:
    base = settings.api_base or environ.get("OPENAI_BASE_URL") or environ.get("OPENAI_API_BASE")
    key = environ.get(_KEYS["openai"]) or ("none" if base else _key("openai", environ))
    lm = dspy.LM(
        spec,
        engine="lm15",  # dspy's native client; its `auto` may fall back to LiteLLM, which costs seconds
        api_key=key,
        cache=False,
        num_retries=0,
        temperature=settings.temperature,
        timeout=settings.timeout,
        api_base=base,
    )
    return Model(spec, lm, host=base, key_name=_KEYS["openai"], size=_hosted_size(settings))


def _hosted_size(settings: Settings) -> int:
    """What the user says that a model elsewhere holds; without a word from them, what any of today does."""
    return settings.num_ctx if "num_ctx" in settings.origins else _HOSTED_SIZE


def _key(engine: str, environ: Mapping[str, str]) -> str:
    name = _KEYS[engine]
    if not environ.get(name):
        raise KeyRefusedError(f"No key for {engine}.", hint=f"export {name}=…   (persona doctor checks it)")
    return environ[name]


def explained(error: Exception, model: Model) -> PersonaError:
    """What to tell the user when this model failed. A bug is raised again, with its own traceback."""
    installed = installed_models(model.host) if model.spec.startswith("ollama/") else None
    return explain(error, spec=model.spec, host=model.host, installed=installed or (), key_name=model.key_name)
