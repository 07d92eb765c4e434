"""Settings, built once in the command line and handed down; each value knows where it came from.

Precedence: flag, then `PERSONA_*` in the environment, then `./persona.toml`, then the user's `config.toml`, then the
defaults of the voice, then the built-in value (see brain/setting_sources.py). `PERSONA_HOME` moves everything this
program writes into one folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from brain.errors import ConfigError
from brain.foreign_servers import check_servers
from brain.masked import masked
from brain.places import DEFAULT_VOICE, config_file, data_dir, state_dir, voice_file, voices_dir
from brain.sanitise import display
from brain.setting_sources import Source, read_sources, variable, voice_source
from brain.setting_words import FIELDS_OF_A_FILE, SETTINGS, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "a text"}


class Settings(BaseModel):
    """Everything that may be set; frozen. `origins` names the source of every value that is not built in.

    What each of them means stands in brain/setting_words.py.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    voice: str = Field(DEFAULT_VOICE, min_length=1)
    model: str | None = None
    api_base: str | None = Field(None, pattern=r"^https?://\S+$")
    temperature: float = Field(0.7, ge=0.0, le=2.0)
    num_ctx: int = Field(4096, ge=512, le=1_048_576)
    keep_alive: str = "10m"
    timeout: float = Field(60.0, gt=0, le=3600)
    history: int = Field(60, ge=2, le=1000)
    candidates: int | None = Field(None, ge=1, le=16)
    policy: Path | None = None
    judge: Literal["auto", "off"] = "auto"
    judge_model: str | None = None
    judge_timeout: float = Field(10.0, gt=0, le=600)
    country: str | None = Field(None, pattern=r"^[A-Za-z]{2}$")
    audit: bool = True
    audit_text: bool = False
    read_situation: bool = False
    typing_speed: float = Field(60.0, ge=0.0, le=10_000)
    editing_mode: Literal["emacs", "vi"] = "emacs"
    database_url: str | None = None
    home: Path | None = None
    origins: dict[str, str] = Field(default_factory=dict)

    @field_validator("policy", "home")
    @classmethod
    def _of_this_user(cls, path: Path | None) -> Path | None:
        return path.expanduser() if path else None

    @property
    def data_dir(self) -> Path:
        """Where conversations and compiled voices live; made when first written to."""
        return data_dir(self.home)

    @property
    def state_dir(self) -> Path:
        """Where runs of evaluations and optimizers are kept, to go on from."""
        return state_dir(self.home)

    @property
    def config_file(self) -> Path:
        """The user's own settings."""
        return config_file(self.home)

    @property
    def voices_dir(self) -> Path:
        """One folder a voice, one folder in it a version."""
        return voices_dir(self.home)

    @property
    def store_url(self) -> str:
        """The conversation store, as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{self.data_dir / 'persona.db'}"


def load_settings(
    flags: Mapping[str, Any] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """The settings from every source. Flags that are None count as not given.

    Raises ConfigError, which names the source, the key and the fix.
    """
    return settle(read_sources(flags, environ=environ, folder=folder))


def settle(sources: Sequence[Source]) -> Settings:
    """What the sources come to, the last of them the strongest. Raises ConfigError."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for source in sources:
        for name in source.values:
            check_name(name, source)
        values |= source.values
        origins |= {name: source.origin(name) for name in source.values}
    check_servers(sources)
    return _checked(values, origins)


def with_voice(settings: Settings, voice: str) -> Settings:
    """The same settings for another voice: what the former one's own file said gives way to the new one's.

    Raises ConfigError when that file cannot be used.
    """
    former = voice_file(settings.home, settings.voice)
    kept = [name for name in settings.model_fields_set - {"origins"} if settings.origins.get(name) != str(former)]
    source = voice_source(settings.home, voice)
    for name in source.values:
        check_name(name, source)
    values = {**source.values, **{name: getattr(settings, name) for name in kept}, "voice": voice}
    stronger = {name: origin for name, origin in settings.origins.items() if name in kept}
    return _checked(values, {**{name: source.origin(name) for name in source.values}, **stronger})


def check_name(name: str, source: Source) -> None:
    """Raises ConfigError when no setting is called so, or when it may not stand in this source."""
    if name not in SETTINGS:
        near = nearest(name)
        raise ConfigError(
            f"{source.origin(name)}: no setting is called `{display(name):.80}`",
            hint=f"{f'Did you mean `{near}`? ' if near else ''}There are: {', '.join(SETTINGS)}.",
        )
    if source.path and name not in FIELDS_OF_A_FILE:
        raise ConfigError(
            f"{source.path}: `{name}` says where the files are, so it cannot stand in one",
            hint=f"Give --{name}, or set {variable(name)[1:]}.",
        )
    if source.kind == "voice" and not SETTINGS[name].of_voice:
        raise ConfigError(f"{source.path}: `{name}` does not belong to a voice", hint=f"persona config set {name} …")


def read_value(name: str, text: str, source: Source) -> str | int | float | bool:
    """A setting's value from how somebody typed it, as a settings file holds it. Raises ConfigError."""
    check_name(name, source)
    if not text:
        raise ConfigError(f"`{name}` needs a value", hint=f"To take it out: persona config unset {name}")
    value = getattr(_checked({name: text}, {name: source.origin(name)}), name)
    return str(value) if isinstance(value, Path) else value


def allowed_values(name: str) -> str:
    """What a setting may be, in words: `a whole number from 2 to 1000`."""
    schema = Settings.model_json_schema()["properties"][name]
    schema |= next((kind for kind in schema.get("anyOf", ()) if kind["type"] != "null"), {})
    if "enum" in schema:
        return " or ".join(schema["enum"])
    if "pattern" in schema:
        return SETTINGS[name].meaning
    words = _KINDS[schema["type"]]
    if "exclusiveMinimum" in schema:
        return f"{words} above {schema['exclusiveMinimum']:g}, up to {schema['maximum']:,g}"
    return f"{words} from {schema['minimum']:,g} to {schema['maximum']:,.0f}" if "minimum" in schema else words


def _checked(values: Mapping[str, Any], origins: dict[str, str]) -> Settings:
    try:
        return Settings(**values, origins=origins)
    except ValidationError as exc:
        name = str(exc.errors(include_url=False)[0]["loc"][0])
        raise ConfigError(
            f"{origins[name]}: `{name}` is {masked(name, values[name])!r:.80}: must be {allowed_values(name)}",
            hint=f"`{name}`: {SETTINGS[name].meaning}. Correct it, or leave it out.",
        ) from exc
