"""From a model's name to an LM: which engine, which key, which address."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, cast

import pytest
from lms.servers import OllamaServer, OpenAIServer, Reply

from brain.config import load_settings
from brain.errors import ConfigError, KeyRefusedError
from brain.lms.build import better_choices, build_model, explained
from brain.terminal.opening import Opening, other_model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from brain.lms.build import Model
    from brain.session import ChatSession

    Build = Callable[..., Model]


@pytest.fixture
def built() -> Iterator[Build]:
    """Builds models, and closes their connections."""
    models: list[Model] = []

    def build(spec: str, environ: Mapping[str, str] | None = None, **flags: object) -> Model:
        models.append(build_model(load_settings({"model": spec, **flags}, environ={}), environ or {}))
        return models[-1]

    yield build
    for model in models:
        model.lm.close()
        if not isinstance(model.lm.engine, str):
            model.lm.engine.close()


def test_ollama_is_asked_where_it_lives(built: Build, ollama_server: OllamaServer) -> None:
    """OLLAMA_HOST, the context length and how long to stay in memory all reach it."""
    ollama_server.script(Reply("hi"))
    model = built("ollama/llama3.2:1b", {"OLLAMA_HOST": ollama_server.url}, num_ctx=2048, keep_alive="1m")

    assert model.lm("hello") == ["hi"]
    body = ollama_server.requests[-1].body
    assert body["options"]["num_ctx"] == 2048
    assert body["keep_alive"] == "1m"
    assert body["model"] == "llama3.2:1b"


def test_any_server_of_openais_format(built: Build, together_server: OpenAIServer) -> None:
    """--api-base, no key needed; dspy's own client."""
    together_server.script(Reply("hi"))
    model = built("openai/meta/llama", api_base=f"{together_server.url}/v1")

    assert model.lm("hello") == ["hi"]
    assert together_server.requests[-1].body["model"] == "meta/llama"


def test_the_environment_may_name_that_server_too(built: Build, together_server: OpenAIServer) -> None:
    """The variables that others use are read by us, so that dspy does not leave its own client for them."""
    together_server.script(Reply("hi"))
    model = built("openai/meta/llama", {"OPENAI_BASE_URL": f"{together_server.url}/v1"})

    assert model.lm("hello") == ["hi"]


def test_together_takes_its_key_from_the_environment(built: Build, together_server: OpenAIServer) -> None:
    """And nothing else from anywhere."""
    together_server.key = "secret"
    together_server.script(Reply("hi"))
    environ = {"TOGETHER_API_KEY": "secret", "TOGETHER_BASE_URL": together_server.url}

    assert built("together/meta/llama", environ).lm("hello") == ["hi"]


@pytest.mark.parametrize(
    ("spec", "flags", "size"),
    [
        ("ollama/x", {}, 4_096),
        ("ollama/x", {"num_ctx": 16_384}, 16_384),
        ("together/x", {}, 8_192),
        ("together/x", {"num_ctx": 131_072}, 131_072),
        ("openai/x", {}, 8_192),
        ("openai/x", {"num_ctx": 2_048}, 2_048),
    ],
)
def test_a_model_knows_how_much_it_holds(built: Build, spec: str, flags: dict[str, int], size: int) -> None:
    """What our own engines are told to hold; of a server elsewhere what the user says, or else a cautious figure."""
    keys = {"TOGETHER_API_KEY": "secret", "OPENAI_API_KEY": "secret"}
    model = built(spec, keys, **flags)

    assert model.size == size
    assert model.count("good morning") > 0


@pytest.mark.parametrize("spec", ["together/x", "openai/gpt-x"])
def test_a_missing_key_is_said_before_anything_is_sent(built: Build, spec: str) -> None:
    """With the line that mends it."""
    with pytest.raises(KeyRefusedError, match="No key") as caught:
        built(spec)

    assert "export " in caught.value.hint


@pytest.mark.parametrize("spec", ["", "gpt-4", "ollama/", "anthropic/claude", "embed"])
def test_a_name_of_no_known_form_is_refused(built: Build, spec: str) -> None:
    """With the forms there are."""
    with pytest.raises(ConfigError, match="names no model") as caught:
        built(spec or " ")

    assert "ollama/NAME" in caught.value.hint


def test_better_choices_are_what_answers_and_which_keys_are_set(ollama_server: OllamaServer) -> None:
    """Names only; never a key's value."""
    environ = {"OLLAMA_HOST": ollama_server.url, "TOGETHER_API_KEY": "secret-value"}

    found = better_choices(environ)

    assert found == ("ollama/llama3.2:1b", "together/…")


def test_nothing_better_is_nothing_said() -> None:
    """A dead address costs a moment and no error."""
    assert better_choices({"OLLAMA_HOST": "127.0.0.1:9"}) == ()


def test_a_missing_model_is_explained_with_what_is_there(built: Build, ollama_server: OllamaServer) -> None:
    """The user learns which they could have."""
    model = built("ollama/absent", {"OLLAMA_HOST": ollama_server.url})
    try:
        model.lm("hello")
    except Exception as exc:
        error = explained(exc, model)

    assert error.exit_code == 69
    assert "llama3.2:1b" in f"{error.message} {error.hint}"


def test_litellm_is_never_imported() -> None:
    """Not by building any model, nor by asking one."""
    code = (
        "import sys, brain.cli\n"
        "from brain.config import load_settings\n"
        "from brain.lms.build import build_model\n"
        "for spec in ('ollama/x', 'openai/x', 'together/x'):\n"
        "    model = build_model(load_settings({'model': spec, 'api_base': 'http://127.0.0.1:9/v1'}),\n"
        "                        {'TOGETHER_API_KEY': 'k', 'OLLAMA_HOST': '127.0.0.1:9'})\n"
        "    try:\n"
        "        model.lm.copy(num_retries=0)('hi')\n"
        "    except Exception as exc:\n"
        "        assert 'Transport' in type(exc).__name__, exc\n"
        "assert 'litellm' not in sys.modules\n"
    )
    environ = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environ, timeout=120)


def test_a_servers_address_never_gets_the_key_of_another(
    together_server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """/model leaves the address behind with the model it was given for."""
    monkeypatch.setenv("TOGETHER_API_KEY", "secret")
    settings = load_settings({"model": "openai/x", "api_base": f"{together_server.url}/v1"}, environ={})
    model = other_model(Opening(settings, cast("ChatSession", None)), "together/y")

    assert model.host != f"{together_server.url}/v1"
    assert together_server.requests == []


@pytest.mark.parametrize(("base", "retries"), [(None, 2), ("http://127.0.0.1:9/v1", 0)])
def test_nobody_is_asked_again_in_silence_but_where_it_is_wanted(base: str | None, retries: int, built: Build) -> None:
    """A wait is shown by whoever can show it; a server of one's own is not asked again at all."""
    model = built("openai/gpt", {"OPENAI_API_KEY": "x"}, api_base=base)

    assert model.lm.num_retries == 0
    assert model.insistent().lm.num_retries == retries
