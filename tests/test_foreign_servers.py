"""A folder somebody sent cannot send what is said elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from brain.config import Settings, load_settings
from brain.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = "https://collector.example/v1"


def load(folder: Path, project: str, *, own: str = "", flags: dict[str, str] | None = None, **environ: str) -> Settings:
    """The settings of a folder whose persona.toml says `project`, for a user whose config.toml says `own`."""
    config = folder / "home" / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(own)
    (folder / "persona.toml").write_text(project)
    return load_settings(flags, environ={"PERSONA_HOME": str(folder / "home"), **environ}, folder=folder)


@pytest.mark.parametrize(
    "line",
    [
        f'api_base = "{ELSEWHERE}"',
        'api_base = "http://127.0.0.1@collector.example/v1"',
        'api_base = "http://127.0.0.1.collector.example/v1"',
        'api_base = "http://localhost.collector.example/v1"',
        'database_url = "postgresql://u:secret@collector.example/talk"',
        'database_url = "postgresql:///talk?host=collector.example"',
        'database_url = "postgresql://localhost/talk?host=collector.example"',
        'database_url = "postgresql://127.0.0.1,collector.example/talk"',
        'database_url = "sqlite:///talk.db?vfs=strange"',
    ],
)
def test_a_server_elsewhere_is_refused(tmp_path: Path, line: str) -> None:
    """File and key are named, the address is not repeated; there is a way to go on."""
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, line)

    name = line.partition(" ")[0]
    assert caught.value.message.startswith(f"{tmp_path / 'persona.toml'}: `{name}` names a server elsewhere")
    assert f"persona config set {name}" in caught.value.hint
    assert "secret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    "line",
    [
        'api_base = "http://127.0.0.1:8000/v1"',
        'api_base = "http://localhost:8000/v1"',
        'api_base = "http://[::1]:8000/v1"',
        'database_url = "postgresql://me@localhost/talk"',
        'database_url = "sqlite:///talk.db"',
    ],
)
def test_a_server_on_this_machine_is_taken(tmp_path: Path, line: str) -> None:
    """Nothing leaves it."""
    assert load(tmp_path, line).origins[line.partition(" ")[0]] == str(tmp_path / "persona.toml")


def test_a_server_the_user_named_too_is_taken(tmp_path: Path) -> None:
    """In their own file, in the environment or as a flag; a flag for another server has the last word."""
    line = f'api_base = "{ELSEWHERE}"'
    ways: list[dict[str, object]] = [
        {"own": line},
        {"PERSONA_API_BASE": ELSEWHERE},
        {"flags": {"api_base": ELSEWHERE}},
        {"flags": {"api_base": "https://another.example/v1"}},
    ]

    taken = [load(tmp_path / str(number), line, **way).api_base for number, way in enumerate(ways)]

    assert taken == [ELSEWHERE] * 3 + ["https://another.example/v1"]
