"""Settings, built once in the command line and handed down; each value knows where it came from.

Precedence: flag, then `PERSONA_*` in the environment, then `./persona.toml`, then the user's `config.toml`, then the
built-in value. `PERSONA_HOME` moves everything this program writes into one folder.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from brain.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

APP = "persona"
PROJECT_FILE = "persona.toml"
_RESERVED_TOKENS = 1_200
_LEAST_CHARACTERS = 1_000


class Settings(BaseModel):
    """Everything that may be set; frozen. `origins` names the source of every value that is not built in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    voice: str = Field("nela", description="the voice to talk to: a name, NAME@VERSION or an artifact folder")
    model: str | None = Field(None, description="embedded[:FILE], ollama/NAME, together/NAME or openai/NAME")
    api_base: str | None = Field(None, description="URL of an OpenAI-compatible server, with its /v1")
    temperature: float = Field(0.7, ge=0.0, le=2.0)
    num_ctx: int = Field(4096, ge=512, le=1_048_576, description="context length in tokens")
    keep_alive: str = Field("10m", description="how long Ollama keeps the model in memory")
    timeout: float = Field(60.0, gt=0, le=3600, description="seconds to wait for a model's next word")
    history: int = Field(60, ge=2, le=1000, description="messages of a conversation sent at most")
    candidates: int | None = Field(None, ge=1, le=16, description="drafts of each reply, the best of them said by ear")
    policy: Path | None = Field(None, description="the operator's policy.toml")
    judge: Literal["auto", "off"] = Field("auto", description="auto or off: an able model judges doubtful replies")
    judge_model: str | None = Field(None, description="a model of its own for the judge of replies")
    judge_timeout: float = Field(10.0, gt=0, le=600, description="seconds to wait for the judge")
    country: str | None = Field(None, pattern=r"^[A-Za-z]{2}$", description="two letters, for help lines nearby")
    audit: bool = Field(True, description="keep a log of what the filter did, without the words")
    audit_text: bool = Field(False, description="let that log keep the words too")
    read_situation: bool = Field(False, description="let the model read the moment too: one more call a turn")
    home: Path | None = Field(None, description="one folder for everything this program writes")
    origins: dict[str, str] = Field(default_factory=dict)

    @field_validator("policy", "home")
    @classmethod
    def _of_this_user(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @property
    def data_dir(self) -> Path:
        """Where conversations and compiled voices live; made when first written to."""
        return self.home / "data" if self.home else Path(platformdirs.user_data_dir(APP))

    @property
    def characters(self) -> int:
        """How much of a conversation is sent at most: what the context holds beside persona, demos and reply."""
        return max(2 * (self.num_ctx - _RESERVED_TOKENS), _LEAST_CHARACTERS)

    @property
    def config_file(self) -> Path:
        """The user's own settings."""
        return config_file(self.home)

    @property
    def voices_dir(self) -> Path:
        """One folder a voice, one folder in it a version."""
        return self.data_dir / "voices"

    @property
    def store_url(self) -> str:
        """The conversation store, as SQLAlchemy names it."""
        return f"sqlite:///{self.data_dir / 'persona.db'}"


def config_file(home: Path | None) -> Path:
    """The user's own settings file, whether it exists or not."""
    return (home / "config" if home else Path(platformdirs.user_config_dir(APP))) / "config.toml"


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings from every source. Flags that are None count as not given.

    Raises ConfigError, which names the source, the key and the fix.
    """
    environ = os.environ if environ is None else environ
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    home = given.get("home") or environ.get("PERSONA_HOME")
    sources: list[tuple[str, Mapping[str, Any]]] = [
        *(_file(path) for path in (config_file(Path(home) if home else None), (folder or Path.cwd()) / PROJECT_FILE)),
        ("environment", _from_environment(environ)),
        ("flag", given),
    ]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, source in sources:
        values |= source
        origins |= {name: _origin(origin, name) for name in source}
    known = _names()
    for name in values:
        if name not in known:
            raise ConfigError(f"{origins[name]}: no setting is called `{name}`", hint=f"There are: {', '.join(known)}.")
    try:
        return Settings(**values, origins=origins)
    except ValidationError as exc:
        error = exc.errors()[0]
        name = str(error["loc"][0])
        raise ConfigError(
            f"{origins[name]}: `{name}` is {values[name]!r}: {error['msg'].lower()}",
            hint=Settings.model_fields[name].description or "Correct it, or leave it out.",
        ) from exc


def _origin(source: str, name: str) -> str:
    if source == "flag":
        return f"--{name.replace('_', '-')}"
    return f"${f'PERSONA_{name}'.upper()}" if source == "environment" else source


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name in _names() if (value := environ.get(f"PERSONA_{name.upper()}"))}


def _names() -> tuple[str, ...]:
    return tuple(name for name in Settings.model_fields if name != "origins")


def _file(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
        # A persona beside its conversations has the same file name as a project's settings; only a persona has a name.
        return str(path), {} if path.name == PROJECT_FILE and "name" in found else found
    except FileNotFoundError:
        return str(path), {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{path}: is not TOML ({exc})", hint="Correct that line.") from exc
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read ({exc.strerror})", hint="Check its permissions.") from exc
